import shutil

import numpy as np
import pytest

from digitrec.drawings.accuracy import LabeledDrawings
from digitrec.drawings.store import DrawingStore
from digitrec.errors import ConfigurationError, ModelError, TrainingError
from digitrec.jobs.queue import training_turn
from digitrec.jobs.start import start_teaching
from digitrec.labels import NO_DIGIT
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.recognition import Recognition
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.results import ChangedAnswer
from digitrec.runs.run import RunState
from digitrec.settings import load_settings
from digitrec.synthetic.handwriting import picture, vary
from digitrec.teaching.taught_drawings import TaughtDrawings, answer_and_confidence, hold_back
from digitrec.teaching.teaching_run import create_teaching, teaching_config
from digitrec.training.train import train
from tests.conftest import Shell
from tests.support.drawings import RECOGNITION, new_drawing, png_of
from tests.support.patience import kinds, wait_for_end

NOTHING = np.zeros(0, np.int64)


def strange_sevens(count: int, *, label: int = 7) -> LabeledDrawings:
    """Sevens of a hand that draws them as triangles."""
    rng = np.random.default_rng(0)
    triangle = np.array([(0.5, 0.0), (0.95, 1.0), (0.05, 1.0), (0.5, 0.0)])
    inputs = np.stack([picture(vary([triangle], rng), rng) for _ in range(count)])
    return LabeledDrawings(np.arange(1, count + 1), inputs, [()] * count, np.full(count, label), "")


def together(*parts: LabeledDrawings) -> LabeledDrawings:
    inputs, labels = (np.concatenate([getattr(p, n) for p in parts]) for n in ("inputs", "labels"))
    return LabeledDrawings(np.arange(1, len(labels) + 1), inputs, [()] * len(labels), labels, "")


def teaching_of(store: ModelStore, drawings: LabeledDrawings, model: str) -> TaughtDrawings:
    run = create_teaching(store, teaching_config(store, model), drawings)
    found = TaughtDrawings.read(run)
    assert found is not None
    return found


def test_about_a_fifth_is_held_back_of_each_label() -> None:
    ids = np.arange(1, 1001)
    held_back = hold_back(ids, ids % 10, NOTHING)
    assert held_back.sum() == pytest.approx(200, abs=2)
    by_label = [held_back[ids % 10 == label].sum() for label in range(10)]
    assert min(by_label) >= 18
    assert max(by_label) <= 22


def test_what_is_held_back_stays_so_whatever_is_drawn_meanwhile() -> None:
    ids = np.arange(50, 90)
    earlier = hold_back(ids, ids % 3, NOTHING)
    more = np.arange(20, 300)
    later = hold_back(more, more % 3, NOTHING)
    assert set(ids[earlier]) == set(more[later]) & set(ids)


def test_of_each_label_one_drawing_is_learned_from() -> None:
    ids = np.arange(1, 31)
    assert hold_back(ids, np.zeros(30, int), NOTHING).any()
    assert not hold_back(ids, ids, NOTHING).any()


def test_with_few_drawings_none_is_held_back() -> None:
    assert not hold_back(np.arange(1, 10), np.zeros(9, int), NOTHING).any()
    assert hold_back(np.arange(1, 11), np.zeros(10, int), NOTHING).any()


def test_what_the_model_has_learned_is_not_held_back() -> None:
    ids = np.arange(1, 41)
    held_back = ids[hold_back(ids, ids % 2, NOTHING)]
    assert ids[hold_back(ids, ids % 2, held_back[:3])].tolist() == held_back[3:].tolist()


def test_what_a_taught_model_has_learned_is_told_by_its_run(store: ModelStore) -> None:
    few, more = strange_sevens(9), strange_sevens(30)
    first = create_teaching(store, teaching_config(store, "seed-cnn"), few, "first")
    for name in ("model.keras", "model.tflite", "report.json"):
        shutil.copyfile(store.run("seed-cnn").path / name, first.path / name)
    assert not teaching_of(store, more, "first").held_back[:9].any()
    assert teaching_of(store, more, "seed-cnn").held_back[:9].any()


def test_the_split_of_a_run_is_in_its_folder(store: ModelStore) -> None:
    drawings = strange_sevens(20)
    found = teaching_of(store, drawings, "bn-cnn")
    assert (found.ids == drawings.ids).all()
    assert (found.inputs == drawings.inputs).all()
    assert (found.labels == 7).all()
    assert (found.held_back == hold_back(drawings.ids, drawings.labels, NOTHING)).all()
    asked = store.load_recognizer("bn-cnn").recognize_all(drawings.inputs)
    assert found.answers.tolist() == [answer.label for answer in asked]
    assert found.test_accuracy == store.run("bn-cnn").results().test_accuracy
    assert found.left_out == 0


def test_a_refusal_is_as_sure_as_the_picture_is_no_digit() -> None:
    refused = Recognition(7, 0.27, RECOGNITION.probabilities, False, 0.3, 0.7)
    assert answer_and_confidence(refused) == (NO_DIGIT, 0.7)
    assert answer_and_confidence(RECOGNITION) == (7, 0.91)


def test_a_model_that_knows_digits_alone_is_not_taught_what_is_none(store: ModelStore) -> None:
    drawings = together(strange_sevens(12), strange_sevens(3, label=NO_DIGIT))
    found = teaching_of(store, drawings, "seed-cnn")
    assert (found.labels == 7).all()
    assert (len(found.ids), found.left_out) == (12, 3)
    assert not teaching_config(store, "seed-cnn").non_digits
    assert len(teaching_of(store, drawings, "bn-cnn").ids) == 15
    assert teaching_config(store, "bn-cnn").non_digits


def test_nothing_to_teach_with_starts_nothing(store: ModelStore) -> None:
    nothing = LabeledDrawings(NOTHING, np.zeros((0, 28, 28), np.uint8), [], NOTHING, "")
    with pytest.raises(ConfigurationError, match="nothing to teach with; label some drawings"):
        start_teaching(store, nothing, "seed-cnn")
    with pytest.raises(ConfigurationError, match="recognizes only digits, but all labeled"):
        start_teaching(store, strange_sevens(3, label=NO_DIGIT), "seed-cnn")
    with pytest.raises(ModelError, match="there is no model 'lost'"):
        start_teaching(store, strange_sevens(3), "lost")
    assert store.live_run() is None
    assert not store.models_dir.exists()


def test_drawings_need_a_model_to_start_from() -> None:
    with pytest.raises(ConfigurationError, match="needs a model to start from"):
        TrainingConfig(drawings=True)
    with pytest.raises(ConfigurationError, match="needs a validation split"):
        TrainingConfig(drawings=True, start_from="bn-cnn", validation_split=0)


def test_a_run_that_has_lost_its_drawings_says_so(store: ModelStore) -> None:
    run = create_teaching(store, teaching_config(store, "seed-cnn"), strange_sevens(3))
    run.drawings_path.write_bytes(b"broken")
    with pytest.raises(TrainingError, match=r"drawings\.npz is damaged"):
        train(run)
    run.drawings_path.unlink()
    with pytest.raises(TrainingError, match=r"drawings\.npz is missing"):
        train(run)


def test_a_teaching_starts_in_a_process_of_its_own(store: ModelStore) -> None:
    drawings = strange_sevens(40)
    shown: list[float] = []
    store.models_dir.mkdir()
    with training_turn(store, store.run("seed-cnn")):  # So it waits, and trains nothing.
        run = start_teaching(store, drawings, "seed-cnn", "taught", shown.append)
        assert shown == [0.0]
        assert run.state() == RunState.WAITING
        assert run.config() == teaching_config(store, "seed-cnn")
        found = TaughtDrawings.read(run)
        assert found is not None
        assert (found.inputs == drawings.inputs).all()
        run.request_stop()
        wait_for_end(run)
    assert not run.path.exists()


def test_a_teaching_that_was_paused_says_what_came_of_it(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitrec.teaching.teaching_run.MAX_REPEATED", 0.25)
    drawings = strange_sevens(40)
    run = create_teaching(store, teaching_config(store, "seed-cnn"), drawings, "taught")
    run.request_pause()
    assert train(run) is None
    assert run.state() == RunState.PAUSED
    assert kinds(run).count("step") == 1
    train(run)
    assert run.state() == RunState.FINISHED
    report = run.results()
    teaching = report.teaching
    assert teaching is not None
    assert (teaching.taught, teaching.held_back, teaching.left_out) == (32, 8, 0)
    assert teaching.held_back_right[0] <= 2
    assert teaching.held_back_right[1] >= 7
    assert teaching.taught_right[1] >= 28
    assert teaching.changed
    before, after = teaching.test_accuracy
    assert before == store.run("seed-cnn").results().test_accuracy
    assert after == report.test_accuracy > before - 0.0015
    check_changes(store, drawings, teaching.changed)
    progress = read_progress(run.events())
    assert progress is not None
    assert (progress.epoch_ends[-1].val_accuracy or 0) > 0.97


def check_changes(
    store: ModelStore, drawings: LabeledDrawings, changed: list[ChangedAnswer]
) -> None:
    """Compare the answers that the report tells with those of the models that are served."""
    before, after = (
        [answer_and_confidence(a) for a in store.load_recognizer(n).recognize_all(drawings.inputs)]
        for n in ("seed-cnn", "taught")
    )
    held_back = hold_back(drawings.ids, drawings.labels, NOTHING)
    rows = [i for i in range(len(before)) if before[i][0] != after[i][0]]
    assert [change.id for change in changed] == [i + 1 for i in rows]
    for change, i in zip(changed, rows, strict=True):
        assert (change.label, change.held_back) == (7, held_back[i])
        for told, found in ((change.before, before[i]), (change.after, after[i])):
            assert (told.answer, told.confidence) == pytest.approx(found, abs=1e-3)


def test_the_shell_teaches_with_the_drawings_of_a_database(
    store: ModelStore, shell: Shell, history: DrawingStore
) -> None:
    refused = shell("teach", "--model", "seed-cnn")
    assert refused.returncode == 2
    assert refused.stderr == "digitrec: there is nothing to teach with; label some drawings first\n"
    history.save(new_drawing(picture=png_of(3), strokes=(), label=5))
    (store.models_dir / "taken").mkdir(parents=True)
    url = load_settings().database_url
    refused = shell("teach", "--name", "taken", "--database-url", url)
    assert "there is already a run called 'taken'" in refused.stderr


def test_the_larger_the_network_the_less_of_mnist_it_is_taught_again(store: ModelStore) -> None:
    small, large = (teaching_config(store, name) for name in ("seed-cnn", "bn-cnn"))
    assert small.training_share == 0.5
    assert large.training_share == 0.12
