"""Strokes of many drawings as a few arrays, for NumPy files."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from digitrec.arrays import Values
from digitrec.ink.strokes import Stroke, Strokes

STROKE_ARRAYS = ("points", "point_counts", "pen_widths", "stroke_counts")


def to_arrays(drawn: Sequence[Strokes]) -> dict[str, Values]:
    """Convert the strokes of drawings.

    Returns:
        ``points``, float32 (k, 2), of all strokes one after another; ``point_counts``, int64 (m,),
        and ``pen_widths``, float32 (m,), of each stroke; ``stroke_counts``, int64 (n,), of each
        drawing.
    """
    strokes = [stroke for drawing in drawn for stroke in drawing]
    points = [stroke.points for stroke in strokes]
    return {
        "points": np.concatenate([np.zeros((0, 2)), *points]).astype(np.float32),
        "point_counts": np.array([len(each) for each in points], np.int64),
        "pen_widths": np.array([stroke.width for stroke in strokes], np.float32),
        "stroke_counts": np.array([len(drawing) for drawing in drawn], np.int64),
    }


def from_arrays(arrays: dict[str, Values]) -> list[Strokes]:
    """Convert the arrays of ``to_arrays`` back."""
    points = np.split(arrays["points"].astype(float), np.cumsum(arrays["point_counts"])[:-1])
    widths = arrays["pen_widths"].tolist()
    strokes = [Stroke(*pair) for pair in zip(points, widths, strict=False)]
    counts = arrays["stroke_counts"].tolist()
    return [
        tuple(strokes[end - count : end])
        for end, count in zip(accumulate(counts), counts, strict=True)
    ]
