"""The report of a finished run, as plain data."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Floats, Indices, Labels, Mask
from digitrec.formatting import counted, duration_words, epochs_words, percent
from digitrec.recipes.command import training_command
from digitrec.recipes.networks import LayerRow, layer_rows
from digitrec.recipes.parameter_kinds import parameters
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.run_names import short_name_words
from digitrec.recognition.metrics import (
    DigitMetrics,
    ReliabilityBin,
    confusion_matrix,
    expected_calibration_error,
    metrics_by_digit,
    reliability_bins,
    wilson_interval,
)
from digitrec.reports.difference import change_by_training
from digitrec.runs.events import Event, Resumed
from digitrec.runs.problems import training_problem
from digitrec.runs.progress import Progress, read_progress
from digitrec.runs.results import Results
from digitrec.runs.run import Run

# How many of the most confident mistakes a report shows, and a page at a time.
MISTAKES_SHOWN = 40


@dataclass(frozen=True)
class Answer:
    """A model's answer for a test picture.

    Attributes:
        index: The picture's index in the test set.
        label: The picture's label.
        digit: The model's answer.
        confidence: The confidence, 0 to 1.
    """

    index: int
    label: int
    digit: int
    confidence: float


@dataclass(frozen=True)
class Measured:
    """A model's results on labeled digits.

    Attributes:
        labels: uint8 (n,), the digits 0 to 9; n is at least 1.
        probabilities: float32 (n, 10), rows that add up to 1.
    """

    labels: Labels
    probabilities: Floats

    @property
    def count(self) -> int:
        """The number of digits."""
        return len(self.labels)

    @cached_property
    def digits(self) -> Indices:
        """The answers, (n,) digits 0 to 9."""
        return self.probabilities.argmax(axis=1)

    @cached_property
    def confidences(self) -> Floats:
        """The confidences, float32 (n,), 0 to 1."""
        return self.probabilities.max(axis=1)

    @property
    def right(self) -> Mask:
        """Which answers are right, (n,)."""
        return self.digits == self.labels

    @property
    def accuracy(self) -> float:
        """The accuracy, 0 to 1."""
        return float(self.right.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95% interval (Wilson, 1927)."""
        return wilson_interval(int(self.right.sum()), self.count)

    @cached_property
    def confusion_matrix(self) -> npt.NDArray[np.int64]:
        """Counts of answers, int64 (10, 10): a row for each label, a column for each answer."""
        return confusion_matrix(self.labels, self.digits)

    @property
    def by_digit(self) -> list[DigitMetrics]:
        """Precision, recall and F1 of each digit."""
        return metrics_by_digit(self.confusion_matrix)

    @property
    def calibration_error(self) -> float:
        """The expected calibration error in 15 bins, 0 to 1 (Guo et al., 2017)."""
        return expected_calibration_error(self.right, self.confidences)

    @property
    def reliability(self) -> list[ReliabilityBin]:
        """Confidence and share of correct answers in the same bins."""
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

        Mistakes are sorted with the most confident first, correct answers with the least
        confident first.
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
    """The report of a finished run.

    Attributes:
        name: The run's title.
        created_at: When it was created, in seconds since 1970.
        results: The content of its ``report.json``.
        config: The configuration; None for an imported model.
        progress: The run's progress, at least one step; None for an imported model.
        measured: The results on the test set.
        base: The title of the model that it started from; None for a new network.
        short_name: The short name of a model that ships; None for other runs.
        drawings_accuracy: The accuracy on the person's labeled drawings, 0 to 1; None if unknown.
        change: A sentence that compares it with the model that it started from; None if there is
            none, or it isn't known.
    """

    name: str
    created_at: float
    results: Results
    config: TrainingConfig | None
    progress: Progress | None
    measured: Measured
    base: str | None = None
    short_name: str | None = None
    drawings_accuracy: float | None = None
    change: str | None = None

    @property
    def headline(self) -> list[tuple[str, str]]:
        """The most important metrics: names and values, as text."""
        low, high = self.measured.interval
        metrics = [
            ("Test accuracy", percent(self.measured.accuracy)),
            ("95% interval", f"{percent(low)} – {percent(high)}"),
            ("Mistakes", f"{len(self.measured.mistakes):,} of {self.measured.count:,}"),
            ("Calibration error", percent(self.measured.calibration_error)),
            ("Parameters", f"{self.results.all_parameters:,}"),
        ]
        if self.results.duration_s is not None:
            metrics.append(("Training time", duration_words(self.results.duration_s)))
        return metrics

    @property
    def handwriting(self) -> list[tuple[str, str]]:
        """Results on drawings of people whom the stroke reader hadn't seen: names and values."""
        strokes = self.results.stroke_reader
        if strokes is None or strokes.held_out is None:
            return []
        measured = strokes.held_out
        return [
            ("By shape", percent(measured.by_shape)),
            ("By strokes", percent(measured.by_strokes)),
            ("Together", percent(measured.together)),
            ("Mean over writers", percent(measured.mean_over_writers)),
            ("Wrong with 90% or more", percent(measured.wrong_and_confident)),
            ("Calibration error", percent(measured.calibration_error)),
        ]

    @property
    def people(self) -> str:
        """How many digits by how many writers these results are from."""
        strokes = self.results.stroke_reader
        measured = strokes.held_out if strokes else None
        if measured is None:
            return ""
        return f"{counted(measured.digits, 'digit')} by {counted(measured.writers, 'writer')}"

    @property
    def ink(self) -> list[tuple[str, str, str, str]]:
        """The ink files that the model learned from: name, use, content and SHA-256."""
        strokes = self.results.stroke_reader
        used = [(source, "pictures") for source in self.results.ink]
        used += [(source, "strokes") for source in (strokes.sources if strokes else [])]
        return [
            (
                source.name,
                use,
                f"{counted(source.digits, 'digit')} and {source.others:,} others by "
                f"{counted(source.writers, 'writer')}",
                source.sha256[:12],
            )
            for source, use in used
        ]

    @property
    def origin(self) -> str:
        """When and from what the model was made, after a shipped model's short name."""
        return (
            f"{short_name_words(self.short_name)} {self._made}" if self.short_name else self._made
        )

    @property
    def _made(self) -> str:
        made = datetime.fromtimestamp(self.created_at)
        when = f"{made.day} {made:%b %Y, %H:%M}"
        if self.config is None:
            return f"Imported on {when}."
        done, planned = self.results.epochs_done or 0, self.config.epochs
        of_planned = f"{round(done, 1 if done > 1 else 2):g} of {counted(planned, 'planned epoch')}"
        epochs = of_planned if done < planned else epochs_words(done)
        end = ", then stopped" if self.results.stopped else ""
        base = f" Started from {self.base}." if self.base else ""
        return f"Trained on {when} for {epochs}{end}.{base}"

    @property
    def problem(self) -> str | None:
        """What went wrong in the run, in one or two sentences; None if nothing did."""
        return training_problem(self.config, self.results, self.progress)

    @property
    def versions(self) -> dict[str, str]:
        """The versions of the libraries, by name."""
        return self.results.versions

    @property
    def command(self) -> str | None:
        """The shell command that repeats the run; None for an imported model."""
        return training_command(self.config) if self.config else None

    @property
    def layers(self) -> list[LayerRow]:
        """The layers of the network, or of each member of an ensemble.

        Empty if the configuration doesn't say: for an imported model, and for a run that started
        from another model's network.
        """
        if self.config is None or self.config.start_from:
            return []
        return layer_rows(self.config.network, 11 if self.config.non_digits else 10)

    @property
    def settings(self) -> list[tuple[str, str]]:
        """The settings and their values, as text."""
        if self.config is None:
            return []
        values = self.config.to_dict()
        if values["start_from"]:
            del values["network"]
            values["start_from"] = self.base
        known = parameters(self.config)
        return [(known[name].label, known[name].words(value)) for name, value in values.items()]


def shown_words(shown: int, mistakes: int) -> str:
    """Say how many of the mistakes are shown: ``The 40 surest of 52 mistakes``."""
    if shown < mistakes:
        return f"The {shown:,} surest of {mistakes:,} mistakes"
    return f"{counted(mistakes, 'mistake')}, the surest first"


def build_report(
    run: Run, labels: Labels, probabilities: Floats, drawings_accuracy: float | None = None
) -> Report:
    """Build the report of a run with a model.

    Args:
        run: The run.
        labels: uint8 (n,), the labels of the test pictures.
        probabilities: float32 (n, 10), the model's probabilities.
        drawings_accuracy: The model's accuracy on the person's labeled drawings, if known.

    Raises:
        ModelError: If there is no model, or one of the run's files is damaged.
    """
    events, config = _of_model(run)
    progress = read_progress(events)
    return Report(
        name=run.title,
        created_at=run.created_at(),
        results=run.results(),
        config=config,
        progress=progress if progress and progress.steps else None,
        measured=Measured(labels, probabilities),
        base=run.title_beside(config.start_from) if config and config.start_from else None,
        short_name=run.name if run.title != run.short_title else None,
        drawings_accuracy=drawings_accuracy,
        change=change_by_training(run, labels),
    )


def _of_model(run: Run) -> tuple[list[Event], TrainingConfig | None]:
    """Return the events and settings of a run's model, without epochs that are being added."""
    events, config = run.events(), run.config()
    ends = [place for place, event in enumerate(events) if event.kind in ("finished", "stopped")]
    end = ends[-1] + 1 if ends else len(events)
    added = (each for each in events[end:] if isinstance(each, Resumed))
    had_epochs = next((each.had_epochs for each in added if each.had_epochs), None)
    if config is None or had_epochs is None:
        return events, config
    return events[:end], replace(config, epochs=had_epochs)
