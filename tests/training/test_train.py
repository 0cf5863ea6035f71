import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError, TrainingError
from digitrec.recipes.configuration import TrainingConfig
from digitrec.runs.events import Ended, Started
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run, RunState
from digitrec.training.callbacks import EventLog
from digitrec.training.train import steps_between_events, train
from tests.support.runs import events_of


@pytest.mark.parametrize(
    ("steps_per_epoch", "step_s"),
    [(422, 0.028), (53, 0.22), (3375, 0.003), (1, 0.9), (60000, 0.0002), (247, 0.84)],
)
def test_events_come_about_twice_a_second(steps_per_epoch: int, step_s: float) -> None:
    steps = steps_between_events(steps_per_epoch, step_s)
    assert 1 <= steps <= steps_per_epoch
    assert steps == 1 or steps * step_s <= 0.8
    rest = steps_per_epoch % steps
    assert rest == 0 or rest >= steps / 2


def test_a_run_leaves_all_that_it_should(trained: Run) -> None:
    assert trained.state() == RunState.FINISHED
    assert sorted(path.name for path in trained.path.iterdir()) == [
        "config.json", "events.jsonl", "model.keras", "model.tflite", "report.json",
        "test_answers.npz", "train.log",
    ]  # fmt: skip
    report = trained.report()
    assert report is not None
    assert report.test_accuracy > 0.97
    assert report.parameters == 233_162
    assert report.export_difference is not None
    assert report.export_difference < 1e-4
    assert report.epochs_done == 1
    assert (report.duration_s or 0) > 0
    assert np.sum(report.confusion_matrix) == 10_000
    assert np.trace(report.confusion_matrix) == round(report.test_accuracy * 10_000)


def test_a_run_tells_how_it_goes(trained: Run) -> None:
    progress = read_progress(trained.events())
    assert progress is not None
    assert progress.fraction == 1
    assert len(progress.steps) >= 15
    assert progress.steps[-1].loss < progress.steps[0].loss / 2
    assert all(0 <= step.accuracy <= 1 for step in progress.steps)
    assert all(step.images_per_second > 0 for step in progress.steps)
    assert all(step.learning_rate == pytest.approx(0.001) for step in progress.steps)
    first, last = progress.steps[0].answers, progress.steps[-1].answers
    assert len(first) == len(last) == 10
    right = [sum(a == digit for digit, (a, _) in enumerate(row)) for row in (first, last)]
    assert right[0] < right[1]
    assert all(0 < probability <= 1 for _, probability in last)
    (end,) = progress.epoch_ends
    assert (end.val_accuracy or 0) > 0.96
    # The figures of the parts add up to that of the whole.
    assert np.mean([step.loss for step in progress.steps]) == pytest.approx(end.loss, rel=0.05)


def test_a_loss_that_is_no_number_ends_the_training(store: ModelStore) -> None:
    log = EventLog(store.create_run(TrainingConfig(), "wild"), 128, 54000)
    log.on_epoch_begin(0)
    with pytest.raises(TrainingError, match="no longer a number in epoch 1; try a smaller"):
        log.on_train_batch_end(24, {"loss": float("nan"), "accuracy": 0.1})


def test_a_training_that_can_not_go_on_says_why(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mnist.npz").write_bytes(b"broken")
    monkeypatch.setattr(train, "load_mnist", lambda: load_mnist(tmp_path / "mnist.npz"))
    run = store.create_run(TrainingConfig(), "wild")
    with pytest.raises(TrainingError, match="run 'wild' failed: .*mnist.npz is damaged"):
        train(run)
    assert run.state() == RunState.FAILED
    assert "mnist.npz is damaged" in events_of(run, Ended)[-1].message
    assert not run.has_model


def test_a_failure_keeps_the_checkpoint(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device", "report.json")

    monkeypatch.setattr(train, "load_mnist", fail)
    run = store.create_run(TrainingConfig(), "full")
    run.checkpoint_path.write_bytes(b"thirty epochs")
    with pytest.raises(TrainingError, match=r"report.json: No space left on device"):
        train(run)
    assert run.checkpoint_path.read_bytes() == b"thirty epochs"
    assert run.can_be_resumed(run.state())


def test_a_validation_loss_that_is_no_number_is_not_saved(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "wild")
    log = EventLog(run, 128, 54000)
    log.on_epoch_begin(0)
    with pytest.raises(TrainingError, match="no longer a number"):
        log.on_epoch_end(0, {"loss": 1.0, "accuracy": 0.5, "val_loss": float("nan")})
    assert not run.checkpoint_path.exists()


def test_an_imported_model_has_nothing_to_train(store: ModelStore) -> None:
    with pytest.raises(TrainingError, match="has no configuration"):
        train(store.create_run(None, "imported"))


class Pausing(Run):
    """A run that is asked to pause at some of its steps."""

    pauses: tuple[tuple[int, int], ...] = ()

    def pause_requested(self) -> bool:
        progress = read_progress(self.events())
        assert progress is not None
        last = progress.steps[-1]
        return (last.epoch, last.step) in self.pauses


def test_a_run_that_was_paused_goes_on_as_if_it_had_not_been(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "EVENT_S", 0.052)
    config = TrainingConfig(epochs=3, batch_size=60, training_share=0.02, schedule="cosine")
    runs = [Pausing(store.create_run(config, name).path) for name in ("whole", "parts")]
    whole, parts = runs
    whole.pauses, parts.pauses = ((2, 12),), ((1, 9), (1, 18), (2, 12))
    assert train(whole) is None
    for _ in parts.pauses:
        assert train(parts) is None
        assert parts.state() == RunState.PAUSED
    started = [event.steps_done for event in events_of(parts, Started)]
    assert started == [0, 9, 18]
    saved = [keras.models.load_model(run.checkpoint_path) for run in runs]
    for expected, found in zip(*(model.get_weights() for model in saved), strict=True):
        np.testing.assert_allclose(found, expected, atol=2e-4)
    told = [progress for run in runs if (progress := read_progress(run.events()))]
    for name in ("loss", "val_loss"):
        expected, found = ([getattr(end, name) for end in t.epoch_ends] for t in told)
        assert found == pytest.approx(expected, rel=1e-3)
    assert [s.step for s in told[1].steps] == [s.step for s in told[0].steps]
    trained_s = [step.trained_s or 0.0 for step in told[1].steps]
    assert trained_s == sorted(trained_s)


def test_a_run_can_start_from_a_model(store: ModelStore, trained: Run) -> None:
    config = TrainingConfig(epochs=1, training_share=0.02, learning_rate=1e-6, start_from="trained")
    run = store.create_run(config, "further")
    shutil.rmtree(trained.path)
    report = train(run)
    assert report is not None
    assert report["test_accuracy"] > 0.97
    assert not run.base_path.exists()


def test_a_model_without_that_class_can_not_learn_what_is_no_digit(
    store: ModelStore, trained: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "with_additions", lambda parts, *_: parts)
    run = store.create_run(TrainingConfig(non_digits=True, start_from="trained"), "further")
    with pytest.raises(TrainingError, match=r"model 'trained' has no class for no digit"):
        train(run)


def test_a_run_can_not_start_from_what_is_not_there(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="there is no model 'lost'"):
        store.create_run(TrainingConfig(start_from="lost"), "further")
    assert not (store.models_dir / "further").exists()
