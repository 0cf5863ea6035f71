"""Strokes: what a pen drew."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from digitrec.arrays import Points

# Points at most this far apart, in pixels, count as the same.
TOLERANCE = 0.5


@dataclass(frozen=True, eq=False)
class Stroke:
    """One movement of a pen; immutable and compared by value.

    Attributes:
        points: float64 (n, 2), n at least 1: x and y in canvas pixels; y grows downward.
        width: The pen's width, in the same pixels.
    """

    points: Points
    width: float

    def __post_init__(self) -> None:
        points = np.array(self.points, float).reshape(-1, 2)
        points.flags.writeable = False
        object.__setattr__(self, "points", points)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Stroke)
            and self.width == other.width
            and np.array_equal(self.points, other.points)
        )

    def __hash__(self) -> int:
        return hash((self.width, self.points.tobytes()))


Strokes = tuple[Stroke, ...]


def drawn_with(width: float, traces: Iterable[Points]) -> Strokes:
    """Return strokes of one width along traces, float64 (n, 2) each."""
    return tuple(Stroke(points, width) for points in traces)


def centered_strokes(strokes: Strokes, side: float, share: float) -> Strokes:
    """Scale strokes and their widths to the middle of a square.

    Args:
        strokes: At least one.
        side: The side of the square, in pixels.
        share: The share of the square that the drawing's longer side takes, 0 to 1.
    """
    points = np.concatenate([stroke.points for stroke in strokes])
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    scale = share * side / max(float(np.ptp(points, axis=0).max()), 1.0)
    return tuple(
        Stroke(
            np.round((stroke.points - middle) * scale + side / 2, 2), round(stroke.width * scale, 2)
        )
        for stroke in strokes
    )


def same_strokes(some: Strokes, others: Strokes) -> bool:
    """Return whether strokes are the same except for rounding; widths aren't compared."""
    return len(some) == len(others) and all(map(_same_stroke, some, others))


def _same_stroke(one: Stroke, other: Stroke) -> bool:
    if one is other:
        return True
    return one.points.shape == other.points.shape and bool(
        np.abs(one.points - other.points).max() <= TOLERANCE
    )
