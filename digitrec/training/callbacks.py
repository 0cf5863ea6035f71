"""Writes a run's events while it trains."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from digitrec.arrays import Digits
from digitrec.datasets.watched_digits import watched_digits
from digitrec.errors import TrainingError
from digitrec.recognition.answers import DIGITS
from digitrec.runs.progress import Progress, read_progress
from digitrec.runs.run import Run
from digitrec.runs.watched_drawing import read_watched_drawing
from digitrec.training.fit import Fit
from digitrec.training.validation_sample import ValidationSample

# While pictures are generated, an event is written after each such share.
PREPARING_SHARE = 0.01


def preparing_log(run: Run) -> Callable[[float], None]:
    """Return a callback for the share of a run's pictures made so far, which writes events."""
    reported = 0.0

    def report(done: float) -> None:
        nonlocal reported
        if done >= reported + PREPARING_SHARE:
            reported = done
            run.append_event("preparing", done=round(done, 3))

    return report


@dataclass(frozen=True)
class _Sums:
    """Sums over the pictures that were seen so far in an epoch."""

    seen: int = 0
    loss: float = 0.0
    accuracy: float = 0.0

    def plus(self, seen: int, loss: float, accuracy: float) -> "_Sums":
        """Add pictures with the given mean loss and accuracy."""
        return _Sums(self.seen + seen, self.loss + seen * loss, self.accuracy + seen * accuracy)

    def means_since(self, earlier: "_Sums") -> dict[str, float]:
        """Return the mean loss and accuracy of the pictures seen since earlier sums."""
        fresh = self.seen - earlier.seen
        return {
            "loss": round((self.loss - earlier.loss) / fresh, 6),
            "accuracy": round(min((self.accuracy - earlier.accuracy) / fresh, 1.0), 6),
        }


class EventLog(keras.callbacks.Callback):
    """Writes the events of training.

    Args:
        fit: The fit; its run must have a ``started`` event.
    """

    def __init__(self, fit: Fit) -> None:
        super().__init__()
        self._fit = fit
        self._run, self._batch_size = fit.run, fit.config.batch_size
        self._epoch_size = fit.training_set.epoch_size
        self._epoch, self._before = 0, _Sums()
        self._epoch_began_s = 0.0
        if progress := read_progress(fit.run.events()):
            self._resume(progress)
        self._began = time.perf_counter() - fit.trained_s
        self._watched = tf.constant(_watched(fit.run)[..., None] / np.float32(255))
        self._validation = ValidationSample(fit)

    def set_model(self, model: keras.Model) -> None:
        """Set the network, and compile its answers to the watched digits."""
        super().set_model(model)
        self._validation.set_model(model)
        self._ask = tf.function(lambda pictures: model(pictures, training=False))

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Reset the sums, or continue those of an interrupted epoch."""
        if epoch + 1 != self._epoch:
            self._epoch, self._before = epoch + 1, _Sums()
        self._sums = self._before
        self._reported_at = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Write the metrics since the last event."""
        means = {key: float(value) for key, value in (logs or {}).items()}
        self._check(means["loss"])
        first = self._before.seen
        seen = min(first + (batch + 1) * self._batch_size, self._epoch_size)
        sums = self._before.plus(seen - first, means["loss"], means["accuracy"])
        step = math.ceil(seen / self._batch_size)
        now = self._update_clock()
        self._run.append_event(
            "step",
            epoch=self._epoch,
            step=step,
            **sums.means_since(self._sums),
            learning_rate=float(self.model.optimizer.learning_rate),
            images_per_second=round((seen - self._sums.seen) / (now - self._reported_at)),
            trained_s=round(self._fit.trained_s, 3),
            answers=self._answers(),
            **self._sample_at(step),
        )
        self._sums, self._reported_at = sums, now

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the metrics of the epoch, unless it was cut short."""
        if self._fit.steps_into_epoch:
            return
        validation = {
            key: round(float(logs[key]), 6) if logs and key in logs else None
            for key in ("val_loss", "val_accuracy")
        }
        self._check(validation["val_loss"] or 0.0)
        self._update_clock()
        duration_s = self._fit.trained_s - self._epoch_began_s
        self._epoch_began_s = self._fit.trained_s
        metrics = self._sums.means_since(_Sums()) | validation
        self._run.append_event("epoch", epoch=epoch + 1, duration_s=round(duration_s, 3), **metrics)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Add the time of the last checkpoint."""
        self._update_clock()

    def _update_clock(self) -> float:
        """Update the fit's ``trained_s`` and return the clock's time."""
        now = time.perf_counter()
        self._fit.trained_s = now - self._began
        return now

    def _resume(self, progress: Progress) -> None:
        """Continue where the run stopped, which may be within an epoch."""
        ends = progress.epoch_ends
        self._epoch_began_s = self._fit.trained_s = sum(end.duration_s for end in ends)
        if progress.steps and progress.steps[-1].epoch > len(ends):
            last = progress.steps[-1]
            self._epoch = last.epoch
            self._before = self._sums_of(progress)
            if last.trained_s is not None:
                self._fit.trained_s = last.trained_s

    def _sums_of(self, progress: Progress) -> _Sums:
        """Add up the metrics of the current epoch's events."""
        sums = _Sums()
        for step in progress.steps:
            if step.epoch == self._epoch:
                seen = min(step.step * self._batch_size, self._epoch_size)
                sums = sums.plus(seen - sums.seen, step.loss, step.accuracy)
        return sums

    def _answers(self) -> list[tuple[int, float]]:
        """Return the network's answer to each watched picture, with its probability."""
        probabilities = self._ask(self._watched).numpy()[:, :DIGITS]
        # The last step may have broken the weights, and the loss is from before it.
        self._check(float(probabilities.sum()))
        best = probabilities.argmax(axis=1)
        return [
            (int(b), round(float(row[b]), 3)) for b, row in zip(best, probabilities, strict=True)
        ]

    def _sample_at(self, step: int) -> dict[str, float]:
        """Measure the validation sample if it is due at a step."""
        if not self._validation.is_due(step, math.ceil(self._sums.seen / self._batch_size)):
            return {}
        measured = self._validation.measure()
        self._check(measured["val_loss"])
        return measured

    def _check(self, loss: float) -> None:
        if not math.isfinite(loss):
            raise TrainingError(
                f"the loss became NaN or infinite in epoch {self._epoch}; try a lower learning rate"
            )


def _watched(run: Run) -> Digits:
    """Return the watched digits, and last the person's drawing, if the run has one."""
    drawing = read_watched_drawing(run)
    digits = watched_digits()
    return np.concatenate([digits, drawing.digit[None]]) if drawing else digits
