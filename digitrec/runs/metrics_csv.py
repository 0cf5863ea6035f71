"""A run's metrics as CSV."""

import csv
import io
import math

import msgspec

from digitrec.runs.events import EpochEnd, Event, Step
from digitrec.runs.progress import read_progress

COLUMNS = (
    "event", "time", "epoch", "step", "loss", "accuracy", "val_loss", "val_accuracy",
    "learning_rate", "images_per_second", "duration_s",
)  # fmt: skip


def metrics_csv(events: list[Event]) -> str:
    """Return a row for each recorded step and each finished epoch, in training order.

    If a resumed run repeated part of an epoch, only the repeated part is kept.
    """
    progress = read_progress(events)
    metrics: list[Step | EpochEnd] = [*progress.steps, *progress.epoch_ends] if progress else []
    # Not by time, because the system time may change during a run.
    metrics.sort(key=_place)
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(msgspec.to_builtins(event) for event in metrics)
    return file.getvalue()


def _place(event: Step | EpochEnd) -> tuple[int, float]:
    return event.epoch, event.step if isinstance(event, Step) else math.inf
