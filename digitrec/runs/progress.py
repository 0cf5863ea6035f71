"""What a run's events say about how far it is and how it went."""

from dataclasses import dataclass, field

from digitrec.runs.events import Event

# The speed is taken over this many of the last events.
SPEED_WINDOW = 12


@dataclass
class Progress:
    """A training run so far.

    Attributes:
        epochs: Epochs that the run is to take.
        steps_per_epoch: Batches in one epoch.
        steps: The ``step`` events, oldest first: ``epoch`` from 1, ``step`` from 1,
            ``loss`` (mean cross-entropy since the last such event), ``accuracy``
            (likewise), ``images_per_second``, and, which the oldest runs lack,
            ``learning_rate``, ``trained_s`` (seconds of training so far) and ``answers``
            (digit and probability for each of the ``watched_digits``).
        epoch_ends: The ``epoch`` events: ``epoch``, ``loss``, ``accuracy``, ``val_loss``,
            ``val_accuracy`` (both null without a validation part) and ``duration_s``.
        is_evaluating: Whether training is over and the test set is being read.
        resumed_at: How many of the steps were done before the run was last resumed.
    """

    epochs: int
    steps_per_epoch: int
    steps: list[Event] = field(default_factory=list)
    epoch_ends: list[Event] = field(default_factory=list)
    is_evaluating: bool = False
    resumed_at: int = 0

    @property
    def epoch(self) -> int:
        """The epoch that is under way, from 1."""
        return self.steps[-1]["epoch"] if self.steps else min(len(self.epoch_ends) + 1, self.epochs)

    @property
    def fraction(self) -> float:
        """The share of all steps that is done, 0 to 1."""
        return self.epochs_at(self.steps[-1]) / self.epochs if self.steps else 0.0

    @property
    def remaining_s(self) -> float | None:
        """Seconds until the last step at the present speed; None before it is known."""
        window = self.steps[self.resumed_at :][-SPEED_WINDOW:]
        if len(window) < 2:
            return None
        done = self.epochs_at(window[-1]) - self.epochs_at(window[0])
        left = self.epochs - self.epochs_at(window[-1])
        # Not by the time of day, which somebody may set meanwhile; the oldest runs know no other.
        clock = "trained_s" if all("trained_s" in step for step in window) else "time"
        return left * max(0, window[-1][clock] - window[0][clock]) / done if done > 0 else None

    def epochs_at(self, step: Event) -> float:
        """Return how many epochs were done at a step event, in fractions."""
        return self.steps_at(step) / self.steps_per_epoch

    def steps_at(self, step: Event) -> int:
        """Return how many steps were done at a step event, since the run's begin."""
        return (step["epoch"] - 1) * self.steps_per_epoch + step["step"]


def read_progress(events: list[Event]) -> Progress | None:
    """Gather a run's events; None if it has not started.

    A run that was resumed trains anew what came after its checkpoint: what had been noted of
    that is left out.
    """
    progress: Progress | None = None
    for event in events:
        kind = event["event"]
        if kind == "started":
            progress = _started(event, progress)
        elif progress is not None and kind == "step":
            progress.steps.append(event)
        elif progress is not None and kind == "epoch":
            progress.epoch_ends.append(event)
        elif progress is not None and kind == "evaluating":
            progress.is_evaluating = True
    return progress


def _started(event: Event, before: Progress | None) -> Progress:
    progress = Progress(event["epochs"], event["steps_per_epoch"])
    if before is not None:
        done = event.get("steps_done", event["epochs_done"] * progress.steps_per_epoch)
        progress.steps = [step for step in before.steps if progress.steps_at(step) <= done]
        progress.epoch_ends = [
            end for end in before.epoch_ends if end["epoch"] <= event["epochs_done"]
        ]
        progress.resumed_at = len(progress.steps)
    return progress
