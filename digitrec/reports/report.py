"""All that the report of a finished run says, as plain data."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Floats, Labels, Mask, Path
from digitrec.recipes.command import training_command
from digitrec.recipes.configuration import TrainingConfig
from digitrec.recipes.networks import LayerRow, layer_rows
from digitrec.recipes.parameters import parameters
from digitrec.recognition.metrics import (
    DigitFigures,
    ReliabilityBin,
    confusion_matrix,
    expected_calibration_error,
    figures_by_digit,
    reliability_bins,
    wilson_interval,
)
from digitrec.runs.problems import training_problem
from digitrec.runs.progress import Progress, read_progress
from digitrec.runs.results import Results
from digitrec.runs.run import Run
from digitrec.words import duration_words, epochs_words, percent

# Of the most confident mistakes a report shows this many.
MISTAKES_SHOWN = 40


@dataclass(frozen=True)
class Answer:
    """What a model said of one test picture.

    Attributes:
        index: The picture's place in the test set, from 0.
        label: What it shows.
        digit: What the model said.
        confidence: How sure it was, 0 to 1.
    """

    index: int
    label: int
    digit: int
    confidence: float


@dataclass(frozen=True)
class Measured:
    """How a model did on labeled digits.

    Attributes:
        labels: uint8 (n,), the digits 0 to 9; n is at least 1.
        probabilities: float32 (n, 10), rows that add up to 1.
    """

    labels: Labels
    probabilities: Floats

    @property
    def count(self) -> int:
        """How many digits were answered."""
        return len(self.labels)

    @cached_property
    def digits(self) -> Path:
        """The answers, (n,) digits 0 to 9."""
        return self.probabilities.argmax(axis=1)

    @cached_property
    def confidences(self) -> Floats:
        """How sure the model was, float32 (n,), 0 to 1."""
        return self.probabilities.max(axis=1)

    @property
    def right(self) -> Mask:
        """Which answers are right, (n,)."""
        return self.digits == self.labels

    @property
    def accuracy(self) -> float:
        """The share that is right, 0 to 1."""
        return float(self.right.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95% interval (Wilson, 1927)."""
        return wilson_interval(int(self.right.sum()), self.count)

    @cached_property
    def confusion_matrix(self) -> npt.NDArray[np.int64]:
        """The answers counted, int64 (10, 10): row is the label, column the answer."""
        return confusion_matrix(self.labels, self.digits)

    @property
    def by_digit(self) -> list[DigitFigures]:
        """Precision, recall and F1 of each digit."""
        return figures_by_digit(self.confusion_matrix)

    @property
    def calibration_error(self) -> float:
        """The expected calibration error in 15 bins, 0 to 1 (Guo et al., 2017)."""
        return expected_calibration_error(self.right, self.confidences)

    @property
    def reliability(self) -> list[ReliabilityBin]:
        """Confidence against the share of right answers, in the same bins."""
        return reliability_bins(self.right, self.confidences)

    @property
    def mistakes(self) -> list[Answer]:
        """The wrong answers, the most confident first."""
        return self._answers(~self.right)

    @property
    def most_confused(self) -> tuple[int, int]:
        """Label and answer of the most frequent mistake."""
        wrong = self.confusion_matrix * (1 - np.eye(10, dtype=int))
        label, digit = np.unravel_index(wrong.argmax(), wrong.shape)
        return int(label), int(digit)

    def in_cell(self, label: int, digit: int) -> list[Answer]:
        """Return the answers in a cell of the confusion matrix.

        Mistakes come with the most confident first, right answers with the least confident.
        """
        answers = self._answers((self.labels == label) & (self.digits == digit))
        return answers[::-1] if label == digit else answers

    def _answers(self, which: Mask) -> list[Answer]:
        found = [
            Answer(int(i), int(self.labels[i]), int(self.digits[i]), float(self.confidences[i]))
            for i in np.flatnonzero(which)
        ]
        return sorted(found, key=lambda answer: -answer.confidence)


@dataclass(frozen=True)
class Report:
    """What is known of a finished run.

    Attributes:
        name: What people call the run.
        created_at: When it was created, in seconds since 1970.
        results: What its ``report.json`` says.
        config: The configuration; None for an imported model.
        progress: How it learned, with one step or more; None for an imported model.
        measured: How it did on the test set.
        base: What people call the model that it started from; None if it started from scratch.
    """

    name: str
    created_at: float
    results: Results
    config: TrainingConfig | None
    progress: Progress | None
    measured: Measured
    base: str | None = None

    @property
    def headline(self) -> list[tuple[str, str]]:
        """What is to be known first, as people read it: names and figures."""
        low, high = self.measured.interval
        figures = [
            ("Test accuracy", percent(self.measured.accuracy)),
            ("95% interval", f"{percent(low)} – {percent(high)}"),
            ("Mistakes", f"{len(self.measured.mistakes):,} of {self.measured.count:,}"),
            ("Calibration error", percent(self.measured.calibration_error)),
            ("Parameters", f"{self.results.parameters:,}"),
        ]
        if self.results.duration_s is not None:
            figures.append(("Training time", duration_words(self.results.duration_s)))
        return figures

    @property
    def origin(self) -> str:
        """When it was made, and out of what, in a sentence."""
        when = f"{datetime.fromtimestamp(self.created_at):%d %b %Y, %H:%M}"
        if self.config is None:
            return f"Imported on {when}."
        done, planned = self.results.epochs_done or 0, self.config.epochs
        epochs = epochs_words(done) + (f", of {planned} planned" if done < planned else "")
        begin = self.base or "a new network"
        end = ", then stopped by hand" if self.results.stopped else ""
        return f"Trained on {when} for {epochs}{end}; it began with {begin}."

    @property
    def problem(self) -> str | None:
        """What went wrong in the training, in a sentence or two; None if nothing did."""
        return training_problem(self.config, self.results, self.progress)

    @property
    def versions(self) -> dict[str, str]:
        """The versions of what it was made with, by name."""
        return self.results.versions

    @property
    def command(self) -> str | None:
        """The shell command that repeats it; None for an imported model."""
        return training_command(self.config) if self.config else None

    @property
    def layers(self) -> list[LayerRow]:
        """The layers of the network, or of each member of an ensemble.

        Empty where the configuration does not tell them: an imported model has none, and a run
        that started from a model took that model's network.
        """
        if self.config is None or self.config.start_from:
            return []
        return layer_rows(self.config.network, 11 if self.config.non_digits else 10)

    @property
    def settings(self) -> list[tuple[str, str]]:
        """The configuration as people read it: the settings and their values."""
        if self.config is None:
            return []
        values = self.config.to_dict()
        if values["start_from"]:
            del values["network"]
            values["start_from"] = self.base
        known = parameters(self.config)
        return [(known[name].label, known[name].words(value)) for name, value in values.items()]


def build_report(run: Run, labels: Labels, probabilities: Floats) -> Report:
    """Gather what is known of a run that left a model.

    Args:
        run: The run.
        labels: uint8 (n,), what the test pictures show.
        probabilities: float32 (n, 10), what the model answered.

    Raises:
        ModelError: If there is no model, or one of the run's files is damaged.
    """
    progress, config = read_progress(run.events()), run.config()
    return Report(
        name=run.title,
        created_at=run.created_at(),
        results=run.results(),
        config=config,
        progress=progress if progress and progress.steps else None,
        measured=Measured(labels, probabilities),
        base=run.title_beside(config.start_from) if config and config.start_from else None,
    )
