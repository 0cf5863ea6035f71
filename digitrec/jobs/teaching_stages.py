"""How far a run that teaches a model has come, stage by stage.

A run tells how many pictures and steps are done, but not how far TensorFlow's start or the
evaluation are. There the share grows with the time, and ever more slowly, so that the progress
never stands still and never runs ahead of the next stage. The stages so far tell how much slower
than estimated the machine is, and thus how long the others will take.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from digitrec.jobs.duration_estimate import preparing_seconds
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.workload import picture_seconds, pictures_per_epoch
from digitrec.runs.events import Event, Preparing
from digitrec.runs.progress import read_progress

# Seconds on the reference machine.
STARTING_S = 1.0
LOADING_S = 4.0
READING_S = 1.0
COMPILING_S = 5.0
EXPORTING_S = 6.0
# The pace counts half when this many seconds of work are done: TensorFlow alone, which may have to
# come from a slow disk, says little about the other stages.
TRUSTED_S = 10.0
# A resumed run doesn't repeat all of its steps, so it isn't as fast as it looks.
FASTEST = 0.5
# The new model reads this many pictures to be calibrated and measured, each in the time that one
# takes in training.
MEASURED = 10_000


class Stage(NamedTuple):
    """A stage of a run.

    Attributes:
        kind: The first event of it.
        words: What happens in it.
        seconds: How long it takes, estimated.
    """

    kind: str
    words: str
    seconds: float

    @property
    def weight(self) -> float:
        """Its part of the bar: short stages get more than their time, so that it moves at once."""
        return math.sqrt(self.seconds)


class StageProgress(NamedTuple):
    """How far a run has come.

    Attributes:
        done: How much of the bar is filled, 0 to 1.
        words: What happens now.
        remaining_s: How many seconds are left, estimated.
    """

    done: float
    words: str
    remaining_s: float


def teaching_stages(config: TrainingConfig, pace: float) -> list[Stage]:
    """Return the stages of a run, in order.

    Args:
        config: The run's configuration.
        pace: This machine's time relative to the reference machine's: 2 takes twice as long.
    """
    a_picture = pace * picture_seconds(config)
    making = pace * READING_S + preparing_seconds(config, pace)
    training = config.epochs * pictures_per_epoch(config) * a_picture
    return [
        Stage("created", "Starting", pace * STARTING_S),
        Stage("starting", "Loading TensorFlow", pace * LOADING_S),
        Stage("preparing", "Making pictures to practice with", making),
        Stage("started", "Setting up the network", pace * COMPILING_S),
        Stage("step", "Learning your digits", training),
        Stage("evaluating", "Testing the new model", pace * EXPORTING_S + MEASURED * a_picture),
    ]


def stage_progress(stages: Sequence[Stage], events: Sequence[Event], now: float) -> StageProgress:
    """Return how far a run has come.

    Args:
        stages: The run's stages.
        events: Its events so far.
        now: The time, in seconds since 1970.
    """
    kinds = [stage.kind for stage in stages]
    of_stages = [event.kind for event in events if event.kind in (*kinds, "resumed")]
    current = of_stages[-1] if of_stages else kinds[0]
    index = kinds.index(current) if current in kinds else 0  # A resumed run starts over.
    stage = stages[index]
    share, pace, left_s = _current(stages, index, events, now)
    done = sum(earlier.weight for earlier in stages[:index]) + share * stage.weight
    later_s = pace * sum(later.seconds for later in stages[index + 1 :])
    return StageProgress(done / sum(one.weight for one in stages), stage.words, left_s + later_s)


class _Current(NamedTuple):
    """How much of the current stage is done, the run's pace, and the seconds left in the stage."""

    share: float
    pace: float
    left_s: float


def _current(stages: Sequence[Stage], index: int, events: Sequence[Event], now: float) -> _Current:
    """Return how far the current stage is, as the events tell, or by the time if that is more."""
    stage = stages[index]
    before_s = sum(earlier.seconds for earlier in stages[1:index])
    if stage.kind == "step":
        progress = read_progress(list(events))
        share = min(progress.fraction, 1.0) if progress else 0.0
        pace = _pace(before_s + share * stage.seconds, events, now)
        return _Current(share, pace, (1 - share) * pace * stage.seconds)
    began = _began(stage.kind, events, now)
    elapsed_s = max(now - began, 0.0)
    pace = _pace(before_s, events, began) if index else 1.0
    whole_s = pace * stage.seconds
    share = max(_told(events), 1 - math.exp(-2 * elapsed_s / whole_s))
    return _Current(share, pace, max(whole_s - elapsed_s, (1 - share) * whole_s))


def _pace(worked_s: float, events: Sequence[Event], until: float) -> float:
    """Return how long the run took up to a time, relative to the estimate: 2 is twice as long.

    Args:
        worked_s: The estimate for what it did until then, from loading TensorFlow on.
        events: Its events so far.
        until: The time, in seconds since 1970.
    """
    began = next((event.time for event in reversed(events) if event.kind == "starting"), until)
    return max((max(until - began, 0.0) + TRUSTED_S) / (worked_s + TRUSTED_S), FASTEST)


def _told(events: Sequence[Event]) -> float:
    """Return which share of the training pictures is made, 0 to 1; 0 in the other stages."""
    last = events[-1] if events else None
    return min(last.done or 0.0, 1.0) if isinstance(last, Preparing) else 0.0


def _began(kind: str, events: Sequence[Event], now: float) -> float:
    """Return when the current stage began, in seconds since 1970."""
    began = now
    for event in reversed(events):
        if event.kind not in (kind, "resumed", "moved"):
            break
        began = event.time
    return began
