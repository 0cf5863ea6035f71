"""Saves and restores checkpoints, so that a run can be resumed."""

import time
from pathlib import Path

import keras

from digitrec.errors import ModelError
from digitrec.runs.run import Run
from digitrec.training.fit import Fit
from digitrec.training.keras_networks import load_network

# Saving takes a fraction of a second. A crash loses at most this much training.
CHECKPOINT_S = 15.0
_START_OVER = "delete the file and resume the run, which repeats the lost part"


class Checkpoints(keras.callbacks.Callback):
    """Saves the network and its optimizer every ``CHECKPOINT_S`` seconds and after each epoch."""

    def __init__(self, fit: Fit) -> None:
        super().__init__()
        self._fit = fit
        self._saved_at = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Save if it is time; after an epoch's last step, ``on_epoch_end`` saves."""
        if self._fit.steps_into_epoch and time.perf_counter() - self._saved_at > CHECKPOINT_S:
            self.save()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Save, unless the epoch was cut short."""
        if not self._fit.steps_into_epoch:
            self.save()

    def save(self) -> None:
        """Replace the run's checkpoint."""
        run = self._fit.run
        run.write_atomically(run.checkpoint_path.name, self.model.save)
        self._saved_at = time.perf_counter()


def restore_checkpoint(run: Run, model: keras.Model, optimizer: keras.optimizers.Optimizer) -> None:
    """Restore a network and its optimizer from the run's checkpoint, if it has one.

    Raises:
        ModelError: If the checkpoint is damaged or has another network.
    """
    if not run.checkpoint_path.exists():
        return
    saved = load_kept(run.checkpoint_path)
    try:
        _restore(model, optimizer, saved)
    except (ValueError, AttributeError) as error:
        raise ModelError(
            f"{run.name}/checkpoint.keras doesn't fit the network in config.json; {_START_OVER}"
        ) from error


def load_kept(path: Path) -> keras.Model:
    """Load a network that a run saved for itself.

    Raises:
        ModelError: If it is missing or damaged. The message says how to resume without it.
    """
    try:
        return load_network(path)
    except ModelError as error:
        raise ModelError(f"{error}; {_START_OVER}") from error


def _restore(model: keras.Model, optimizer: keras.optimizers.Optimizer, saved: keras.Model) -> None:
    """Copy a saved state, but not the schedule, since epochs may have been added."""
    model.set_weights(saved.get_weights())
    for variable, value in zip(optimizer.variables, saved.optimizer.variables, strict=True):
        variable.assign(value)
    for variable in model.variables:
        if variable.name == "seed_generator_state":
            # Dropout uses one random number per step, and Keras doesn't save the count.
            variable.assign([variable.numpy()[0], int(optimizer.iterations)])
