"""A run's validation curve: the metrics after each epoch, and estimates in between."""

from typing import NamedTuple

from digitrec.runs.events import EpochEnd, Step
from digitrec.runs.progress import Progress

NO_DIFFERENCE = (0.0, 0.0)


class Validation(NamedTuple):
    """Metrics on the validation split at one moment of a run.

    Attributes:
        epochs: The epochs done so far.
        loss: The loss.
        accuracy: The accuracy, 0 to 1.
        is_estimate: Whether a sample was measured, and not the whole split.
    """

    epochs: float
    loss: float
    accuracy: float
    is_estimate: bool = False


def validations(progress: Progress) -> list[Validation]:
    """Return the metrics on the validation split, oldest first.

    A sample may be easier than the whole split. At an epoch's end both are measured, and the next
    epoch's estimates are corrected by the difference, so that the curve doesn't jump there.
    """
    whole = {end.epoch: now for end in progress.epoch_ends if (now := _at(end.epoch, end))}
    found, differences = list(whole.values()), {0: NO_DIFFERENCE}
    for step in progress.steps:
        sample = _at(progress.epochs_at(step), step)
        if sample is None:
            continue
        end = whole.get(step.epoch)
        if end and step.step == progress.steps_per_epoch:
            differences[step.epoch] = end.loss - sample.loss, end.accuracy - sample.accuracy
        else:
            found.append(_corrected(sample, *differences.get(step.epoch - 1, NO_DIFFERENCE)))
    return sorted(found)


def _at(epochs: float, event: Step | EpochEnd) -> Validation | None:
    if event.val_loss is None or event.val_accuracy is None:
        return None
    return Validation(epochs, event.val_loss, event.val_accuracy)


def _corrected(sample: Validation, loss: float, accuracy: float) -> Validation:
    return Validation(
        sample.epochs,
        max(sample.loss + loss, 0.0),
        min(max(sample.accuracy + accuracy, 0.0), 1.0),
        is_estimate=True,
    )
