"""The pen's reports of new strokes, validated once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from digitrec.errors import DatasetError
from digitrec.ink.stroke_json import StrokeJson, strokes_of
from digitrec.ink.strokes import Stroke


class NumberedStroke(StrokeJson):
    """A stroke as the pen reports and keeps it; strokes of the beginning have no number."""

    number: int | msgspec.UnsetType = msgspec.UNSET


class _ReportJson(msgspec.Struct):
    strokes: list[NumberedStroke]
    session: str | None = None
    generation: int | None = None
    pressed: list[int] = []
    wiped: bool = False


@dataclass(frozen=True, eq=False)
class Report:
    """The strokes since a canvas's beginning.

    Attributes:
        drawn: The strokes by number; later strokes have higher numbers.
        session: The session that it belongs to; None if unknown.
        generation: The beginning that the last stroke was drawn on.
        pressed: The numbers of the tool presses.
        wiped: Whether another beginning has erased strokes from the canvas.
    """

    drawn: Mapping[int, Stroke]
    session: str | None
    generation: int | None
    pressed: tuple[int, ...]
    wiped: bool

    def between(self, seen: float, until: float) -> dict[int, Stroke]:
        """Return the strokes with numbers between ``seen`` and ``until``, both exclusive."""
        return {number: stroke for number, stroke in self.drawn.items() if seen < number < until}

    def first_press(self, seen: float) -> int | None:
        """Return the number of the first press after ``seen``."""
        return min((at for at in self.pressed if at > seen), default=None)


def numbered(said: Sequence[NumberedStroke]) -> dict[int, Stroke]:
    """Return strokes by number; those without a number are counted from 1.

    Raises:
        DatasetError: If they would take too long to draw.
    """
    numbers = (
        place if stroke.number is msgspec.UNSET else stroke.number
        for place, stroke in enumerate(said, 1)
    )
    return dict(zip(numbers, strokes_of(said), strict=True))


def checked_report(said: Any) -> Report | None:
    """Return a valid report, or None, since a browser may send anything."""
    try:
        report = msgspec.convert(said, _ReportJson)
        drawn = numbered(report.strokes)
    except (msgspec.ValidationError, DatasetError):
        return None
    pressed = tuple(report.pressed)
    return Report(drawn, report.session, report.generation, pressed, report.wiped)
