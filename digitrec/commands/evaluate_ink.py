"""The part of ``evaluate`` for digits given as strokes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.commands.console import tracked
from digitrec.commands.models import load_recognizer
from digitrec.datasets.ink_files import InkDrawing, load_ink
from digitrec.errors import ConfigurationError, DatasetError
from digitrec.formatting import counted, percent
from digitrec.numbers.composition import Spacing
from digitrec.numbers.evaluation import READERS, compose_numbers, evaluate_numbers
from digitrec.recognition.answers import DIGITS
from digitrec.recognition.ink_evaluation import (
    CanvasInputs,
    canvas_inputs,
    contact_sheet,
    evaluate_digits,
    evaluate_others,
)
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.ink_sources import learned_from
from digitrec.runs.model_store import ModelStore


@dataclass(frozen=True)
class InkOptions:
    """How digits are drawn on the canvas.

    Attributes:
        ink: The file of digits.
        other: A file of non-digits, if their rejection is measured.
        pen: The smallest and largest pen width, in canvas pixels.
        size: The smallest and largest length of the longer side, in percent of the canvas.
        seed: The seed for the width, size and position of each.
        sheet: The file for a picture of the mistakes, if wanted.
    """

    ink: Path
    other: Path | None
    pen: tuple[float, float]
    size: tuple[float, float]
    seed: int
    sheet: Path | None

    def check(self) -> None:
        """Check the widths and sizes.

        Raises:
            ConfigurationError: If they are outside their limits.
        """
        _check_range("--pen", self.pen, 1, 100)
        _check_range("--size", self.size, 5, 100)

    def digits(self) -> list[InkDrawing]:
        """Read the digits.

        Raises:
            DatasetError: If they can't be read, or a label isn't 0 to 9.
        """
        drawings = load_ink(self.ink)
        if strange := {drawing.label for drawing in drawings} - set("0123456789"):
            raise DatasetError(f"{self.ink}: expected labels 0 to 9, got {min(strange)!r}")
        return drawings

    def drawn(self, drawings: Sequence[InkDrawing]) -> CanvasInputs:
        """Draw them on the app's canvas."""
        low, high = self.size
        return canvas_inputs(
            tracked(drawings, "Drawing"),
            pen=self.pen,
            size=(low / 100, high / 100),
            seed=self.seed,
        )


def _check_range(option: str, values: tuple[float, float], least: float, most: float) -> None:
    low, high = values
    if not least <= low <= high <= most:
        raise ConfigurationError(
            f"{option} must be two numbers from {least:g} to {most:g}, the smaller first, "
            f"got {low:g} and {high:g}"
        )


def evaluate_ink_numbers(
    store: ModelStore, model: str | None, options: InkOptions, *, as_json: bool
) -> None:
    """Measure a model on whole numbers composed of the digits, and print the results."""
    numbers = compose_numbers(options.digits(), options.seed)
    recognizer = load_recognizer(store, model)
    results = evaluate_numbers(recognizer, tracked(numbers, "Reading numbers"))
    print(json.dumps(results) if as_json else _number_text(results))


def evaluate_ink(
    store: ModelStore, model: str | None, options: InkOptions, *, as_json: bool
) -> None:
    """Measure a model on the digits as they look on the canvas, and print the results."""
    options.check()
    drawings = options.digits()
    others = load_ink(options.other) if options.other else None
    recognizer = load_recognizer(store, model)
    inputs = options.drawn(drawings)
    results, answers = evaluate_digits(recognizer, drawings, inputs)
    if recognizer.stroke_reader:
        results |= _each_alone(recognizer, drawings, inputs)
    if learned_from(store.run(recognizer.name).results(), options.ink):
        results["has_learned_from_it"] = True
    if others is not None:
        results["other"] = evaluate_others(recognizer, inputs, options.drawn(others))
    if options.sheet:
        labels = np.array([int(drawing.label) for drawing in drawings])
        contact_sheet(inputs.digits[answers != labels]).save(options.sheet)
    print(json.dumps(results) if as_json else _ink_text(results))


def _each_alone(
    recognizer: Recognizer, drawings: Sequence[InkDrawing], inputs: CanvasInputs
) -> dict[str, float]:
    """Return the accuracies of the network that reads pictures, and of the one for strokes."""
    by_shape, _ = evaluate_digits(recognizer, drawings, CanvasInputs(inputs.digits))
    assert recognizer.stroke_reader
    traces = [[stroke.points for stroke in strokes] for strokes in inputs.drawn or []]
    outputs = recognizer.stroke_reader.outputs(traces)[:, :DIGITS]
    labels = [drawing.digit_label for drawing in drawings]
    by_strokes = float((outputs.argmax(axis=1) == labels).mean())
    return {"by_shape": by_shape["accuracy"], "by_strokes": by_strokes}


def _number_text(results: dict[str, Any]) -> str:
    lines = [
        f"{results['model']}: {results['count']:,} numbers, each from a single writer's digits"
    ]
    for how in READERS:
        shares = results[how]
        exact = ", ".join(f"{spacing} {percent(shares[spacing])}" for spacing in Spacing)
        split = percent(shares["parted"])
        lines.append(f"from {how}: {exact} read without a mistake; {split} split correctly")
    return "\n".join(lines)


def _ink_text(results: dict[str, Any]) -> str:
    writers = results["writers"]
    mean, low, high = map(percent, (writers["mean"], *writers["interval"]))
    pairs = [f"{label} as {answer}: {n}" for label, answer, n in results["confusion_pairs"][:8]]
    lines = [
        f"{results['model']}: {percent(results['accuracy'])} accuracy on "
        f"{counted(results['count'], 'digit')}",
        f"mean of {writers['count']} writers: {mean} ({low} to {high})",
        f"wrong at a confidence of 0.9 or more: {percent(results['wrong_at_0.9'])}",
        f"expected calibration error: {percent(results['calibration_error'])}",
        f"recognized as digits: {percent(results['digits_kept'])}",
        f"most frequent mistakes: {', '.join(pairs) or 'none'}",
    ]
    if "by_shape" in results:
        shape, strokes = percent(results["by_shape"]), percent(results["by_strokes"])
        lines.insert(1, f"by shape alone {shape}, by strokes alone {strokes}")
    if results.get("has_learned_from_it"):
        lines.insert(1, "the model has learned from this file, so this says little about others")
    if other := results.get("other"):
        lines.append(
            f"{other['count']:,} non-digits: {percent(1 - other['others_accepted'])} rejected, "
            f"{percent(other['others_refused_at_98'])} if 98% of the digits are kept; "
            f"AUROC {other['auroc']:.4f}"
        )
    return "\n".join(lines)
