"""What the pen reports of the strokes that were drawn, checked once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from digitrec.errors import DatasetError
from digitrec.ink.stroke_json import StrokeJson, strokes_of
from digitrec.ink.strokes import Stroke


class NumberedStroke(StrokeJson):
    """A stroke as the pen reports and keeps it; what a canvas began with has no number."""

    number: int | msgspec.UnsetType = msgspec.UNSET


class _ReportJson(msgspec.Struct):
    strokes: list[NumberedStroke]
    session: str | None = None
    generation: int | None = None
    pressed: list[int] = []
    wiped: bool = False


@dataclass(frozen=True, eq=False)
class Report:
    """What the pen says was drawn since a canvas began.

    Attributes:
        drawn: The strokes by their numbers, of which a later one has a higher.
        session: Which session of the tab it is about; None if it doesn't say.
        generation: On which beginning the last stroke was drawn.
        pressed: The numbers at which a tool was pressed.
        wiped: Whether another beginning has wiped strokes off the canvas.
    """

    drawn: Mapping[int, Stroke]
    session: str | None
    generation: int | None
    pressed: tuple[int, ...]
    wiped: bool

    def between(self, seen: float, until: float) -> dict[int, Stroke]:
        """Return the strokes with numbers above one and below another."""
        return {number: stroke for number, stroke in self.drawn.items() if seen < number < until}

    def first_press(self, seen: float) -> int | None:
        """Return the number of the first press above another number."""
        return min((at for at in self.pressed if at > seen), default=None)


def numbered(said: Sequence[NumberedStroke]) -> dict[int, Stroke]:
    """Return strokes by their numbers; those that have none count from 1.

    Raises:
        DatasetError: If they are more than can be drawn in time.
    """
    numbers = (
        place if stroke.number is msgspec.UNSET else stroke.number
        for place, stroke in enumerate(said, 1)
    )
    return dict(zip(numbers, strokes_of(said), strict=True))


def checked_report(said: Any) -> Report | None:
    """Return a report; None if it is none, since a browser may send anything."""
    try:
        report = msgspec.convert(said, _ReportJson)
        drawn = numbered(report.strokes)
    except (msgspec.ValidationError, DatasetError):
        return None
    pressed = tuple(report.pressed)
    return Report(drawn, report.session, report.generation, pressed, report.wiped)
