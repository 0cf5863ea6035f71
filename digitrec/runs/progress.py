"""The progress of a run, from its events."""

from dataclasses import dataclass, field

from digitrec.runs.events import EpochEnd, Event, Started, Step

# The speed is measured over this many of the last step events.
SPEED_WINDOW = 12


@dataclass
class Progress:
    """The progress of a run.

    Attributes:
        epochs: Planned epochs.
        steps_per_epoch: Batches in one epoch.
        steps: The ``step`` events, oldest first.
        epoch_ends: The ``epoch`` events, oldest first.
        is_evaluating: Whether training is done and the model is being tested.
        resumed_at: Number of step events before the run was last resumed.
    """

    epochs: int
    steps_per_epoch: int
    steps: list[Step] = field(default_factory=list)
    epoch_ends: list[EpochEnd] = field(default_factory=list)
    is_evaluating: bool = False
    resumed_at: int = 0

    @property
    def epoch(self) -> int:
        """The current epoch, from 1."""
        return self.steps[-1].epoch if self.steps else min(len(self.epoch_ends) + 1, self.epochs)

    @property
    def fraction(self) -> float:
        """The share of steps that are done, 0 to 1."""
        return self.epochs_at(self.steps[-1]) / self.epochs if self.steps else 0.0

    @property
    def remaining_s(self) -> float | None:
        """Seconds until the last step at the current speed; None if not known yet."""
        window = self.steps[self.resumed_at :][-SPEED_WINDOW:]
        if len(window) < 2:
            return None
        done = self.epochs_at(window[-1]) - self.epochs_at(window[0])
        left = self.epochs - self.epochs_at(window[-1])
        return left * max(0, _seconds_between(window[0], window[-1])) / done if done > 0 else None

    def epochs_at(self, step: Step) -> float:
        """Return the number of epochs at a step event, as a fraction."""
        return self.steps_at(step) / self.steps_per_epoch

    def steps_at(self, step: Step) -> int:
        """Return the number of steps at a step event, since the run's start."""
        return (step.epoch - 1) * self.steps_per_epoch + step.step


def read_progress(events: list[Event]) -> Progress | None:
    """Gather a run's events; None if it hasn't started.

    A resumed run repeats the steps after its checkpoint, so their earlier events are dropped.
    """
    progress: Progress | None = None
    for event in events:
        if isinstance(event, Started):
            progress = _started(event, progress)
        elif progress is None:
            continue
        elif isinstance(event, Step):
            progress.steps.append(event)
        elif isinstance(event, EpochEnd):
            progress.epoch_ends.append(event)
        elif event.kind == "evaluating":
            progress.is_evaluating = True
    return progress


def _started(event: Started, before: Progress | None) -> Progress:
    progress = Progress(event.epochs, event.steps_per_epoch)
    if before is not None:
        done = event.steps_done
        if done is None:
            done = event.epochs_done * progress.steps_per_epoch
        progress.steps = [step for step in before.steps if progress.steps_at(step) <= done]
        progress.epoch_ends = [end for end in before.epoch_ends if end.epoch <= event.epochs_done]
        progress.resumed_at = len(progress.steps)
    return progress


def _seconds_between(first: Step, last: Step) -> float:
    """Return the training time between two steps.

    Only the oldest runs need the system time, which may change during a run.
    """
    if first.trained_s is None or last.trained_s is None:
        return last.time - first.time
    return last.trained_s - first.trained_s
