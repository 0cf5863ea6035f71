"""Evaluates a model on handwriting: the drawings of an ink file, drawn on the app's canvas."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from digitrec.arrays import Digits
from digitrec.datasets.ink_files import UNIT, InkDrawing
from digitrec.ink.pen import render
from digitrec.ink.preprocessing import preprocess_drawing
from digitrec.ink.strokes import Strokes, drawn_with
from digitrec.recognition.metrics import (
    auroc,
    confusion_pairs,
    expected_calibration_error,
    mean_over_groups,
    wrong_and_confident,
)
from digitrec.recognition.recognizer import Recognizer

CANVAS_SIDE = 280
CONFIDENT = 0.9
Range = tuple[float, float]


@dataclass(frozen=True)
class CanvasDrawing:
    """An ink drawing as the canvas would return it.

    Attributes:
        picture: Mode L, 280 x 280, black ink on white paper.
        strokes: In whole canvas pixels, as a mouse gives them.
    """

    picture: Image.Image
    strokes: Strokes


def draw_on_canvas(
    drawing: InkDrawing, rng: np.random.Generator, pen: Range, size: Range
) -> CanvasDrawing:
    """Draw with a round pen, with random pen width, size and position.

    Args:
        drawing: The drawing.
        rng: Random number generator.
        pen: Range of the pen's width, in canvas pixels.
        size: Range of the drawing's longer side, as a share of the canvas.
    """
    width = rng.uniform(*pen)
    scale = rng.uniform(*size) * CANVAS_SIDE / UNIT
    extent = np.concatenate(drawing.traces).max(axis=0) * scale
    margin = np.maximum(CANVAS_SIDE - extent - width, 0)
    corner = width / 2 + rng.uniform(0, 1, 2) * margin
    placed = [np.rint(points * scale + corner) for points in drawing.traces]
    strokes = drawn_with(width, placed)
    return CanvasDrawing(Image.fromarray(255 - render(strokes, CANVAS_SIDE)), strokes)


class CanvasInputs(NamedTuple):
    """What the app gives a model for drawings on its canvas.

    Attributes:
        digits: uint8 (n, 28, 28), white ink (255) on black.
        drawn: The strokes of each; None if a model is to read the pictures alone.
    """

    digits: Digits
    drawn: list[Strokes] | None = None


def canvas_inputs(
    drawings: Iterable[InkDrawing], *, pen: Range, size: Range, seed: int
) -> CanvasInputs:
    """Draw each drawing on the app's canvas, and return what the app gives a model for it."""
    rng = np.random.default_rng(seed)
    digits, drawn = [], []
    for drawing in drawings:
        made = draw_on_canvas(drawing, rng, pen, size)
        digits.append(preprocess_drawing(made.picture, made.strokes))
        drawn.append(made.strokes)
    return CanvasInputs(np.stack(digits), drawn)


def evaluate_digits(
    recognizer: Recognizer, drawings: Sequence[InkDrawing], inputs: CanvasInputs
) -> tuple[dict[str, Any], npt.NDArray[np.int64]]:
    """Measure a model on drawings of digits.

    Args:
        recognizer: The model.
        drawings: Drawings labeled 0 to 9.
        inputs: ``canvas_inputs`` of the drawings.

    Returns:
        The metrics: ``count``, ``accuracy``, ``writers`` (their number, the mean of their
        accuracies and its 95% confidence interval), ``wrong_at_0.9`` (share of answers that are
        wrong with a confidence of 0.9 or more), ``calibration_error`` (15 bins), ``digits_kept``
        (share recognized as digits) and ``confusion_pairs`` ([label, answer, count], most
        frequent first); and int64 (n,), the answers.
    """
    labels = np.array([int(drawing.label) for drawing in drawings])
    probabilities, scores = recognizer.answers(*inputs)
    answers, confidences = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = answers == labels
    mean, low, high = mean_over_groups(right, [drawing.writer for drawing in drawings])
    results = {
        "model": recognizer.name,
        "count": len(labels),
        "accuracy": float(right.mean()),
        "writers": {
            "count": len({drawing.writer for drawing in drawings}),
            "mean": mean,
            "interval": [low, high],
        },
        "wrong_at_0.9": wrong_and_confident(right, confidences, CONFIDENT),
        "calibration_error": expected_calibration_error(right, confidences),
        "digits_kept": float((scores >= recognizer.calibration.digit_threshold).mean()),
        "confusion_pairs": confusion_pairs(labels, answers),
    }
    return results, answers


def evaluate_others(
    recognizer: Recognizer, digits: CanvasInputs, others: CanvasInputs
) -> dict[str, Any]:
    """Measure how well a model separates digits from non-digits.

    Args:
        recognizer: The model.
        digits: ``canvas_inputs`` of digits.
        others: ``canvas_inputs`` of non-digits.

    Returns:
        ``count`` of the non-digits, ``auroc`` of the digit score, the model's ``threshold``, the
        error rates at that threshold (``digits_refused`` and ``others_accepted``), and
        ``others_refused_at_98`` (share of non-digits rejected at the threshold that keeps 98%
        of these digits).
    """
    of_digits = recognizer.answers(*digits).digit_scores
    of_others = recognizer.answers(*others).digit_scores
    threshold = recognizer.calibration.digit_threshold
    return {
        "count": len(others.digits),
        "auroc": auroc(of_digits, of_others),
        "threshold": threshold,
        "digits_refused": float((of_digits < threshold).mean()),
        "others_accepted": float((of_others >= threshold).mean()),
        "others_refused_at_98": float((of_others < np.quantile(of_digits, 0.02)).mean()),
    }


def contact_sheet(inputs: Digits, columns: int = 24, zoom: int = 2) -> Image.Image:
    """Arrange model inputs, uint8 (n, 28, 28), in one picture."""
    rows = max(1, -(-len(inputs) // columns))
    sheet = np.zeros((rows * columns, *inputs.shape[1:]), np.uint8)
    sheet[: len(inputs)] = inputs
    side = inputs.shape[1]
    tiles = sheet.reshape(rows, columns, side, side).swapaxes(1, 2)
    picture = Image.fromarray(tiles.reshape(rows * side, columns * side))
    return picture.resize((picture.width * zoom, picture.height * zoom), Image.Resampling.NEAREST)
