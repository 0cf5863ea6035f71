"""What a training keeps, so that it can be resumed."""

import time
from pathlib import Path

import keras

from digitrec.errors import ModelError
from digitrec.runs.run import Run
from digitrec.training.fit import Fit
from digitrec.training.keras_networks import load_network

# Saving takes a fraction of a second; a crash costs at most this much training.
CHECKPOINT_S = 15.0
_START_OVER = "remove the file and resume the run, which trains again what is lost"


class Checkpoints(keras.callbacks.Callback):
    """Saves the network and its optimizer now and then, and after each epoch."""

    def __init__(self, fit: Fit) -> None:
        super().__init__()
        self._fit = fit
        self._saved_at = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Save if it is time to; at an epoch's last step, its end will."""
        if self._fit.steps_into_epoch and time.perf_counter() - self._saved_at > CHECKPOINT_S:
            self.save()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Save, unless the epoch was cut short."""
        if not self._fit.steps_into_epoch:
            self.save()

    def save(self) -> None:
        """Replace the run's checkpoint."""
        run = self._fit.run
        run.write_whole(run.checkpoint_path.name, self.model.save)
        self._saved_at = time.perf_counter()


def restore_checkpoint(run: Run, model: keras.Model, optimizer: keras.optimizers.Optimizer) -> None:
    """Bring a network and its optimizer to where the run's checkpoint is, if it has one.

    Raises:
        ModelError: If the checkpoint is damaged, or of another network.
    """
    if not run.checkpoint_path.exists():
        return
    saved = load_kept(run.checkpoint_path)
    try:
        _restore(model, optimizer, saved)
    except (ValueError, AttributeError) as error:
        raise ModelError(
            f"{run.name}/checkpoint.keras is not of the network that config.json describes; "
            f"{_START_OVER}"
        ) from error


def load_kept(path: Path) -> keras.Model:
    """Load a network that a run keeps for itself.

    Raises:
        ModelError: If it is missing or damaged; says how the run can go on without it.
    """
    try:
        return load_network(path)
    except ModelError as error:
        raise ModelError(f"{error}; {_START_OVER}") from error


def _restore(model: keras.Model, optimizer: keras.optimizers.Optimizer, saved: keras.Model) -> None:
    """Copy a saved state; the optimizer keeps its own schedule, as there may be more epochs now."""
    model.set_weights(saved.get_weights())
    for variable, value in zip(optimizer.variables, saved.optimizer.variables, strict=True):
        variable.assign(value)
    for variable in model.variables:
        if variable.name == "seed_generator_state":
            # Dropout draws once a step; Keras doesn't save how often it has drawn.
            variable.assign([variable.numpy()[0], int(optimizer.iterations)])
