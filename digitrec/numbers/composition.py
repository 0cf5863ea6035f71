"""Numbers composed of single digits, with a chosen distance between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from digitrec.arrays import Ink, Mask, Pixels, Points
from digitrec.ink.pen import render
from digitrec.ink.strokes import Strokes, drawn_with

# The approximate height of digits, in canvas pixels.
HEIGHT = 120
# The space above and below them, as a share of the height.
MARGIN = 0.25
PEN_WIDTHS = (5.0, 14.0)
# Pixels with more ink than this count as touching.
INK_LEVEL = 0.3
# The largest overlap of touching digits, as a share of their height: of the ink, and of the
# bounding boxes.
MAX_INK_OVERLAP = 0.05
MAX_BOX_OVERLAP = 0.1

Traces = Sequence[Points]
Rng = np.random.Generator


class Spacing(StrEnum):
    """The distance between digits, as a share of their height.

    ``APART``: a gap between bounding boxes of 0.1 to 0.5. ``CLOSE``: a gap below 0.1.
    ``TOUCHING``: the ink touches or overlaps by up to 0.05; bounding boxes overlap by at most 0.1,
    even if the ink then doesn't touch.
    """

    APART = "apart"
    CLOSE = "close"
    TOUCHING = "touching"


@dataclass(frozen=True)
class ComposedNumber:
    """A number as strokes on a wide canvas.

    Attributes:
        strokes: In whole canvas pixels.
        owners: The index of the digit to which each stroke belongs.
    """

    strokes: Strokes
    owners: list[int]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a canvas that fits it, in pixels."""
        right, bottom = np.concatenate([s.points for s in self.strokes]).max(axis=0)
        return int(bottom) + 20, int(right) + 20

    def drawn(self) -> Pixels:
        """Draw it like the canvas: uint8 (height, width), white ink (255) on black."""
        height, width = self.size
        return render(self.strokes, height, width)

    def layers(self) -> Ink:
        """Draw each digit separately: float32 (digits, height, width), 0 (paper) to 1 (ink)."""
        height, width = self.size
        drawn = []
        for digit in range(self.owners[-1] + 1):
            own = [s for s, o in zip(self.strokes, self.owners, strict=True) if o == digit]
            drawn.append(render(own, height, width))
        return np.stack(drawn).astype(np.float32) / np.float32(255)


def compose(digits: Sequence[Traces], spacing: Spacing, rng: Rng) -> ComposedNumber:
    """Write digits side by side, about equally high and with the same pen.

    Args:
        digits: The traces of each digit, of any size.
        spacing: The distance between them.
        rng: Random number generator.
    """
    pen = rng.uniform(*PEN_WIDTHS)
    placed = [_on_baseline(digit, pen, rng) for digit in digits]
    inks = [_drawn_alone(digit, pen) for digit in placed]
    begins = place_side_by_side(inks, HEIGHT, spacing, rng)
    traces, owners = [], []
    for number, (digit, begin) in enumerate(zip(placed, begins, strict=True)):
        traces += [np.rint(points + np.array([begin - min(begins) + 20, 0])) for points in digit]
        owners += [number] * len(digit)
    return ComposedNumber(drawn_with(pen, traces), owners)


def place_side_by_side(inks: Sequence[Ink], height: float, spacing: Spacing, rng: Rng) -> list[int]:
    """Choose the horizontal positions of digits.

    Args:
        inks: The ink of each digit, float32 (rows, columns), all with the same number of rows.
        height: The height of a digit, in pixels.
        spacing: The distance between digits.
        rng: Random number generator.

    Returns:
        The first column of each digit, from left to right, starting at 0.
    """
    begins = [0]
    for left, right in pairwise(inks):
        beside = left.shape[1]
        if spacing == Spacing.APART:
            step = beside + rng.uniform(0.1, 0.5) * height
        elif spacing == Spacing.CLOSE:
            step = beside + rng.uniform(0, 0.1) * height
        else:
            touching = _touching_step(left > INK_LEVEL, right > INK_LEVEL)
            overlapping = touching - rng.uniform(0, MAX_INK_OVERLAP) * height
            step = max(overlapping, beside - MAX_BOX_OVERLAP * height)
        begins.append(max(begins[-1] + round(step), 0))
    return begins


def _touching_step(left: Mask, right: Mask) -> int:
    """Return the column at which the right digit begins when its ink just touches the left's."""
    width = left.shape[1]
    ends = np.where(left.any(axis=1), width - left[:, ::-1].argmax(axis=1), -np.inf)
    neighbors = np.maximum.reduce(
        [ends, np.append(ends[1:], -np.inf), np.append(-np.inf, ends[:-1])]
    )
    begins = np.where(right.any(axis=1), right.argmax(axis=1), np.inf)
    nearest = (neighbors - begins).max()
    return int(nearest) if np.isfinite(nearest) else width


def _on_baseline(digit: Traces, pen: float, rng: Rng) -> list[Points]:
    """Scale a digit and put it on the baseline; very flat ones are centered vertically."""
    corner = np.concatenate(digit).min(axis=0)
    extent = np.ptp(np.concatenate(digit), axis=0)
    scale = HEIGHT * rng.uniform(0.9, 1.1) / max(extent.max(), 1e-9)
    room = HEIGHT - extent[1] * scale
    down = room + rng.normal(0, 0.03) * HEIGHT if room < HEIGHT / 2 else room / 2
    return [(p - corner) * scale + (pen / 2, down + MARGIN * HEIGHT) for p in digit]


def _drawn_alone(digit: Traces, pen: float) -> Ink:
    width = round(np.concatenate(digit)[:, 0].max() + pen / 2) + 1
    height = round((1 + 2 * MARGIN) * HEIGHT)
    return render(drawn_with(pen, digit), height, width).astype(np.float32) / np.float32(255)
