"""Ends training before the last epoch: by early stopping or on request."""

import keras

from digitrec.runs.events import EpochEnd
from digitrec.runs.run import RunState
from digitrec.training.checkpoints import Checkpoints
from digitrec.training.fit import Fit


class EarlyStopping(keras.callbacks.Callback):
    """Ends a run once its validation loss stops falling, and keeps the best epoch's network.

    Unlike Keras's callback, this works across pauses: it reads earlier losses from the run's
    events.
    """

    def __init__(self, fit: Fit) -> None:
        super().__init__()
        self._fit = fit
        self._patience = fit.config.early_stopping
        self._losses = {
            event.epoch: event.val_loss
            for event in fit.run.events()
            if isinstance(event, EpochEnd)
            and event.epoch <= fit.epochs_done
            and event.val_loss is not None
        }

    @property
    def is_over(self) -> bool:
        """Whether the loss hasn't improved for ``early_stopping`` epochs."""
        if not self._patience or not self._losses:
            return False
        best = min(self._losses, key=self._losses.__getitem__)
        return max(self._losses) - best >= self._patience

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keep the best network so far, and end the run if the loss has stopped falling."""
        if not self._patience or logs is None or self._fit.steps_into_epoch:
            return
        loss, run = logs["val_loss"], self._fit.run
        if all(loss < earlier for earlier in self._losses.values()):
            run.write_atomically(run.best_path.name, self.model.save)
        self._losses[epoch + 1] = loss
        if self.is_over:
            self.model.stop_training = True


class StopOnRequest(keras.callbacks.Callback):
    """Ends a run when a person asks it to stop or to pause."""

    def __init__(self, fit: Fit, checkpoints: Checkpoints) -> None:
        super().__init__()
        self._fit = fit
        self._checkpoints = checkpoints

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Check for a request, except after an epoch's last step: validation comes first."""
        if self._fit.steps_into_epoch:
            self._handle_request()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Check for a request, unless one has cut the epoch short."""
        if not self._fit.steps_into_epoch:
            self._handle_request()

    def _handle_request(self) -> None:
        fit = self._fit
        if fit.run.stop_requested():
            fit.outcome = RunState.STOPPED
        elif fit.run.pause_requested():
            self._checkpoints.save()
            fit.outcome = RunState.PAUSED
        else:
            return
        self.model.stop_training = True
