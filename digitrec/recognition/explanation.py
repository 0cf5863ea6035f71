"""Explains an answer: which ink is evidence for it, and which against it.

The evidence of a part is the drop in log-odds when it is hidden (occlusion; Zeiler, Fergus:
Visualizing and understanding convolutional networks, 2014, section 4.2).
"""

import numpy as np
from PIL import Image

from digitrec.arrays import Digit, Evidence, Ink, Mask
from digitrec.ink.preprocessing import SIZE
from digitrec.recognition.answers import interpret
from digitrec.recognition.recognizer import Recognizer

# Side and stride of the hidden squares, in pixels.
PATCH = 5
STRIDE = 2
LEAST_PROBABLE = 1e-6
# Levels up to this, of 255, are the faint edge of a stroke.
FAINT = 40


def evidence(
    recognizer: Recognizer, digit_input: Digit, answer: int, other: int | None = None
) -> Evidence:
    """Return each pixel's evidence for an answer.

    Args:
        recognizer: The model that answers.
        digit_input: uint8 (28, 28), white ink (255) on black (0).
        answer: The digit to explain.
        other: The digit to compare it with; None for all others.

    Returns:
        float64 (28, 28), in nats of log-odds: positive where the ink supports the answer, negative
        where it contradicts it, 0 where there is no ink within 5 pixels.
    """
    patches = [patch for patch in _patches() if (digit_input[patch] > 0).any()]
    pictures = np.stack([digit_input, *(_without(digit_input, patch) for patch in patches)])
    probabilities, _ = interpret(recognizer.outputs(pictures), recognizer.calibration.temperature)
    odds = log_odds(probabilities.astype(np.float64), answer, other)
    total, count = np.zeros((SIZE, SIZE)), np.zeros((SIZE, SIZE))
    for patch, odds_without in zip(patches, odds[1:], strict=True):
        total[patch] += odds[0] - odds_without
        count[patch] += 1
    return total / np.maximum(count, 1)


def evidence_on_drawing(values: Evidence, digit_input: Digit, ink: Ink) -> Evidence:
    """Scale evidence to the drawing from which the input was made.

    Args:
        values: float64 (28, 28), as returned by ``evidence``.
        digit_input: uint8 (28, 28), the model's input.
        ink: float32 (height, width), the drawing's ink, not all 0.

    Returns:
        float32 (height, width); 0 outside the bounding box of the ink.
    """
    small, large = _box(digit_input > FAINT), _box(ink > 0)
    height, width = large[0].stop - large[0].start, large[1].stop - large[1].start
    part = Image.fromarray(values[small].astype(np.float32))
    laid = np.zeros(ink.shape, np.float32)
    laid[large] = np.asarray(part.resize((width, height), Image.Resampling.BILINEAR))
    return laid


def _box(marks: Mask) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _patches() -> list[tuple[slice, slice]]:
    sides = [slice(begin, begin + PATCH) for begin in range(0, SIZE - PATCH + 2, STRIDE)]
    return [(rows, columns) for rows in sides for columns in sides]


def _without(digit_input: Digit, patch: tuple[slice, slice]) -> Digit:
    picture = digit_input.copy()
    picture[patch] = 0
    return picture


def log_odds(probabilities: Evidence, answer: int, other: int | None) -> Evidence:
    """Return the log-odds of an answer against another digit, or against all others.

    Args:
        probabilities: float64 (n, 10).
        answer: The digit.
        other: The digit to compare it with; None for all others.
    """
    of_answer = probabilities[:, answer]
    against = 1 - of_answer if other is None else probabilities[:, other]
    return np.log(np.maximum(of_answer, LEAST_PROBABLE)) - np.log(
        np.maximum(against, LEAST_PROBABLE)
    )
