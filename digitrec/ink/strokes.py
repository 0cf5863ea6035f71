"""The pen's way over the canvas."""

import reprlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypedDict

import numpy as np

from digitrec.arrays import Points
from digitrec.errors import DatasetError

MAX_POINTS = 50_000
MAX_COORDINATE = 10_000
MAX_PEN_WIDTH = 1_000
# As many points as that with pens as wide as that would take long to draw: so much is allowed, in
# points times pixels.
MAX_PEN_WORK = 1_500_000
# Points that are no farther apart than this, in pixels, are the same.
TOLERANCE = 0.5


class Stroke(TypedDict):
    """One movement of the pen, in canvas pixels; y grows downward."""

    width: float
    points: list[list[float]]


def strokes_for_canvas(strokes: Sequence[Stroke], ink: str) -> dict[str, Any]:
    """Return strokes as the drawing package's canvas begins with them.

    Each is a ``Path`` of Fabric.js: ``M`` to the first point of the pen, a quadratic curve ``Q``
    with each further point as its control point, ``L`` to the last.

    Args:
        strokes: The strokes.
        ink: Their color, as in CSS.
    """
    return {"objects": [_canvas_path(stroke, ink) for stroke in strokes]}


def centred_strokes(strokes: Sequence[Stroke], side: float, share: float) -> list[Stroke]:
    """Return strokes in the middle of a square, pens scaled with them.

    Args:
        strokes: With one point at least.
        side: That of the square, in pixels.
        share: What part of it the longer side of the drawing takes, 0 to 1.
    """
    points = np.concatenate(stroke_points(strokes))
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    scale = share * side / max(float(np.ptp(points, axis=0).max()), 1.0)
    return [
        {
            "width": round(stroke["width"] * scale, 2),
            "points": np.round(
                (np.array(stroke["points"]) - middle) * scale + side / 2, 2
            ).tolist(),
        }
        for stroke in strokes
    ]


def stroke_points(strokes: Sequence[Stroke]) -> list[Points]:
    """Return the points of each stroke as float64 (n, 2)."""
    return [np.array(stroke["points"], float) for stroke in strokes]


def same_strokes(some: Sequence[Stroke], others: Sequence[Stroke]) -> bool:
    """Tell whether strokes are the same, but for rounding."""
    if [len(s["points"]) for s in some] != [len(s["points"]) for s in others]:
        return False
    pairs = zip(stroke_points(some), stroke_points(others), strict=True)
    return all(np.abs(one - other).max() <= TOLERANCE for one, other in pairs)


def checked_strokes(strokes: Any) -> list[Stroke]:
    """Return strokes whose points lie near a canvas.

    Raises:
        DatasetError: If they are of another form, too many, or a number is none or too large.
    """
    if not isinstance(strokes, list):
        raise DatasetError("expected a list of strokes")
    checked = [_checked_stroke(stroke) for stroke in strokes]
    count = sum(len(stroke["points"]) for stroke in checked)
    if count > MAX_POINTS:
        raise DatasetError(f"strokes take {MAX_POINTS:,} points, got {count:,}")
    if sum(len(stroke["points"]) * stroke["width"] for stroke in checked) > MAX_PEN_WORK:
        raise DatasetError("strokes of so many points take a narrower pen")
    return checked


def _checked_stroke(stroke: Any) -> Stroke:
    points = stroke.get("points") if isinstance(stroke, dict) else None
    if not isinstance(points, list) or not points:
        raise DatasetError('expected each stroke as {"width": …, "points": [[x, y], …]}')
    width = _checked_number(stroke.get("width"), 0, MAX_PEN_WIDTH)
    if not all(isinstance(point, list) and len(point) == 2 for point in points):
        raise DatasetError("expected two coordinates for each point of a stroke")
    placed = [
        [_checked_number(value, -MAX_COORDINATE, MAX_COORDINATE) for value in point]
        for point in points
    ]
    return {"width": width, "points": placed}


def _checked_number(value: Any, low: int, high: int) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise DatasetError(
            f"expected a stroke's numbers from {low:,} to {high:,}, got {reprlib.repr(value)}"
        )
    return float(value)


def _canvas_path(stroke: Stroke, ink: str) -> dict[str, Any]:
    """Return a stroke as the canvas's own pen would have drawn it."""
    first, *rest = stroke["points"]
    path: list[list[Any]] = [["M", *first]]
    for (x, y), (next_x, next_y) in pairwise(rest):
        path.append(["Q", x, y, (x + next_x) / 2, (y + next_y) / 2])
    x, y = stroke["points"][-1]
    # A line that ends where it begins would not be drawn.
    path.append(["L", x + 0.01, y])
    return {
        "type": "Path",
        "path": path,
        "fill": None,
        "stroke": ink,
        "strokeWidth": stroke["width"],
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }
