import shutil
from pathlib import Path

import numpy as np
import pytest

from digitrec import training
from digitrec.configuration import TrainingConfig
from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError, TrainingError
from digitrec.model_store import ModelStore
from digitrec.progress import read_progress
from digitrec.runs import Run, RunState
from digitrec.training import (
    EventLog,
    steps_between_events,
)


@pytest.mark.parametrize(
    ("steps_per_epoch", "batch_size"), [(422, 128), (53, 1024), (3375, 16), (1, 4096), (60000, 1)]
)
def test_events_come_after_enough_pictures(steps_per_epoch: int, batch_size: int) -> None:
    steps = steps_between_events(steps_per_epoch, batch_size)
    assert 1 <= steps <= steps_per_epoch
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
    assert report["test_accuracy"] > 0.97
    assert report["parameters"] == 233_162
    assert report["export_difference"] < 1e-4
    assert report["epochs_done"] == 1
    assert report["duration_s"] > 0
    assert np.sum(report["confusion_matrix"]) == 10_000
    assert np.trace(report["confusion_matrix"]) == round(report["test_accuracy"] * 10_000)


def test_a_run_tells_how_it_goes(trained: Run) -> None:
    progress = read_progress(trained.events())
    assert progress is not None
    assert progress.fraction == 1
    assert len(progress.steps) >= 15
    assert progress.steps[-1]["loss"] < progress.steps[0]["loss"] / 2
    assert all(0 <= step["accuracy"] <= 1 for step in progress.steps)
    assert all(step["images_per_second"] > 0 for step in progress.steps)
    assert all(step["learning_rate"] == pytest.approx(0.001) for step in progress.steps)
    (end,) = progress.epoch_ends
    assert end["val_accuracy"] > 0.96
    # The figures of the parts add up to that of the whole.
    assert np.mean([step["loss"] for step in progress.steps]) == pytest.approx(
        end["loss"], rel=0.05
    )


def test_a_loss_that_is_no_number_ends_the_training(store: ModelStore) -> None:
    log = EventLog(store.create_run(TrainingConfig(), "wild"), 128, 54000)
    log.on_epoch_begin(0)
    with pytest.raises(TrainingError, match="no longer a number in epoch 1; try a smaller"):
        log.on_train_batch_end(24, {"loss": float("nan"), "accuracy": 0.1})


def test_a_training_that_can_not_go_on_says_why(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mnist.npz").write_bytes(b"broken")
    monkeypatch.setattr(training, "load_mnist", lambda: load_mnist(tmp_path / "mnist.npz"))
    run = store.create_run(TrainingConfig(), "wild")
    with pytest.raises(TrainingError, match="run 'wild' failed: .*mnist.npz is damaged"):
        training.train(run)
    assert run.state() == RunState.FAILED
    assert "mnist.npz is damaged" in run.events()[-1]["message"]
    assert not run.has_model


def test_a_failure_keeps_the_checkpoint(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device", "report.json")

    monkeypatch.setattr(training, "load_mnist", fail)
    run = store.create_run(TrainingConfig(), "full")
    run.checkpoint_path.write_bytes(b"thirty epochs")
    with pytest.raises(TrainingError, match=r"report.json: No space left on device"):
        training.train(run)
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
        training.train(store.create_run(None, "imported"))


def test_a_run_can_start_from_a_model(store: ModelStore, trained: Run) -> None:
    config = TrainingConfig(epochs=1, training_share=0.02, learning_rate=1e-6, start_from="trained")
    run = store.create_run(config, "further")
    shutil.rmtree(trained.path)
    report = training.train(run)
    assert report["test_accuracy"] > 0.97
    assert not run.base_path.exists()


def test_a_model_without_that_class_can_not_learn_what_is_no_digit(
    store: ModelStore, trained: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "with_additions", lambda parts, _: parts)
    run = store.create_run(TrainingConfig(non_digits=True, start_from="trained"), "further")
    with pytest.raises(TrainingError, match=r"model 'trained' has no class for \*no digit\*"):
        training.train(run)


def test_a_run_can_not_start_from_what_is_not_there(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="there is no model 'lost'"):
        store.create_run(TrainingConfig(start_from="lost"), "further")
    assert not (store.models_dir / "further").exists()
