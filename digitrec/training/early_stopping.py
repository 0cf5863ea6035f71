"""Ends a run whose validation loss falls no more, and keeps the network of its best epoch.

Only a training process imports this module: it brings TensorFlow with it.
"""

import keras

from digitrec.runs.events import EpochEnd
from digitrec.runs.run import Run


class EarlyStopping(keras.callbacks.Callback):
    """What Keras's callback of that name does, but so that a run can be resumed.

    Args:
        run: The run; the losses of the epochs it has done are in its events.
        patience: Epochs without a smaller validation loss after which it ends; 0 never ends it.
        epochs_done: Epochs that the run has done.
    """

    def __init__(self, run: Run, patience: int, epochs_done: int) -> None:
        super().__init__()
        self._run = run
        self._patience = patience
        self._losses = {
            event.epoch: event.val_loss
            for event in run.events()
            if isinstance(event, EpochEnd)
            and event.epoch <= epochs_done
            and event.val_loss is not None
        }

    @property
    def is_over(self) -> bool:
        """Whether the run is to end, by the epochs so far."""
        if not self._patience or not self._losses:
            return False
        best = min(self._losses, key=self._losses.__getitem__)
        return max(self._losses) - best >= self._patience

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keep the network if it is the best so far, and end the run if it is over."""
        loss = (logs or {}).get("val_loss")
        if not self._patience or loss is None:  # None if the run was stopped within the epoch.
            return
        if all(loss < earlier for earlier in self._losses.values()):
            self._run.write_whole(self._run.best_path.name, self.model.save)
        self._losses[epoch + 1] = loss
        if self.is_over:
            self.model.stop_training = True
