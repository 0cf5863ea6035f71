import keras
import numpy as np
import pytest

from digitrec.errors import ModelError
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.training import checkpoints
from digitrec.training.checkpoints import Checkpoints, restore_checkpoint
from tests.support.training import TINY, linear_network, tiny_fit


@pytest.fixture
def run(store: ModelStore) -> Run:
    return store.create_run(TINY, "mine")


def saving(run: Run, *, steps_done: int) -> Checkpoints:
    fit = tiny_fit(run)
    fit.model.optimizer.iterations.assign(steps_done)
    callback = Checkpoints(fit)
    callback.set_model(fit.model)
    return callback


def test_a_checkpoint_is_due_within_an_epoch_after_some_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    saving(run, steps_done=1).on_train_batch_end(0)
    assert not run.checkpoint_path.exists()
    monkeypatch.setattr(checkpoints, "CHECKPOINT_S", 0.0)
    saving(run, steps_done=2).on_train_batch_end(1)
    assert not run.checkpoint_path.exists()
    saving(run, steps_done=1).on_train_batch_end(0)
    assert run.checkpoint_path.exists()


def test_there_is_a_checkpoint_after_each_whole_epoch(run: Run) -> None:
    saving(run, steps_done=3).on_epoch_end(1)
    assert not run.checkpoint_path.exists()
    saving(run, steps_done=4).on_epoch_end(1)
    assert run.checkpoint_path.exists()


def test_a_checkpoint_restores_weights_and_steps(run: Run) -> None:
    before = saving(run, steps_done=3)
    before.model.set_weights([weight + 1 for weight in before.model.get_weights()])
    before.save()
    network = linear_network()
    restore_checkpoint(run, network, network.optimizer)
    assert int(network.optimizer.iterations) == 3
    for found, expected in zip(network.get_weights(), before.model.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_checkpoint_of_another_network_is_refused(run: Run) -> None:
    saving(run, steps_done=1).save()
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    optimizer = keras.optimizers.SGD()
    optimizer.build(other.trainable_variables)
    with pytest.raises(ModelError, match="fit the network in config.json; delete"):
        restore_checkpoint(run, other, optimizer)


def test_a_damaged_checkpoint_says_how_to_resume(run: Run) -> None:
    run.checkpoint_path.write_bytes(b"broken")
    network = linear_network()
    with pytest.raises(ModelError, match="checkpoint.keras can't be loaded.*; delete the file and"):
        restore_checkpoint(run, network, network.optimizer)
