"""What a run tells of itself while it trains, and what it leaves to go on from.

Only a training process imports this module: it brings TensorFlow with it.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from digitrec.datasets.watched_digits import watched_digits
from digitrec.errors import TrainingError
from digitrec.recognition.recognizer import DIGITS
from digitrec.runs.progress import Progress, read_progress
from digitrec.runs.run import Run

# A checkpoint takes a fraction of a second; this is what a crash may cost.
CHECKPOINT_S = 15.0
# After such a share of the pictures to learn from there is an event, while they are made.
PREPARING_SHARE = 0.01


def preparing_log(run: Run) -> Callable[[float], None]:
    """Return what writes into a run's events how many of its pictures are made, 0 to 1."""
    told = 0.0

    def tell(done: float) -> None:
        nonlocal told
        if done >= told + PREPARING_SHARE:
            told = done
            run.append_event("preparing", done=round(done, 3))

    return tell


@dataclass(frozen=True)
class _Tally:
    """Sums over the pictures of an epoch that were seen so far."""

    seen: int = 0
    loss: float = 0.0
    accuracy: float = 0.0

    def plus(self, seen: int, loss: float, accuracy: float) -> "_Tally":
        """Add pictures whose mean figures are given."""
        return _Tally(self.seen + seen, self.loss + seen * loss, self.accuracy + seen * accuracy)

    def means_since(self, earlier: "_Tally") -> dict[str, float]:
        """Return the mean figures of the pictures that came after an earlier tally."""
        fresh = self.seen - earlier.seen
        return {
            "loss": round((self.loss - earlier.loss) / fresh, 6),
            "accuracy": round(min((self.accuracy - earlier.accuracy) / fresh, 1.0), 6),
        }


class EventLog(keras.callbacks.Callback):
    """Writes a run's events, saves its checkpoints, and ends it when asked to.

    Args:
        run: The run; a ``started`` event tells where it begins.
        batch_size: Pictures in a step.
        train_images: Pictures in an epoch.
    """

    def __init__(self, run: Run, batch_size: int, train_images: int) -> None:
        super().__init__()
        self.was_stopped = self.was_paused = False
        self.steps_per_epoch = math.ceil(train_images / batch_size)
        self._run = run
        self._batch_size = batch_size
        self._train_images = train_images
        self._epoch, self._before = 0, _Tally()
        self._began = self._saved = time.perf_counter()
        self._trained_before_s = self._epoch_began_s = 0.0
        if progress := read_progress(run.events()):
            self._take_up(progress)
        self._watched = tf.constant(watched_digits()[..., None] / np.float32(255))

    @property
    def trained_s(self) -> float:
        """Seconds that the run has trained, those before it was resumed included."""
        return self._trained_before_s + time.perf_counter() - self._began

    def set_model(self, model: keras.Model) -> None:
        """Take the network that is trained; ask it as one TensorFlow call."""
        super().set_model(model)
        self._ask = tf.function(lambda pictures: model(pictures, training=False))

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Begin to count anew: Keras's figures are means since the epoch's begin."""
        if epoch + 1 != self._epoch:
            self._epoch, self._before = epoch + 1, _Tally()
        self._tally = self._before
        self._noted = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Note the figures since the last event; save a checkpoint if it is time."""
        means = {key: float(value) for key, value in (logs or {}).items()}
        self._check(means["loss"])
        first = self._before.seen
        seen = min(first + (batch + 1) * self._batch_size, self._train_images)
        tally = self._before.plus(seen - first, means["loss"], means["accuracy"])
        now = time.perf_counter()
        self._run.append_event(
            "step",
            epoch=self._epoch,
            step=math.ceil(seen / self._batch_size),
            **tally.means_since(self._tally),
            learning_rate=float(self.model.optimizer.learning_rate),
            images_per_second=round((seen - self._tally.seen) / (now - self._noted)),
            trained_s=round(self.trained_s, 3),
            answers=self._answers(),
        )
        self._tally, self._noted = tally, now
        if seen < self._train_images:
            self._obey()
            if time.perf_counter() - self._saved > CHECKPOINT_S:
                self._save()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Note the epoch's figures and save a checkpoint, unless it was cut short."""
        if self.was_stopped or self.was_paused:
            return
        validation = {
            key: round(float(logs[key]), 6) if logs and key in logs else None
            for key in ("val_loss", "val_accuracy")
        }
        self._check(validation["val_loss"] or 0.0)
        duration_s = self.trained_s - self._epoch_began_s
        self._epoch_began_s = self.trained_s
        figures = self._tally.means_since(_Tally()) | validation
        self._run.append_event("epoch", epoch=epoch + 1, duration_s=round(duration_s, 3), **figures)
        self._save()
        self._obey()

    def _take_up(self, progress: Progress) -> None:
        """Begin where the run is: in an epoch's midst, if it was cut off there."""
        ends = progress.epoch_ends
        self._epoch_began_s = self._trained_before_s = sum(end.duration_s for end in ends)
        if progress.steps and progress.steps[-1].epoch > len(ends):
            last = progress.steps[-1]
            self._epoch = last.epoch
            self._before = self._tally_of(progress)
            if last.trained_s is not None:
                self._trained_before_s = last.trained_s

    def _tally_of(self, progress: Progress) -> _Tally:
        tally = _Tally()
        for step in progress.steps:
            if step.epoch == self._epoch:
                seen = min(step.step * self._batch_size, self._train_images)
                tally = tally.plus(seen - tally.seen, step.loss, step.accuracy)
        return tally

    def _answers(self) -> list[tuple[int, float]]:
        """Return what the network makes of the watched digits, and how sure it is."""
        probabilities = self._ask(self._watched).numpy()[:, :DIGITS]
        best = probabilities.argmax(axis=1)
        return [
            (int(b), round(float(row[b]), 3)) for b, row in zip(best, probabilities, strict=True)
        ]

    def _obey(self) -> None:
        """End the run if somebody asked for it."""
        if self._run.stop_requested():
            self.was_stopped = self.model.stop_training = True
        elif self._run.pause_requested():
            self._save()
            self.was_paused = self.model.stop_training = True

    def _save(self) -> None:
        self._run.write_whole(self._run.checkpoint_path.name, self.model.save)
        self._saved = time.perf_counter()

    def _check(self, loss: float) -> None:
        if not math.isfinite(loss):
            raise TrainingError(
                f"the loss was no longer a number in epoch {self._epoch}; "
                "try a smaller learning rate"
            )
