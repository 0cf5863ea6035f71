import shutil
from dataclasses import replace

import keras
import numpy as np
import pytest

from digitrec.datasets.mnist import Mnist
from digitrec.datasets.watched_digits import watched_digits
from digitrec.errors import ModelError, TrainingError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.events import Ended, Started
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run, RunState
from digitrec.training import fit, prepare_fit
from digitrec.training.train import train
from digitrec.training.training_set import split_mnist
from tests.support.runs import events_of, rewrite_report
from tests.support.training import TINY, AskedToPause, linear_network


def test_a_run_leaves_all_its_files(trained: Run) -> None:
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


@pytest.mark.parametrize("steps_told", [0, 1])
def test_a_failed_training_says_why(store: ModelStore, small_mnist: Mnist, steps_told: int) -> None:
    """Weights overflow where all training pictures are black: in the watched digits or later."""
    config = replace(TINY, validation_split=0.5, start_from="seed-cnn")
    run = store.create_run(config, "wild")
    network = linear_network()
    weights, bias = network.get_weights()
    is_lit = split_mnist(small_mnist, config).x_train.any(axis=0)
    if steps_told:
        is_lit |= watched_digits().any(axis=0)
    weights[~is_lit.ravel()] = 3e38
    network.set_weights([weights, bias])
    network.save(run.base_path)
    with pytest.raises(TrainingError, match="run 'wild' failed: the loss became NaN or infinite"):
        train(run)
    assert run.state() == RunState.FAILED
    assert "became NaN or infinite in epoch 1; try a lower" in events_of(run, Ended)[-1].message
    progress = read_progress(run.events())
    assert progress is not None
    assert len(progress.steps) == steps_told
    assert not run.checkpoint_path.exists()
    assert not run.has_model


def test_a_failure_keeps_the_checkpoint(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device", "report.json")

    monkeypatch.setattr(prepare_fit, "load_mnist", fail)
    run = store.create_run(TrainingConfig(), "full")
    run.checkpoint_path.write_bytes(b"thirty epochs")
    with pytest.raises(TrainingError, match=r"report.json: No space left on device"):
        train(run)
    assert run.checkpoint_path.read_bytes() == b"thirty epochs"
    assert run.can_be_resumed(run.state())


def test_an_imported_model_has_nothing_to_train(store: ModelStore) -> None:
    with pytest.raises(TrainingError, match="has no configuration"):
        train(store.create_run(None, "imported"))


def test_a_resumed_run_gives_the_same_result_as_without_a_pause(
    store: ModelStore, small_mnist: Mnist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "EVENT_S", 0.052)
    config = replace(TINY, epochs=3, training_share=0.2, schedule="cosine")
    runs = [AskedToPause(store.create_run(config, name).path) for name in ("whole", "parts")]
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


def test_a_run_can_start_from_a_model(store: ModelStore, trained: Run, small_mnist: Mnist) -> None:
    config = replace(TINY, learning_rate=1e-6, start_from="trained")
    run = store.create_run(config, "further")
    shutil.rmtree(trained.path)
    report = train(run)
    assert report is not None
    assert report["test_accuracy"] > 0.97
    assert not run.base_path.exists()


def test_a_model_without_the_class_can_not_learn_non_digits(
    store: ModelStore, trained: Run, small_mnist: Mnist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare_fit, "with_added_pictures", lambda training_set, *_: training_set)
    rewrite_report(trained, parameters=7)  # As of another program's network.
    run = store.create_run(TrainingConfig(non_digits=True, start_from="trained"), "further")
    with pytest.raises(TrainingError, match=r"model 'trained' has no class for non-digits"):
        train(run)


def test_a_run_can_not_start_from_a_missing_model(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="there is no model 'lost'"):
        store.create_run(TrainingConfig(start_from="lost"), "further")
    assert not (store.models_dir / "further").exists()
