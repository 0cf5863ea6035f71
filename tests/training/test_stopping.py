from dataclasses import replace

import keras
import numpy as np
import pytest

from digitrec.datasets.mnist import Mnist
from digitrec.runs.events import EpochEnd
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run, RunState
from digitrec.training.checkpoints import Checkpoints
from digitrec.training.stopping import EarlyStopping, StopOnRequest
from digitrec.training.train import train
from tests.support.runs import events_of
from tests.support.training import TINY, tiny_fit

LOSSES = [0.5, 0.3, 0.4, 0.35, 0.32]


@pytest.fixture
def run(store: ModelStore) -> Run:
    return store.create_run(TINY, "early")


def note(run: Run, losses: list[float], first: int = 1) -> None:
    for number, loss in enumerate(losses, first):
        run.append_event(
            "epoch",
            epoch=number,
            loss=loss,
            accuracy=0.9,
            duration_s=1,
            val_loss=loss,
            val_accuracy=0.9,
        )


def early_stopping(run: Run, patience: int, epochs_done: int) -> EarlyStopping:
    fit = tiny_fit(run, replace(TINY, early_stopping=patience), epochs_done=epochs_done)
    callback = EarlyStopping(fit)
    callback.set_model(fit.model)
    return callback


def test_it_is_over_after_enough_epochs_without_improvement(run: Run) -> None:
    note(run, LOSSES)
    assert [early_stopping(run, 3, done).is_over for done in range(6)] == [False] * 5 + [True]
    assert [early_stopping(run, 2, done).is_over for done in (3, 4)] == [False, True]


def test_without_patience_it_is_never_over(run: Run) -> None:
    note(run, LOSSES)
    assert not early_stopping(run, 0, 5).is_over


def test_the_best_network_is_kept_across_a_pause(run: Run) -> None:
    for done in range(5):
        early = early_stopping(run, 3, done)
        early.model.set_weights([np.full((784, 10), done + 1.0), np.zeros(10)])
        early.on_epoch_end(done, {"val_loss": LOSSES[done]})
        assert bool(early.model.stop_training) == (done == 4)
        note(run, LOSSES[done : done + 1], done + 1)
    assert (keras.models.load_model(run.best_path).get_weights()[0] == 2).all()


def test_an_epoch_that_was_cut_short_is_not_the_best(run: Run) -> None:
    note(run, LOSSES[:1])
    early = early_stopping(run, 3, 1)
    early.model.optimizer.iterations.assign_add(1)
    early.on_epoch_end(1, {"val_loss": 0.1})
    assert not run.best_path.exists()


def test_a_run_ends_early_with_its_best_network(store: ModelStore, small_mnist: Mnist) -> None:
    config = replace(TINY, epochs=40, early_stopping=2, learning_rate=0.01, batch_size=32)
    run = store.create_run(config, "early")
    report = train(run)
    assert report is not None
    losses = [end.val_loss or 0.0 for end in events_of(run, EpochEnd)]
    assert run.state() == RunState.FINISHED
    assert len(losses) < 40
    assert report["epochs_done"] == losses.index(min(losses)) + 1 == len(losses) - 2
    assert not run.best_path.exists()


@pytest.mark.parametrize(
    ("wish", "outcome"), [("stop", RunState.STOPPED), ("pause", RunState.PAUSED)]
)
@pytest.mark.parametrize("is_over", [False, True], ids=["within an epoch", "after an epoch"])
def test_a_request_is_obeyed(run: Run, wish: str, outcome: RunState, is_over: bool) -> None:
    fit = tiny_fit(run)
    checkpoints = Checkpoints(fit)
    callbacks = keras.callbacks.CallbackList(
        [checkpoints, StopOnRequest(fit, checkpoints)], model=fit.model
    )
    (run.path / wish).touch()
    fit.model.stop_training = False
    fit.model.optimizer.iterations.assign(2 if is_over else 1)
    callbacks.on_train_batch_end(1 if is_over else 0)
    assert fit.model.stop_training != is_over  # A complete epoch is validated first.
    callbacks.on_epoch_end(0)
    assert fit.model.stop_training
    assert fit.outcome == outcome
    assert run.checkpoint_path.exists() == (is_over or outcome == RunState.PAUSED)
