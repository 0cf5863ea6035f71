"""The numbers of a picture: where they stand, and what they say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from PIL import Image

from digitrec.arrays import Ink, Mask
from digitrec.errors import BadInputError, BlankPictureError, PictureError, TooMuchInkError
from digitrec.ink.find_ink import find_ink
from digitrec.numbers.cuts import Line, scaled_line
from digitrec.numbers.reader import Box, Number, read_line
from digitrec.recognition.recognizer import Recognizer

# The page may be turned by so much; where its rows are emptiest between the lines, it is upright.
DEGREES = np.arange(-8.0, 8.5, 1.0)
UPRIGHT_SIDE = 256
# Ink parts further from one another than so many times their height are different numbers.
WORD_GAP = 1.0
# What is less high than such a share of the other numbers is a speck, or belongs to one beside it.
LOWEST = 0.35
# What has fewer pixels than this in either direction shows no digit.
SMALLEST = 5
# A stem below a gap is no wider than such a share of its height; the gap is no higher than such a
# share of what is above it.
STEM = 0.5
BREAK = 0.08
# A picture is read until its numbers took this effort: about 30 of four digits. Each number takes
# some beside its parts, and so does what is too much ink.
MOST_EFFORT = 4_000
NUMBER_EFFORT = 12
REFUSAL_EFFORT = 1_300
# A row or column with less ink, in pixels, is empty.
EMPTY = 0.5


class Region(NamedTuple):
    """A part of a page: the first row and column, and those behind it."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How many rows it has."""
        return self.bottom - self.top

    @property
    def longer(self) -> int:
        """How many pixels its longer side has."""
        return max(self.height, self.right - self.left)


@dataclass(frozen=True)
class PlacedLine:
    """A number's ink, and where it stands in a picture.

    Attributes:
        line: The ink, upright; its corner is in pixels of the page on which it was found.
        degrees: By how many the page was turned for that, clockwise.
        middle: What it was turned about, (x, y).
        scale: How many pixels of the picture are one of the page.
    """

    line: Line
    degrees: float
    middle: tuple[float, float]
    scale: float

    def read(self, recognizer: Recognizer, text: str | None = None) -> Number:
        """Read the number; its digits' boxes are in pixels of the picture.

        Args:
            recognizer: The model that reads the digits.
            text: The digits that a person says it has: the ink is parted accordingly.

        Raises:
            BadInputError: If the ink can't be parted into so many digits.
        """
        number = read_line(recognizer, self.line, text)
        digits = (replace(digit, box=self._in_picture(digit.box)) for digit in number.digits)
        return replace(number, digits=tuple(digits))

    def _in_picture(self, box: Box) -> Box:
        """Return where a box of the upright page lies: the box around its corners."""
        angle = np.radians(self.degrees)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        left, top, right, bottom = box
        corners = np.array([(x, y) for x in (left, right) for y in (top, bottom)])
        placed = (corners - self.middle) @ turn.T + self.middle
        low, high = placed.min(axis=0) * self.scale, placed.max(axis=0) * self.scale
        return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


class ReadLines(NamedTuple):
    """What was read of a page.

    Attributes:
        lines: The lines that were read.
        numbers: What each of them says.
        left_out: How many lines were not read: they hold too little ink or too much, or came after
            enough had been read.
    """

    lines: tuple[PlacedLine, ...]
    numbers: tuple[Number, ...]
    left_out: int


def read_page(recognizer: Recognizer, picture: Image.Image) -> ReadLines:
    """Read the numbers of a picture, from top to bottom and from left to right.

    Args:
        recognizer: The model that reads the digits.
        picture: Any mode and size, not empty; several numbers, turned by 8 degrees at most.

    Returns:
        The numbers; the boxes of their digits are in pixels of the picture.

    Raises:
        BlankPictureError: If it holds no ink.
        PictureError: If none of its lines can be read as a number.
    """
    return read_lines(recognizer, find_lines(picture))


def read_lines(recognizer: Recognizer, lines: Sequence[PlacedLine]) -> ReadLines:
    """Read lines one after the other until that took enough effort.

    Raises:
        PictureError: If none of them can be read.
    """
    read: list[tuple[PlacedLine, Number]] = []
    effort = 0
    for line in lines:
        try:
            read.append((line, line.read(recognizer)))
            effort += NUMBER_EFFORT + read[-1][1].effort
        except TooMuchInkError:
            effort += REFUSAL_EFFORT
        except BadInputError:
            effort += NUMBER_EFFORT
        if effort > MOST_EFFORT:
            break
    if not read:
        raise PictureError(
            "no numbers were found in the picture's ink; crop it to the numbers and try again"
        )
    kept, numbers = zip(*read, strict=True)
    return ReadLines(kept, numbers, len(lines) - len(kept))


def find_lines(picture: Image.Image) -> list[PlacedLine]:
    """Find the numbers of a picture, from top to bottom and from left to right.

    Args:
        picture: Any mode and size, not empty; several numbers, turned by 8 degrees at most.

    Raises:
        BlankPictureError: If it holds no ink.
    """
    ink = find_ink(picture, whole=True)
    degrees = 0.0 if _is_one_digit(regions(ink)) else _turn(ink)
    upright = _turned(ink, -degrees)
    scale = picture.width / ink.shape[1]
    middle = (ink.shape[1] / 2, ink.shape[0] / 2)
    found = []
    for region in regions(upright):
        line = scaled_line(upright[region.top : region.bottom, region.left : region.right])
        x, y = line.corner
        on_page = line._replace(corner=(x + region.left, y + region.top))
        found.append(PlacedLine(on_page, degrees, middle, scale))
    if not found:
        raise BlankPictureError("expected a picture with a number in it, got a blank one")
    return found


def regions(ink: Ink) -> list[Region]:
    """Part a page into its numbers: at empty rows and at wide empty columns, again and again.

    Nagy, Seth, Viswanathan: A prototype document image analysis system for technical journals,
    1992 (recursive X-Y cuts).

    Args:
        ink: float32 (height, width), 0 (paper) to 1 (ink).
    """
    found = [part for part in _parted(ink, Region(0, 0, *ink.shape)) if part.longer >= SMALLEST]
    usual = _usual_height(found)
    return _joined(region for region in found if region.height >= LOWEST * usual)


def _is_one_digit(found: list[Region]) -> bool:
    """Tell whether there is nothing but a region as narrow as a digit, which leans as it likes."""
    return len(found) == 1 and found[0].right - found[0].left <= found[0].height


def _joined(regions: Iterable[Region]) -> list[Region]:
    """Put a stem to what stands right above it: a digit with a gap, as a pen out of ink leaves."""
    joined: list[Region] = []
    for region in regions:
        if joined and _continues(joined[-1], region):
            above = joined.pop()
            left, right = min(above.left, region.left), max(above.right, region.right)
            joined.append(Region(above.top, left, region.bottom, right))
        else:
            joined.append(region)
    return joined


def _continues(above: Region, below: Region) -> bool:
    """Tell whether a region is a stem, narrow and alone, right below another digit's."""
    gap = below.top - above.bottom
    is_beneath = above.left <= (below.left + below.right) / 2 <= above.right
    is_stem = below.right - below.left <= STEM * below.height
    is_one_digit = above.right - above.left <= above.height + below.height
    return is_beneath and is_stem and is_one_digit and 0 <= gap <= BREAK * above.height


def _usual_height(found: list[Region]) -> float:
    """Return the height of those regions that have half of all area, and no lower ones more."""
    lowest_first = sorted(found, key=lambda region: region.height)
    areas = np.cumsum([region.height * (region.right - region.left) for region in lowest_first])
    return lowest_first[int(np.searchsorted(areas, areas[-1] / 2))].height if found else 0.0


def _parted(ink: Ink, region: Region) -> Iterator[Region]:
    framed = _framed(ink, region)
    if framed is None:
        return
    part = ink[framed.top : framed.bottom, framed.left : framed.right]
    rows = _stretches(part.sum(axis=1) > EMPTY, 1)
    if not rows:
        return
    bands = _with_small_ones(rows)
    if len(bands) > 1:
        for begin, end in bands:
            top, bottom = framed.top + begin, framed.top + end
            yield from _parted(ink, framed._replace(top=top, bottom=bottom))
        return
    words = _stretches(part.sum(axis=0) > EMPTY, round(WORD_GAP * framed.height))
    if len(words) > 1:
        for begin, end in words:
            left, right = framed.left + begin, framed.left + end
            yield from _parted(ink, framed._replace(left=left, right=right))
        return
    yield framed


def _framed(ink: Ink, region: Region) -> Region | None:
    """Return the region without its empty rows and columns; None if all are."""
    part = ink[region.top : region.bottom, region.left : region.right]
    rows = np.flatnonzero(part.sum(axis=1) > EMPTY)
    columns = np.flatnonzero(part.sum(axis=0) > EMPTY)
    if not len(rows) or not len(columns):
        return None
    top, left = region.top + int(rows[0]), region.left + int(columns[0])
    return Region(top, left, region.top + int(rows[-1]) + 1, region.left + int(columns[-1]) + 1)


def _stretches(marks: Mask, gap: int) -> list[tuple[int, int]]:
    """Return where marks begin and end, less than so many empty places apart counting as one."""
    places = np.flatnonzero(marks)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > max(gap, 1))
    begins = places[np.concatenate([[0], breaks + 1])]
    ends = places[np.concatenate([breaks, [len(places) - 1]])] + 1
    return [(int(begin), int(end)) for begin, end in zip(begins, ends, strict=True)]


def _with_small_ones(bands: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put what is too low to be a line to the line beside it: the hat of a five, for one."""
    highest = max(end - begin for begin, end in bands)
    joined: list[tuple[int, int]] = []
    for begin, end in bands:
        if joined:
            earlier = joined[-1]
            lowest = min(end - begin, earlier[1] - earlier[0])
            if lowest < LOWEST * highest and begin - earlier[1] < LOWEST * highest:
                joined[-1] = (earlier[0], end)
                continue
        joined.append((begin, end))
    return joined


def _turn(ink: Ink) -> float:
    """Return by how many degrees a page is turned, counterclockwise."""
    small = Image.fromarray(ink)
    small.thumbnail((UPRIGHT_SIDE, UPRIGHT_SIDE), Image.Resampling.BOX)
    profiles = [
        np.asarray(small.rotate(-degrees, Image.Resampling.BILINEAR)).sum(axis=1)
        for degrees in DEGREES
    ]
    peaks = np.array([float(np.square(profile).sum()) for profile in profiles])
    upright = len(DEGREES) // 2
    # A slope must show clearly: single digits have none.
    best = int(peaks.argmax())
    return float(DEGREES[best]) if peaks[best] > 1.1 * peaks[upright] else 0.0


def _turned(ink: Ink, degrees: float) -> Ink:
    if not degrees:
        return ink
    return np.asarray(Image.fromarray(ink).rotate(degrees, Image.Resampling.BILINEAR))
