"""Strokes as JSON: as the browser, the database and the downloads have them.

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
# As many points as that with pens as wide as that would take long to draw: so much is allowed, in
# points times pixels.
MAX_PEN_WORK = 1_500_000

Coordinate = Annotated[float, msgspec.Meta(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]


class StrokeJson(msgspec.Struct):
    """One stroke as JSON says it."""

    width: Annotated[float, msgspec.Meta(ge=0, le=MAX_PEN_WIDTH)]
    points: Annotated[list[tuple[Coordinate, Coordinate]], msgspec.Meta(min_length=1)]


def to_json(strokes: Strokes) -> list[dict[str, Any]]:
    """Return strokes as JSON has them."""
    return [{"width": float(stroke.width), "points": stroke.points.tolist()} for stroke in strokes]


def kept_strokes(values: list[dict[str, Any]]) -> Strokes:
    """Return strokes that the program itself has kept as ``to_json`` gives them."""
    return tuple(Stroke(np.array(one["points"]), one["width"]) for one in values)


def from_json(values: Any) -> Strokes:
    """Return the strokes that JSON from outside says.

    Raises:
        DatasetError: If they are of another form, too many, or a number is none or too large.
    """
    try:
        return strokes_of(msgspec.convert(values, list[StrokeJson]))
    except msgspec.ValidationError as error:
        expected = 'expected strokes as [{"width": 16, "points": [[x, y], …]}, …]'
        raise DatasetError(f"{expected}: {_plain(error)}") from error


def strokes_of(said: Sequence[StrokeJson]) -> Strokes:
    """Return strokes whose form was checked.

    Raises:
        DatasetError: If they are more than can be drawn in time.
    """
    count = sum(len(stroke.points) for stroke in said)
    if count > MAX_POINTS:
        raise DatasetError(f"strokes take {MAX_POINTS:,} points, got {count:,}")
    if sum(len(stroke.points) * stroke.width for stroke in said) > MAX_PEN_WORK:
        raise DatasetError("strokes of so many points take a narrower pen")
    return tuple(Stroke(np.array(stroke.points), stroke.width) for stroke in said)


def _plain(error: msgspec.ValidationError) -> str:
    """Return what is wrong, and where, without the marks of code."""
    text = str(error).replace("`", "").replace("$", "")
    return text[:1].lower() + text[1:]
