"""Finds the numbers on a page, and reads them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from PIL import Image

from digitrec.arrays import Floats, Ink, Mask, Pixels
from digitrec.errors import BadInputError, BlankPictureError, PictureError, TooMuchInkError
from digitrec.ink.find_ink import PAGE_SIDE, find_ink_of, premultiplied
from digitrec.numbers.cuts import Line, scaled_line
from digitrec.numbers.lines.picture import line_picture
from digitrec.numbers.lines.reader import MAX_WIDTH, LineReading, shipped_line_reader
from digitrec.numbers.reader import Box, Number, read_line
from digitrec.recognition.recognizer import Recognizer

# The skew of a page is estimated among these angles, at this size: an upright page has the emptiest
# rows between its lines.
SKEW_DEGREES = np.arange(-8.0, 8.5, 1.0)
SKEW_SIDE = 256
# Numbers side by side are at least this far apart, as a multiple of their height.
WORD_GAP = 1.0
# Regions lower than this share of the usual height are specks, or belong to a number beside them.
MIN_HEIGHT = 0.35
# Regions with fewer pixels than this in both directions can't show a digit.
MIN_PIXELS = 5
# A region is the lower half of a broken digit if it is at most this wide (as a share of its height)
# and this far below the upper half (as a share of that half's height).
STEM_WIDTH = 0.5
MAX_BREAK = 0.08
# Reading stops once the work reaches this limit, about 30 four-digit numbers. Each number and each
# rejected line has a fixed cost in addition to its segments.
MAX_COST = 4_000
NUMBER_COST = 12
REJECTED_COST = 1_300
# The margins around a line for the line reader, as shares of its height. They recover faint digits
# that weren't found as ink, and stay clear of other numbers, which are at least ``WORD_GAP`` away.
ROW_MARGIN, COLUMN_MARGIN = 0.5, 0.3
# Rows and columns with less ink than this, in pixels, are empty.
EMPTY = 0.5


class Region(NamedTuple):
    """A rectangle of a page; bottom and right are exclusive."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top

    @property
    def longer(self) -> int:
        """Length of the longer side, in pixels."""
        return max(self.height, self.right - self.left)


class Crop(NamedTuple):
    """A part of a page, for the line reader.

    Attributes:
        picture: uint8 (40, n).
        left: The column of the page at which it begins.
        scale: Pixels of the page per pixel of the picture.
    """

    picture: Pixels
    left: float
    scale: float


@dataclass(frozen=True)
class PlacedLine:
    """A number's ink and its position in a picture.

    Attributes:
        line: The ink after deskewing; its corner is in pixels of the deskewed page.
        degrees: The angle by which the page was rotated clockwise to deskew it.
        middle: The center of that rotation, (x, y).
        scale: Pixels of the picture per pixel of the page.
        crop: The same part of the deskewed page, for the line reader.
    """

    line: Line
    degrees: float
    middle: tuple[float, float]
    scale: float
    crop: Crop

    def read(self, recognizer: Recognizer, text: str | None = None) -> Number:
        """Read the number; its digits' boxes are in pixels of the picture.

        Args:
            recognizer: The model that reads the digits.
            text: The digits if they are known: the ink is split to match them.

        Raises:
            TooMuchInkError: If there is more ink than a number has.
            BadInputError: If the ink is negligible or can't be split into these digits.
        """
        said = self.said if text is None else None
        number = read_line(recognizer, self.line, text, said)
        digits = (replace(digit, box=self._in_picture(digit.box)) for digit in number.digits)
        return replace(number, digits=tuple(digits))

    @cached_property
    def said(self) -> LineReading | None:
        """The line reader's result; None if the line is too long for it."""
        if self.crop.picture.shape[1] > MAX_WIDTH:
            return None
        said = shipped_line_reader().read(self.crop.picture)
        left = (self.crop.left - self.line.corner[0]) / self.line.scale
        return said._replace(left=left, scale=self.crop.scale / self.line.scale)

    def _in_picture(self, box: Box) -> Box:
        """Convert a box of the deskewed page to the picture: the bounding box of its corners."""
        angle = np.radians(self.degrees)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        left, top, right, bottom = box
        corners = np.array([(x, y) for x in (left, right) for y in (top, bottom)])
        placed = (corners - self.middle) @ turn.T + self.middle
        low, high = placed.min(axis=0) * self.scale, placed.max(axis=0) * self.scale
        return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


class ReadLines(NamedTuple):
    """The numbers of a page.

    Attributes:
        lines: The lines that were read.
        numbers: The number in each line.
        left_out: Lines that weren't read because they have too little or too much ink, or because
            the limit of work was reached.
    """

    lines: tuple[PlacedLine, ...]
    numbers: tuple[Number, ...]
    left_out: int


def read_page(recognizer: Recognizer, picture: Image.Image) -> ReadLines:
    """Read the numbers of a picture, from top to bottom and from left to right.

    Args:
        recognizer: The model that reads the digits.
        picture: Any mode and size, not empty; rotated by 8 degrees at most.

    Returns:
        The numbers; the boxes of their digits are in pixels of the picture.

    Raises:
        BlankPictureError: If it has no ink.
        PictureError: If none of its lines can be read as a number.
    """
    return read_lines(recognizer, find_lines(picture))


def read_lines(recognizer: Recognizer, lines: Sequence[PlacedLine]) -> ReadLines:
    """Read lines in order until the limit of work is reached.

    Raises:
        PictureError: If none of them can be read.
    """
    read: list[tuple[PlacedLine, Number]] = []
    cost = 0
    for line in lines:
        try:
            read.append((line, line.read(recognizer)))
            cost += NUMBER_COST + read[-1][1].cost
        except TooMuchInkError:
            cost += REJECTED_COST
        except BadInputError:
            cost += NUMBER_COST
        if cost > MAX_COST:
            break
    if not read:
        raise PictureError(
            "no numbers were found in this picture; crop it to the numbers and try again"
        )
    kept, numbers = zip(*read, strict=True)
    return ReadLines(kept, numbers, len(lines) - len(kept))


def find_lines(picture: Image.Image) -> list[PlacedLine]:
    """Find the numbers of a picture, from top to bottom and from left to right.

    Args:
        picture: Any mode and size, not empty; rotated by 8 degrees at most.

    Raises:
        BlankPictureError: If it has no ink.
    """
    pixels = premultiplied(picture, PAGE_SIDE)
    ink = find_ink_of(pixels, whole=True)
    degrees = 0.0 if _is_one_digit(regions(ink)) else _skew(ink)
    upright, darkness = _rotated(ink, -degrees), _rotated(_darkness(pixels, ink), -degrees)
    scale = picture.width / ink.shape[1]
    middle = (ink.shape[1] / 2, ink.shape[0] / 2)
    found = []
    for region in regions(upright):
        line = scaled_line(upright[region.top : region.bottom, region.left : region.right])
        x, y = line.corner
        on_page = line._replace(corner=(x + region.left, y + region.top))
        crop = _crop(darkness, region)
        found.append(PlacedLine(on_page, degrees, middle, scale, crop))
    if not found:
        raise BlankPictureError("this picture is blank; choose one with a number in it")
    return found


def _darkness(pixels: Pixels, ink: Ink) -> Floats:
    """Return how dark each pixel is, in the channel where ink differs most from paper.

    Args:
        pixels: uint8 (height, width, channels).
        ink: Their ink, float32 (height, width).

    Returns:
        float32 (height, width), higher for ink than for paper, also for white ink on black.
    """
    weights = np.stack([ink, 1 - ink]).reshape(2, -1)
    sums = weights @ pixels.reshape(-1, pixels.shape[2])
    of_ink, of_paper = sums / weights.sum(axis=1, keepdims=True)
    channel = int(np.abs(of_ink - of_paper).argmax())
    sign = -1 if of_ink[channel] < of_paper[channel] else 1
    return np.float32(sign) * pixels[..., channel]


def _crop(darkness: Floats, region: Region) -> Crop:
    above, beside = (round(share * region.height) for share in (ROW_MARGIN, COLUMN_MARGIN))
    top, left = max(0, region.top - above), max(0, region.left - beside)
    part = darkness[top : region.bottom + above, left : region.right + beside]
    picture = line_picture(part)
    return Crop(picture, left, part.shape[1] / picture.shape[1])


def regions(ink: Ink) -> list[Region]:
    """Split a page into its numbers, recursively, at empty rows and wide empty columns.

    Nagy, Seth, Viswanathan: A prototype document image analysis system for technical journals,
    1992 (recursive X-Y cuts).

    Args:
        ink: float32 (height, width), 0 (paper) to 1 (ink).
    """
    found = [part for part in _split(ink, Region(0, 0, *ink.shape)) if part.longer >= MIN_PIXELS]
    usual = _usual_height(found)
    return _with_stems(region for region in found if region.height >= MIN_HEIGHT * usual)


def _is_one_digit(found: list[Region]) -> bool:
    """Return whether there is a single digit, whose slant says nothing about the page's skew."""
    return len(found) == 1 and found[0].right - found[0].left <= found[0].height


def _with_stems(regions: Iterable[Region]) -> list[Region]:
    """Join stems with the region right above: the two halves of a broken digit."""
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
    """Return whether a region is a stem right below a single digit."""
    gap = below.top - above.bottom
    is_beneath = above.left <= (below.left + below.right) / 2 <= above.right
    is_stem = below.right - below.left <= STEM_WIDTH * below.height
    is_one_digit = above.right - above.left <= above.height + below.height
    return is_beneath and is_stem and is_one_digit and 0 <= gap <= MAX_BREAK * above.height


def _usual_height(found: list[Region]) -> float:
    """Return the median height of the regions, weighted by area."""
    lowest_first = sorted(found, key=lambda region: region.height)
    areas = np.cumsum([region.height * (region.right - region.left) for region in lowest_first])
    return lowest_first[int(np.searchsorted(areas, areas[-1] / 2))].height if found else 0.0


def _split(ink: Ink, region: Region) -> Iterator[Region]:
    """Yield the numbers in a region (recursive X-Y cut)."""
    framed = _framed(ink, region)
    if framed is None:
        return
    part = ink[framed.top : framed.bottom, framed.left : framed.right]
    rows = _stretches(part.sum(axis=1) > EMPTY, 1)
    if not rows:
        return
    bands = _with_flat_bands(rows)
    if len(bands) > 1:
        for begin, end in bands:
            top, bottom = framed.top + begin, framed.top + end
            yield from _split(ink, framed._replace(top=top, bottom=bottom))
        return
    words = _stretches(part.sum(axis=0) > EMPTY, round(WORD_GAP * framed.height))
    if len(words) > 1:
        for begin, end in words:
            left, right = framed.left + begin, framed.left + end
            yield from _split(ink, framed._replace(left=left, right=right))
        return
    yield framed


def _framed(ink: Ink, region: Region) -> Region | None:
    """Crop a region to its ink; None if it has none."""
    part = ink[region.top : region.bottom, region.left : region.right]
    rows = np.flatnonzero(part.sum(axis=1) > EMPTY)
    columns = np.flatnonzero(part.sum(axis=0) > EMPTY)
    if not len(rows) or not len(columns):
        return None
    top, left = region.top + int(rows[0]), region.left + int(columns[0])
    return Region(top, left, region.top + int(rows[-1]) + 1, region.left + int(columns[-1]) + 1)


def _stretches(marks: Mask, gap: int) -> list[tuple[int, int]]:
    """Return the runs of true values (begin, end), joined across gaps up to ``gap``."""
    places = np.flatnonzero(marks)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > max(gap, 1))
    begins = places[np.concatenate([[0], breaks + 1])]
    ends = places[np.concatenate([breaks, [len(places) - 1]])] + 1
    return [(int(begin), int(end)) for begin, end in zip(begins, ends, strict=True)]


def _with_flat_bands(bands: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join bands that are too flat to be a line with the next one, such as the top of a five."""
    highest = max(end - begin for begin, end in bands)
    joined: list[tuple[int, int]] = []
    for begin, end in bands:
        if joined:
            earlier = joined[-1]
            lowest = min(end - begin, earlier[1] - earlier[0])
            if lowest < MIN_HEIGHT * highest and begin - earlier[1] < MIN_HEIGHT * highest:
                joined[-1] = (earlier[0], end)
                continue
        joined.append((begin, end))
    return joined


def _skew(ink: Ink) -> float:
    """Return the angle by which a page is rotated counterclockwise, in degrees."""
    small = Image.fromarray(ink)
    small.thumbnail((SKEW_SIDE, SKEW_SIDE), Image.Resampling.BOX)
    profiles = [
        np.asarray(small.rotate(-degrees, Image.Resampling.BILINEAR)).sum(axis=1)
        for degrees in SKEW_DEGREES
    ]
    peaks = np.array([float(np.square(profile).sum()) for profile in profiles])
    upright = len(SKEW_DEGREES) // 2
    # The skew must be clear: single digits have none.
    best = int(peaks.argmax())
    return float(SKEW_DEGREES[best]) if peaks[best] > 1.1 * peaks[upright] else 0.0


def _rotated(ink: Ink, degrees: float) -> Ink:
    if not degrees:
        return ink
    return np.asarray(Image.fromarray(ink).rotate(degrees, Image.Resampling.BILINEAR))
