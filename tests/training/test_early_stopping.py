import keras
import numpy as np
import pytest

from digitrec.recipes.configuration import TrainingConfig
from digitrec.runs.events import EpochEnd
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run, RunState
from digitrec.training import train
from digitrec.training.early_stopping import EarlyStopping
from tests.support.runs import events_of

LOSSES = [0.5, 0.3, 0.4, 0.35, 0.32]


@pytest.fixture
def run(store: ModelStore) -> Run:
    return store.create_run(TrainingConfig(), "early")


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


def test_it_is_over_once_so_many_epochs_were_no_better(run: Run) -> None:
    note(run, LOSSES)
    assert [EarlyStopping(run, 3, done).is_over for done in range(6)] == [False] * 5 + [True]
    assert [EarlyStopping(run, 2, done).is_over for done in (3, 4)] == [False, True]


def test_without_patience_it_is_never_over(run: Run) -> None:
    note(run, LOSSES)
    assert not EarlyStopping(run, 0, 5).is_over


def test_the_best_network_is_kept_also_across_a_resumption(run: Run) -> None:
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])

    def go_on(done: int) -> None:
        early = EarlyStopping(run, 3, done)
        early.set_model(network)
        network.set_weights([np.array([[done + 1.0]]), np.zeros(1)])
        early.on_epoch_end(done, {"val_loss": LOSSES[done]})

    for done in range(5):
        go_on(done)
        note(run, LOSSES[done : done + 1], done + 1)
    assert keras.models.load_model(run.best_path).get_weights()[0] == [[2.0]]
    assert network.stop_training


def test_a_run_ends_early_with_its_best_network(store: ModelStore) -> None:
    config = TrainingConfig(
        epochs=40,
        training_share=0.01,
        early_stopping=2,
        learning_rate=0.01,
        batch_size=32,
        validation_split=0.02,
    )
    run = store.create_run(config, "early")
    report = train.train(run)
    assert report is not None
    losses = [end.val_loss or 0.0 for end in events_of(run, EpochEnd)]
    assert run.state() == RunState.FINISHED
    assert len(losses) < 40
    assert report["epochs_done"] == losses.index(min(losses)) + 1 == len(losses) - 2
    assert not run.best_path.exists()
