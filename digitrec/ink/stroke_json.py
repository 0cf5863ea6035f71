"""Strokes as JSON, used by the browser, the database and the downloads.

Each is ``{"width": 16.0, "points": [[x, y], …]}``, in pixels of the canvas.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import numpy as np

from digitrec.errors import DatasetError
from digitrec.ink.strokes import Stroke, Strokes

MAX_POINTS = 50_000
MAX_COORDINATE = 10_000
MAX_PEN_WIDTH = 1_000
# The time to draw strokes grows with points times width. This is the maximum, since both limits
# together would take too long.
MAX_PEN_WORK = 1_500_000

Coordinate = Annotated[float, msgspec.Meta(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]


class StrokeJson(msgspec.Struct):
    """One stroke in JSON."""

    width: Annotated[float, msgspec.Meta(ge=0, le=MAX_PEN_WIDTH)]
    points: Annotated[list[tuple[Coordinate, Coordinate]], msgspec.Meta(min_length=1)]


def to_json(strokes: Strokes) -> list[dict[str, Any]]:
    """Convert strokes to JSON."""
    return [{"width": float(stroke.width), "points": stroke.points.tolist()} for stroke in strokes]


def kept_strokes(values: list[dict[str, Any]]) -> Strokes:
    """Convert JSON that the program itself stored, without validation."""
    return tuple(Stroke(np.array(one["points"]), one["width"]) for one in values)


def from_json(values: Any) -> Strokes:
    """Convert JSON from outside, with validation.

    Raises:
        DatasetError: If it is invalid, or the strokes would take too long to draw.
    """
    try:
        return strokes_of(msgspec.convert(values, list[StrokeJson]))
    except msgspec.ValidationError as error:
        expected = 'expected strokes as [{"width": 16, "points": [[x, y], …]}, …]'
        raise DatasetError(f"{expected}: {_plain(error)}") from error


def strokes_of(values: Sequence[StrokeJson]) -> Strokes:
    """Convert validated strokes.

    Raises:
        DatasetError: If they would take too long to draw.
    """
    count = sum(len(stroke.points) for stroke in values)
    if count > MAX_POINTS:
        raise DatasetError(f"expected strokes with at most {MAX_POINTS:,} points, got {count:,}")
    if sum(len(stroke.points) * stroke.width for stroke in values) > MAX_PEN_WORK:
        raise DatasetError("the strokes have too many points for a pen this wide")
    return tuple(Stroke(np.array(stroke.points), stroke.width) for stroke in values)


def _plain(error: msgspec.ValidationError) -> str:
    """Return msgspec's message without code formatting."""
    text = str(error).replace("`", "").replace("$", "")
    return text[:1].lower() + text[1:]
