"""Numbers put together of single digits, as near to one another as one wishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from digitrec.arrays import Ink, Mask, Pixels, Points
from digitrec.ink.pen import render
from digitrec.ink.strokes import Strokes, drawn_with

# Digits in a number have about this height, in pixels of the canvas.
HEIGHT = 120
# Above and below them there is as much room, as a share of that.
ROOM = 0.25
PEN = (5.0, 14.0)
# What is darker is ink that others may touch.
INK = 0.3
# Digits that touch reach into one another by at most such shares of their height: their ink by the
# first, the boxes around them by the second.
DEEPEST = 0.05
NEAREST = 0.1

Traces = Sequence[Points]
Rng = np.random.Generator


class Nearness(StrEnum):
    """How near to one another digits stand.

    ``APART``: from box to box a tenth to half of their height. ``CLOSE``: less than a tenth.
    ``TOUCHING``: moved together until their ink meets, and up to a twentieth of their height
    further; if it does not meet, until the boxes around them overlap by a tenth.
    """

    APART = "apart"
    CLOSE = "close"
    TOUCHING = "touching"


@dataclass(frozen=True)
class ComposedNumber:
    """A number as strokes on a wide canvas.

    Attributes:
        strokes: In whole canvas pixels.
        owners: Of each stroke which digit it belongs to, from 0.
    """

    strokes: Strokes
    owners: list[int]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a canvas that holds it, in pixels."""
        right, bottom = np.concatenate([s.points for s in self.strokes]).max(axis=0)
        return int(bottom) + 20, int(right) + 20

    def drawn(self) -> Pixels:
        """Return it as the canvas shows it: uint8 (height, width), white (255) on black."""
        height, width = self.size
        return render(self.strokes, height, width)

    def layers(self) -> Ink:
        """Return each digit by itself, float32 (digits, height, width), 0 to 1."""
        height, width = self.size
        drawn = []
        for digit in range(self.owners[-1] + 1):
            own = [s for s, o in zip(self.strokes, self.owners, strict=True) if o == digit]
            drawn.append(render(own, height, width))
        return np.stack(drawn).astype(np.float32) / np.float32(255)


def compose(digits: Sequence[Traces], nearness: Nearness, rng: Rng) -> ComposedNumber:
    """Write digits in a row, of about the same height and with one pen.

    Args:
        digits: Where the pen goes for each, of any size.
        nearness: How near to one another.
        rng: Where chance comes from.
    """
    pen = rng.uniform(*PEN)
    placed = [_on_the_line(digit, pen, rng) for digit in digits]
    inks = [_drawn_alone(digit, pen) for digit in placed]
    begins = places(inks, HEIGHT, nearness, rng)
    traces, owners = [], []
    for number, (digit, begin) in enumerate(zip(placed, begins, strict=True)):
        traces += [np.rint(points + np.array([begin - min(begins) + 20, 0])) for points in digit]
        owners += [number] * len(digit)
    return ComposedNumber(drawn_with(pen, traces), owners)


def places(inks: Sequence[Ink], height: float, nearness: Nearness, rng: Rng) -> list[int]:
    """Choose where digits in a row begin.

    Args:
        inks: Each digit, float32 (rows, columns) of the same number of rows, 0 to 1.
        height: That of a digit, in pixels.
        nearness: How near to one another.
        rng: Where chance comes from.

    Returns:
        The first column of each, from left to right; that of the first is 0.
    """
    begins = [0]
    for left, right in pairwise(inks):
        beside = left.shape[1]
        if nearness == Nearness.APART:
            step = beside + rng.uniform(0.1, 0.5) * height
        elif nearness == Nearness.CLOSE:
            step = beside + rng.uniform(0, 0.1) * height
        else:
            meeting = _meeting(left > INK, right > INK) - rng.uniform(0, DEEPEST) * height
            step = max(meeting, beside - NEAREST * height)
        begins.append(max(begins[-1] + round(step), 0))
    return begins


def _meeting(left: Mask, right: Mask) -> int:
    """Return where the right one begins when its ink stands beside that of the left one."""
    width = left.shape[1]
    ends = np.where(left.any(axis=1), width - left[:, ::-1].argmax(axis=1), -np.inf)
    near = np.maximum.reduce([ends, np.append(ends[1:], -np.inf), np.append(-np.inf, ends[:-1])])
    begins = np.where(right.any(axis=1), right.argmax(axis=1), np.inf)
    nearest = (near - begins).max()
    return int(nearest) if np.isfinite(nearest) else width


def _on_the_line(digit: Traces, pen: float, rng: Rng) -> list[Points]:
    """Give a digit its size, and a place on the line: small ones hang in the middle."""
    corner = np.concatenate(digit).min(axis=0)
    extent = np.ptp(np.concatenate(digit), axis=0)
    scale = HEIGHT * rng.uniform(0.9, 1.1) / max(extent.max(), 1e-9)
    room = HEIGHT - extent[1] * scale
    down = room + rng.normal(0, 0.03) * HEIGHT if room < HEIGHT / 2 else room / 2
    return [(p - corner) * scale + (pen / 2, down + ROOM * HEIGHT) for p in digit]


def _drawn_alone(digit: Traces, pen: float) -> Ink:
    width = round(np.concatenate(digit)[:, 0].max() + pen / 2) + 1
    height = round((1 + 2 * ROOM) * HEIGHT)
    return render(drawn_with(pen, digit), height, width).astype(np.float32) / np.float32(255)
