"""Where a line of ink may be cut into digits: on the ways from top to bottom with the least ink.

Digits that lean or reach over one another are parted by such ways and not by straight lines. They
are found as Avidan and Shamir do: Seam carving for content-aware image resizing, 2007.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from digitrec.arrays import Doubles, Ink, Mask, Path
from digitrec.ink.preprocessing import crop, stroke_width

# Lines are worked on at this height, in pixels, and have an empty margin left and right.
LINE_HEIGHT = 64
MARGIN = 2
# A line that is longer than so many times its height is a stroke, and is made smaller.
LONGEST = 24
# A step to the side costs as much as so much ink. Of 400 touching numbers of MNIST's test digits
# 86% were read right with 0.02, 89% with this, and no more with up to 1.2.
SIDEWAYS = 0.3
# At these heights the best ways are looked for, as shares of the line.
ROWS = (0.3, 0.5, 0.7)
# No cut goes through more ink than so many times the pen's width.
THICKEST = 3.2
# A column is flat if its ink is at most this many pen widths high.
FLAT = 1.6
# Two cuts are the same if no more ink lies between them, in pens' widths squared.
SAME = 0.25
FAINT = 0.2


class Part(NamedTuple):
    """Ink of a part of a line.

    Attributes:
        ink: float32 (64, n), 0 (paper) to 1 (ink): some of the line's columns.
        left: The first of them.
    """

    ink: Ink
    left: int = 0


class Line(NamedTuple):
    """A line of ink at the height that lines are worked on at.

    Attributes:
        ink: float32 (64, width), 0 (paper) to 1 (ink).
        scale: How many times as large it was.
        corner: Where its left upper corner lay, (x, y).
    """

    ink: Ink
    scale: float
    corner: tuple[float, float]

    def box(self, part: Part) -> tuple[float, float, float, float]:
        """Return where a part of the line, not all 0, lay: left, top, right, bottom."""
        ink, left = part
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0)) + left
        x, y = self.corner
        return (
            x + columns[0] * self.scale,
            y + rows[0] * self.scale,
            x + (columns[-1] + 1) * self.scale,
            y + (rows[-1] + 1) * self.scale,
        )


class CutLine(NamedTuple):
    """A line of ink and where it may be cut.

    Attributes:
        ink: float32 (64, width), 0 (paper) to 1 (ink).
        cuts: From left to right, one column for each row: the ink left of it is before the cut.
            The first is before all ink and the last behind.
        pen: The width of the strokes, in pixels.
    """

    ink: Ink
    cuts: list[Path]
    pen: float

    @property
    def least(self) -> float:
        """How many pixels of ink are more than next to nothing."""
        return 0.3 * self.pen**2

    def between(self, begin: int, end: int) -> Part | None:
        """Return the ink between two cuts; None if that is next to nothing."""
        part = self.part((begin, end))
        return None if np.count_nonzero(part.ink > FAINT) < self.least else part

    def part(self, span: tuple[int, int]) -> Part:
        """Return the ink between two cuts, however little."""
        begin, end = (self.cuts[place] for place in span)
        left, right = int(begin.min()), int(end.max())
        columns = np.arange(left, right)
        inside = (columns >= begin[:, None]) & (columns < end[:, None])
        return Part(np.where(inside, self.ink[:, left:right], np.float32(0)), left)


class Extents(NamedTuple):
    """How much ink there is between one cut and each of those behind it.

    Attributes:
        counts: The pixels with ink that is not faint.
        widths: How many columns there are from the first with ink to the last, without flat ones,
            as in the long foot of a two; what is next to nothing has any width.
    """

    counts: Path
    widths: Path


def extents(line: CutLine) -> Iterator[Extents]:
    """Measure the ink between each cut but the last and all behind it, without looking at it."""
    height, width = line.ink.shape
    rows, ways = np.arange(height)[:, None], np.stack(line.cuts, axis=1)
    columns, inked = np.arange(width), line.ink > 0
    # Of each way and row: how many pixels are before it, and the inked ones next to it.
    dark = np.pad(np.cumsum(line.ink > FAINT, axis=1), ((0, 0), (1, 0)))[rows, ways]
    last = np.maximum.accumulate(np.where(inked, columns, -1), axis=1)
    last = np.pad(last, ((0, 0), (1, 0)), constant_values=-1)[rows, ways]
    first = np.minimum.accumulate(np.where(inked, columns, width)[:, ::-1], axis=1)[:, ::-1]
    first = np.pad(first, ((0, 0), (0, 1)), constant_values=width)[rows, ways]
    not_flat = np.pad(np.cumsum(~_is_flat(inked, line.pen)), (1, 0))
    for begin in range(len(line.cuts) - 1):
        here, behind = np.s_[:, begin, None], np.s_[:, begin + 1 :]
        counts = np.maximum(dark[behind] - dark[here], 0).sum(axis=0)
        lefts = np.where(first[here] < ways[behind], first[here], width).min(axis=0)
        rights = np.where(last[behind] >= ways[here], last[behind], -1).max(axis=0)
        yield Extents(counts, not_flat[rights + 1] - not_flat[lefts])


def _is_flat(inked: Mask, pen: float) -> Mask:
    """Tell of each column whether its ink reaches no further than a lying stroke is wide."""
    first, last = inked.argmax(axis=0), len(inked) - inked[::-1].argmax(axis=0)
    return inked.any(axis=0) & (last - first <= FLAT * pen)


def scaled_line(ink: Ink) -> Line:
    """Crop a line of ink, not all 0, and bring it to the height that lines are worked on at."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    cropped = crop(ink)
    scale = max(cropped.shape[0], cropped.shape[1] / LONGEST) / LINE_HEIGHT
    size = (max(1, round(cropped.shape[1] / scale)), max(1, round(cropped.shape[0] / scale)))
    how = Image.Resampling.BOX if scale > 1 else Image.Resampling.BICUBIC
    scaled = np.clip(np.asarray(Image.fromarray(cropped).resize(size, how)), 0, 1)
    framed = np.pad(scaled, ((0, LINE_HEIGHT - size[1]), (MARGIN, MARGIN)))
    return Line(framed, scale, (float(columns[0] - MARGIN * scale), float(rows[0])))


def cut_line(line: Ink) -> CutLine:
    """Find where a line may be cut: float32 (64, width), empty at its left and right edge."""
    height, width = line.shape
    pen = stroke_width(line)
    rows = np.arange(height)
    # How much ink is left of each place, row by row.
    left_of = np.pad(np.cumsum(line, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    least = max(SAME * pen**2, 0.03 * pen * LINE_HEIGHT)
    found = _ways(line, THICKEST * pen)
    befores = np.empty((len(found), height))
    cuts: list[tuple[float, Path]] = []
    for way, cost in found:
        before = left_of[rows, way]
        if not 0.01 <= before.sum() / left_of[:, -1].sum() <= 0.99:
            continue
        # How much ink lies between this way and each of the others.
        between = np.abs(befores[: len(cuts)] - before).sum(axis=1)
        twins = np.flatnonzero(between < least)
        place = int(twins[0]) if len(twins) else len(cuts)
        if place == len(cuts):
            cuts.append((cost, way))
        elif cost < cuts[place][0]:
            cuts[place] = (cost, way)
        else:
            continue
        befores[place] = before
    order = np.argsort(befores[: len(cuts)].sum(axis=1), kind="stable")
    ordered = [cuts[place][1] for place in order]
    return CutLine(line, [np.zeros(height, int), *ordered, np.full(height, width)], pen)


def _ways(line: Ink, most: float) -> list[tuple[Path, float]]:
    """Return the ways that are better than those beside them, and what ink each crosses."""
    height = line.shape[0]
    cost = line.astype(np.float64)
    from_top, from_bottom = _cheapest(cost)
    ways: list[tuple[Path, float]] = []
    for share in ROWS:
        row = int(height * share)
        through = from_top.costs[row] + from_bottom.costs[height - 1 - row] - cost[row]
        columns = _valleys(through, most)
        above = _followed(from_top.steps, row, columns)
        below = _followed(from_bottom.steps, height - 1 - row, columns)[::-1]
        ways += zip(np.concatenate([above, below[1:]]).T, through[columns].tolist(), strict=True)
    return ways


class _Cheapest(NamedTuple):
    costs: Doubles
    steps: npt.NDArray[np.int8]


def _cheapest(cost: Doubles) -> tuple[_Cheapest, _Cheapest]:
    """Return for each pixel what the best way to it costs, and its last step.

    The one is of the ways from the first row, the other of those from the last, upside down.
    """
    costs = np.stack([cost, cost[::-1]], axis=1)
    steps = np.zeros(costs.shape, np.int8)
    around = np.full((2, cost.shape[1] + 2), np.inf)
    for row in range(1, len(cost)):
        above = around[:, 1:-1] = costs[row - 1]
        left, right = around[:, :-2] + SIDEWAYS, around[:, 2:] + SIDEWAYS
        best = np.minimum(np.minimum(above, left), right)
        steps[row] = np.where(above <= best, 0, np.where(left <= best, -1, 1))
        costs[row] += best
    return _Cheapest(costs[:, 0], steps[:, 0]), _Cheapest(costs[:, 1], steps[:, 1])


def _followed(steps: npt.NDArray[np.int8], row: int, columns: Path) -> Path:
    """Return the columns of the best ways from the first row to pixels of a row, (row + 1, n)."""
    ways = np.empty((row + 1, len(columns)), np.intp)
    ways[row] = columns
    for y in range(row, 0, -1):
        ways[y - 1] = ways[y] + steps[y, ways[y]]
    return ways


def _valleys(values: Doubles, most: float) -> Path:
    """Return the middles of the stretches that are lower than what is beside them."""
    ends = np.flatnonzero(np.abs(np.diff(values)) >= 0.05)
    begins = np.concatenate([[0], ends + 1])
    lasts = np.concatenate([ends, [len(values) - 1]])
    around = np.concatenate([[np.inf], values, [np.inf]])
    low = values[begins] < most
    low &= (around[begins] > values[begins]) & (around[lasts + 2] > values[lasts])
    return (begins[low] + lasts[low]) // 2
