"""The state of a run while its network trains."""

from dataclasses import dataclass, field

import keras

from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.workload import picture_seconds
from digitrec.runs.results import InkSource
from digitrec.runs.run import Run, RunState
from digitrec.system.memory import release_memory
from digitrec.teaching.taught_drawings import TaughtDrawings
from digitrec.training.training_set import TrainingSet

# Seconds between two events on the reference machine, so that a machine half as fast still writes
# one about every second. The steps in between run as one TensorFlow call, which keeps events cheap.
EVENT_S = 0.6


@dataclass
class Fit:
    """A network that is being trained, and how far it is.

    Attributes:
        run: The run that the events and checkpoints are written to.
        config: The run's parameters.
        training_set: The pictures; deleted by ``drop_pictures``.
        drawings: The drawings to teach with, if the run teaches a model.
        model: The network. After compiling, its optimizer counts the steps.
        ink_sources: The ink files among the pictures.
        steps_per_epoch: How many batches an epoch has.
        trained_s: Seconds of training so far, including those before a pause.
        outcome: How it ends: ``STOPPED`` or ``PAUSED`` if a person asks for it.
    """

    run: Run
    config: TrainingConfig
    training_set: TrainingSet
    drawings: TaughtDrawings | None
    model: keras.Model
    ink_sources: list[InkSource] = field(default_factory=list)
    steps_per_epoch: int = field(init=False)
    trained_s: float = 0.0
    outcome: RunState = RunState.FINISHED

    def __post_init__(self) -> None:
        self.steps_per_epoch = self.training_set.steps_per_epoch(self.config.batch_size)

    @property
    def total_steps(self) -> int:
        """Steps of the whole run."""
        return self.config.epochs * self.steps_per_epoch

    @property
    def steps_done(self) -> int:
        """Steps that the network has been trained for, including those before a pause."""
        return int(self.model.optimizer.iterations)

    @property
    def epochs_done(self) -> int:
        """Whole epochs that the network has been trained for."""
        return self.steps_done // self.steps_per_epoch

    @property
    def steps_into_epoch(self) -> int:
        """Steps since the last whole epoch; 0 between two epochs."""
        return self.steps_done % self.steps_per_epoch

    @property
    def steps_between_events(self) -> int:
        """Steps that run as one TensorFlow call."""
        step_s = self.config.batch_size * picture_seconds(self.config)
        return steps_between_events(self.steps_per_epoch, step_s)

    def drop_pictures(self) -> None:
        """Free the memory of the training set for the evaluation."""
        del self.training_set
        release_memory()


def steps_between_events(steps_per_epoch: int, step_s: float) -> int:
    """Choose how many steps lie between two events, about ``EVENT_S`` seconds.

    Of the numbers near that, choose the one that leaves the largest last interval in an epoch,
    because metrics over few pictures vary a lot.
    """
    about = max(1, round(EVENT_S / step_s))
    choices = range(max(1, about * 3 // 4), about * 5 // 4 + 1)
    fullest = max(choices, key=lambda steps: (steps_per_epoch % steps or steps) / steps)
    return min(fullest, steps_per_epoch)
