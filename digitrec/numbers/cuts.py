"""Possible cuts between the digits of a line: paths from top to bottom that cross little ink.

Slanted or overlapping digits can't be separated by straight lines. The paths are the seams of
Avidan, Shamir: Seam carving for content-aware image resizing, 2007.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from digitrec.arrays import Doubles, Indices, Ink, Mask
from digitrec.ink.preprocessing import crop, stroke_width

# Lines are scaled to this height, in pixels, with an empty margin at the left and right.
LINE_HEIGHT = 64
MARGIN = 2
# A line longer than this multiple of its height is scaled by its length, because it is a flat
# stroke.
LONGEST = 24
# The cost of a sideways step, in pixels of ink. Of 400 touching numbers made of MNIST's test digits
# 86% were read exactly with 0.02, 89% with 0.3, and no more with values up to 1.2.
SIDEWAYS_COST = 0.3
# Cuts are searched for through these rows, as shares of the height.
ROWS = (0.3, 0.5, 0.7)
# The most ink that a cut may cross, in pen widths.
MAX_CROSSED = 3.2
# A column is flat if its ink is at most this many pen widths high.
FLAT = 1.6
# Two cuts are duplicates if less ink than this lies between them, in squared pen widths.
DUPLICATE_INK = 0.25
# Pixels with less ink than this aren't counted.
FAINT = 0.2


class Segment(NamedTuple):
    """A segment of a line's ink.

    Attributes:
        ink: float32 (64, n), 0 (paper) to 1 (ink).
        left: The line's column at which it begins.
    """

    ink: Ink
    left: int = 0


class Line(NamedTuple):
    """A line of ink, scaled to ``LINE_HEIGHT``.

    Attributes:
        ink: float32 (64, width), 0 (paper) to 1 (ink).
        scale: Pixels of the source per pixel of the line.
        corner: Position of its top left corner in the source, (x, y).
    """

    ink: Ink
    scale: float
    corner: tuple[float, float]

    def box(self, segment: Segment) -> tuple[float, float, float, float]:
        """Return a segment's bounding box in the source: left, top, right, bottom."""
        ink, left = segment
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0)) + left
        x, y = self.corner
        return (
            x + columns[0] * self.scale,
            y + rows[0] * self.scale,
            x + (columns[-1] + 1) * self.scale,
            y + (rows[-1] + 1) * self.scale,
        )


class CutLine(NamedTuple):
    """A line of ink and its possible cuts.

    Attributes:
        ink: float32 (64, width), 0 (paper) to 1 (ink).
        cuts: intp (64,) each, from left to right: for each row, the first column after the cut.
            The first cut lies before all ink, the last one after it.
        pen: Stroke width, in pixels.
    """

    ink: Ink
    cuts: list[Indices]
    pen: float

    @property
    def least(self) -> float:
        """The smallest number of ink pixels that counts."""
        return 0.3 * self.pen**2

    def between(self, begin: int, end: int) -> Segment | None:
        """Return the ink between two cuts; None if it is negligible."""
        segment = self.segment((begin, end))
        return None if np.count_nonzero(segment.ink > FAINT) < self.least else segment

    def segment(self, span: tuple[int, int]) -> Segment:
        """Return the ink between two cuts, even if there is almost none."""
        begin, end = (self.cuts[index] for index in span)
        left, right = int(begin.min()), int(end.max())
        columns = np.arange(left, right)
        inside = (columns >= begin[:, None]) & (columns < end[:, None])
        return Segment(np.where(inside, self.ink[:, left:right], np.float32(0)), left)


class Extents(NamedTuple):
    """The ink between one cut and each of the cuts after it.

    Attributes:
        counts: Number of pixels with ink that isn't faint.
        widths: Number of columns from the first to the last with ink, without flat columns such as
            the long foot of a two; undefined for negligible ink.
    """

    counts: Indices
    widths: Indices


def extents(line: CutLine) -> Iterator[Extents]:
    """Yield the extents for each cut but the last, by cumulative sums over the line."""
    height, width = line.ink.shape
    rows, cuts = np.arange(height)[:, None], np.stack(line.cuts, axis=1)
    columns, inked = np.arange(width), line.ink > 0
    # For each row and cut: the ink before it, and the nearest columns with ink on both sides.
    dark = np.pad(np.cumsum(line.ink > FAINT, axis=1), ((0, 0), (1, 0)))[rows, cuts]
    last = np.maximum.accumulate(np.where(inked, columns, -1), axis=1)
    last = np.pad(last, ((0, 0), (1, 0)), constant_values=-1)[rows, cuts]
    first = np.minimum.accumulate(np.where(inked, columns, width)[:, ::-1], axis=1)[:, ::-1]
    first = np.pad(first, ((0, 0), (0, 1)), constant_values=width)[rows, cuts]
    not_flat = np.pad(np.cumsum(~_is_flat(inked, line.pen)), (1, 0))
    for begin in range(len(line.cuts) - 1):
        here, after = np.s_[:, begin, None], np.s_[:, begin + 1 :]
        counts = np.maximum(dark[after] - dark[here], 0).sum(axis=0)
        lefts = np.where(first[here] < cuts[after], first[here], width).min(axis=0)
        rights = np.where(last[after] >= cuts[here], last[after], -1).max(axis=0)
        yield Extents(counts, not_flat[rights + 1] - not_flat[lefts])


def _is_flat(inked: Mask, pen: float) -> Mask:
    """Return for each column whether its ink is no higher than a horizontal stroke."""
    first, last = inked.argmax(axis=0), len(inked) - inked[::-1].argmax(axis=0)
    return inked.any(axis=0) & (last - first <= FLAT * pen)


def scaled_line(ink: Ink) -> Line:
    """Crop a line of ink, not all 0, and scale it to ``LINE_HEIGHT``."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    cropped = crop(ink)
    scale = max(cropped.shape[0], cropped.shape[1] / LONGEST) / LINE_HEIGHT
    size = (max(1, round(cropped.shape[1] / scale)), max(1, round(cropped.shape[0] / scale)))
    how = Image.Resampling.BOX if scale > 1 else Image.Resampling.BICUBIC
    scaled = np.clip(np.asarray(Image.fromarray(cropped).resize(size, how)), 0, 1)
    framed = np.pad(scaled, ((0, LINE_HEIGHT - size[1]), (MARGIN, MARGIN)))
    return Line(framed, scale, (float(columns[0] - MARGIN * scale), float(rows[0])))


def cut_line(line: Ink) -> CutLine:
    """Find the possible cuts of a line, float32 (64, width), with empty left and right edges."""
    height, width = line.shape
    pen = stroke_width(line)
    rows = np.arange(height)
    # The ink to the left of each position, row by row.
    ink_left = np.pad(np.cumsum(line, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    least = max(DUPLICATE_INK * pen**2, 0.03 * pen * LINE_HEIGHT)
    found = _seams(line, MAX_CROSSED * pen)
    # The ink before each cut, row by row.
    ink_before = np.empty((len(found), height))
    cuts: list[tuple[float, Indices]] = []
    for seam, cost in found:
        before = ink_left[rows, seam]
        if not 0.01 <= before.sum() / ink_left[:, -1].sum() <= 0.99:
            continue
        ink_between = np.abs(ink_before[: len(cuts)] - before).sum(axis=1)
        duplicates = np.flatnonzero(ink_between < least)
        index = int(duplicates[0]) if len(duplicates) else len(cuts)
        if index == len(cuts):
            cuts.append((cost, seam))
        elif cost < cuts[index][0]:
            cuts[index] = (cost, seam)
        else:
            continue
        ink_before[index] = before
    order = np.argsort(ink_before[: len(cuts)].sum(axis=1), kind="stable")
    ordered = [cuts[index][1] for index in order]
    return CutLine(line, [np.zeros(height, int), *ordered, np.full(height, width)], pen)


def _seams(line: Ink, most: float) -> list[tuple[Indices, float]]:
    """Return the locally cheapest seams, and how much ink each crosses."""
    height = line.shape[0]
    cost = line.astype(np.float64)
    from_top, from_bottom = _cheapest(cost)
    seams: list[tuple[Indices, float]] = []
    for share in ROWS:
        row = int(height * share)
        through = from_top.costs[row] + from_bottom.costs[height - 1 - row] - cost[row]
        columns = _valleys(through, most)
        above = _followed(from_top.steps, row, columns)
        below = _followed(from_bottom.steps, height - 1 - row, columns)[::-1]
        seams += zip(np.concatenate([above, below[1:]]).T, through[columns].tolist(), strict=True)
    return seams


class _Cheapest(NamedTuple):
    costs: Doubles
    steps: npt.NDArray[np.int8]


def _cheapest(cost: Doubles) -> tuple[_Cheapest, _Cheapest]:
    """Return the cost of the cheapest path to each pixel, and its last step.

    The first result is for paths from the top row, the second, upside down, from the bottom row.
    """
    costs = np.stack([cost, cost[::-1]], axis=1)
    steps = np.zeros(costs.shape, np.int8)
    around = np.full((2, cost.shape[1] + 2), np.inf)
    for row in range(1, len(cost)):
        above = around[:, 1:-1] = costs[row - 1]
        left, right = around[:, :-2] + SIDEWAYS_COST, around[:, 2:] + SIDEWAYS_COST
        best = np.minimum(np.minimum(above, left), right)
        steps[row] = np.where(above <= best, 0, np.where(left <= best, -1, 1))
        costs[row] += best
    return _Cheapest(costs[:, 0], steps[:, 0]), _Cheapest(costs[:, 1], steps[:, 1])


def _followed(steps: npt.NDArray[np.int8], row: int, columns: Indices) -> Indices:
    """Trace the cheapest paths from the first row to pixels of a row: columns, (row + 1, n)."""
    paths = np.empty((row + 1, len(columns)), np.intp)
    paths[row] = columns
    for y in range(row, 0, -1):
        paths[y - 1] = paths[y] + steps[y, paths[y]]
    return paths


def _valleys(values: Doubles, most: float) -> Indices:
    """Return the middle of each local minimum, which may be several columns wide."""
    ends = np.flatnonzero(np.abs(np.diff(values)) >= 0.05)
    begins = np.concatenate([[0], ends + 1])
    lasts = np.concatenate([ends, [len(values) - 1]])
    around = np.concatenate([[np.inf], values, [np.inf]])
    low = values[begins] < most
    low &= (around[begins] > values[begins]) & (around[lasts + 2] > values[lasts])
    return (begins[low] + lasts[low]) // 2
