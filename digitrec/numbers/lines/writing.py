"""Amounts written by one hand, with one pen: a person's drawings, generated digits, or MNIST's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import cv2
import numpy as np

from digitrec.arrays import Digits, Pixels
from digitrec.datasets.ink_files import InkDrawing
from digitrec.datasets.mnist import load_mnist
from digitrec.labels import NO_DIGIT
from digitrec.numbers.lines.amounts import SPACE
from digitrec.synthetic.digits import draw_digit
from digitrec.synthetic.handwriting import Rng, Traces, vary

# The height of a digit, in pixels; the result is reduced afterward.
SIZE = 78
# The widths of pens, in pixels.
PENS = (3.0, 16.5)
# OpenCV's coordinates are in eighths of a pixel.
EIGHTHS = 3
# Rows and columns with less ink than this, of 255, are margins.
EMPTY = 40
# Writers with fewer drawings than this aren't imitated.
MIN_DRAWINGS, MIN_LABELS = 5, 5
GAPS = ((0.02, 0.12), (0.1, 0.45), (-0.1, 0.04))
_GAP_SHARES = (0.45, 0.35, 0.2)

Samples = Mapping[int, Sequence[Traces]]


@dataclass(frozen=True)
class Style:
    """How a line is written.

    Attributes:
        slant: Columns to the right per row upward.
        pen: The pen's width, in pixels.
        gap: Between digits, as a share of their height.
        drift: How many rows the line sinks per column.
        stretch: The factor for a digit's width.
        uneven: The standard deviation of the logarithm of a digit's height.
    """

    slant: float
    pen: float
    gap: float
    drift: float
    stretch: float
    uneven: float

    @classmethod
    def random(cls, rng: Rng) -> "Style":
        """Return a random style."""
        gaps = GAPS[rng.choice(len(GAPS), p=_GAP_SHARES)]
        return cls(
            slant=rng.normal(0.08, 0.15),
            pen=float(np.clip(rng.lognormal(np.log(7.2), 0.35), *PENS)),
            gap=rng.uniform(*gaps),
            drift=rng.normal(0, 0.03),
            stretch=float(np.exp(rng.normal(0, 0.12))),
            uneven=rng.uniform(0.02, 0.1),
        )


class Hand(Protocol):
    """Writes digits onto a canvas."""

    def write(self, canvas: Pixels, digit: int, left: float, box: "Box", style: Style) -> float:
        """Write a digit and return the column where it ends."""


@dataclass(frozen=True)
class Box:
    """The rows that a digit takes, in pixels."""

    top: float
    height: float


def samples_by_writer(drawings: Iterable[InkDrawing]) -> list[Samples]:
    """Return each writer's digits by label, of writers with enough of them."""
    by_writer: dict[str, dict[int, list[Traces]]] = {}
    for drawing in drawings:
        if drawing.digit_label < NO_DIGIT:
            own = by_writer.setdefault(drawing.writer, {})
            own.setdefault(drawing.digit_label, []).append(drawing.traces)
    return [
        own
        for own in by_writer.values()
        if len(own) >= MIN_LABELS and sum(map(len, own.values())) >= MIN_DRAWINGS
    ]


class PenHand:
    """Writes with a pen: a person's samples, or generated digits where there are none."""

    def __init__(self, samples: Samples, rng: Rng) -> None:
        self._samples, self._rng = samples, rng

    def write(self, canvas: Pixels, digit: int, left: float, box: Box, style: Style) -> float:
        """Write a digit and return the column where it ends."""
        traces = self._traces(digit)
        points = np.concatenate(traces)
        corner, extent = points.min(axis=0), np.ptp(points, axis=0)
        scale = min(box.height / max(extent[1], 1e-6), 1.15 * box.height / max(extent[0], 1e-6))
        low = box.height / 4 if extent[1] * scale < box.height / 2 else 0
        shape = np.array([[style.stretch, 0], [-style.slant, 1]]) * scale
        placed = [(trace - corner) @ shape for trace in traces]
        return draw(canvas, placed, left, box.top + low, style.pen) + 0.6 * style.pen

    def _traces(self, digit: int) -> Traces:
        if not (own := self._samples.get(digit)):
            return vary(draw_digit(digit, self._rng), self._rng)
        normal = self._rng.normal
        change = np.array(
            [[1 + normal(0, 0.05), normal(0, 0.05)], [normal(0, 0.03), 1 + normal(0, 0.03)]]
        )
        return [trace @ change.T for trace in own[int(self._rng.integers(len(own)))]]


class MnistHand:
    """Writes with digits picked at random from MNIST's training set, so their writers vary."""

    def __init__(self, rng: Rng) -> None:
        self._rng = rng

    def write(self, canvas: Pixels, digit: int, left: float, box: Box, style: Style) -> float:
        """Write a digit and return the column where it ends."""
        ink = _enlarged(self._picture(digit), box, style, int(self._rng.integers(-3, 3)))
        height, width = ink.shape
        flat = 0.5 if height < box.height / 2 else 1
        top, begin = max(0, int(box.top + (box.height - height) * flat)), int(left)
        place = canvas[top : top + height, begin : begin + width]
        np.maximum(place, ink[: place.shape[0], : place.shape[1]], out=place)
        return left + width

    def _picture(self, digit: int) -> Pixels:
        pool = _mnist_digits()[digit]
        return trimmed(pool[self._rng.integers(len(pool))], 60)


@cache
def _mnist_digits() -> list[Digits]:
    mnist = load_mnist()
    return [mnist.x_train[mnist.y_train == digit] for digit in range(10)]


def _enlarged(picture: Pixels, box: Box, style: Style, thicker: int) -> Pixels:
    """Enlarge a digit to a box, sharply, with a pen up to three pixels wider or narrower."""
    height, width = picture.shape
    scale = min(box.height / height, 1.2 * box.height / width)
    size = max(2, int(width * scale * style.stretch)), max(2, int(height * scale))
    large = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    sharp = np.clip(2 * large - 128, 0, 255).astype(np.uint8)
    if not thicker:
        return sharp
    kernel = np.ones((abs(thicker) + 1,) * 2)
    changed = cv2.dilate(sharp, kernel) if thicker > 0 else cv2.erode(sharp, kernel)
    kept = int(changed.sum()) > 0.35 * int(sharp.sum())
    return np.asarray(changed, np.uint8) if kept else sharp


def draw(canvas: Pixels, traces: Traces, left: float, top: float, pen: float) -> float:
    """Draw traces with their left end at a column; return the column of their right end."""
    columns = np.concatenate(traces)[:, 0]
    corner = np.array([left - columns.min(), top])
    for trace in traces:
        points = np.rint((trace + corner) * 2**EIGHTHS).astype(np.int32)
        cv2.polylines(canvas, [points], False, 255, max(1, round(pen)), cv2.LINE_AA, EIGHTHS)
    return float(corner[0] + columns.max())


def trimmed(ink: Pixels, level: int) -> Pixels:
    """Cut off margins, where no pixel is above a level."""
    rows, columns = np.flatnonzero(ink.max(axis=1) > level), np.flatnonzero(ink.max(axis=0) > level)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def written(text: str, hand: Hand, rng: Rng) -> Pixels:
    """Write an amount.

    Args:
        text: As made by ``amount``.
        hand: What writes its digits.
        rng: Random number generator.

    Returns:
        uint8 (height, width), white ink (255) on black, without margins; digits are about 78 high.
    """
    style = Style.random(rng)
    canvas = np.zeros((round(2.2 * SIZE), int((1.5 * len(text) + 6) * SIZE)), np.uint8)
    begin = left = 0.8 * SIZE
    for character in text:
        line = 0.5 * SIZE + style.drift * (left - begin)
        if character == SPACE:
            left += SIZE * rng.uniform(0.25, 0.7)
        elif character.isdecimal():
            height = SIZE * float(np.exp(rng.normal(0, style.uneven)))
            box = Box(line + SIZE - height + rng.normal(0, 0.04) * SIZE, height)
            left = hand.write(canvas, int(character), left, box, style)
            left += SIZE * (style.gap + rng.normal(0, 0.04))
        else:
            left += SIZE * abs(rng.normal(0.06, 0.05))
            pen = style.pen * rng.uniform(0.85, 1.15)
            left = draw(canvas, _mark(character, style.slant, rng), left, line, pen)
            left += SIZE * abs(rng.normal(0.08, 0.06))
    if isinstance(hand, MnistHand):
        canvas = _slanted(canvas, 0.7 * style.slant)
    return trimmed(canvas, EMPTY)


def _slanted(canvas: Pixels, slant: float) -> Pixels:
    height, width = canvas.shape
    shear = np.array([[1, -slant, slant * height / 2], [0, 1, 0]], np.float32)
    return np.asarray(cv2.warpAffine(canvas, shear, (width, height)), np.uint8)


def _mark(character: str, slant: float, rng: Rng) -> Traces:
    """Draw a mark that isn't a digit, in pixels, with a digit's top at 0."""
    shape = np.array([[1, 0], [-slant, 1]]) * SIZE
    return [np.array(points) @ shape for points in MARKS[character](rng)]


def _stroke(rng: Rng, row: float, width: float) -> list[tuple[float, float]]:
    tilt, bow = rng.uniform(-0.08, 0.08), rng.uniform(-0.05, 0.05)
    return [(0, row), (width / 2, row + tilt / 2 + bow), (width, row + tilt)]


def _dot(rng: Rng) -> list[list[tuple[float, float]]]:
    return [[(0, rng.uniform(0.93, 1.01)), (rng.uniform(0, 0.05), rng.uniform(0.94, 1.02))]]


def _comma(rng: Rng) -> list[list[tuple[float, float]]]:
    return [[(0.06, 0.93), (0.05, 1.02), (-rng.uniform(0.02, 0.1), rng.uniform(1.08, 1.2))]]


def _dash(rng: Rng) -> list[list[tuple[float, float]]]:
    return [_stroke(rng, rng.uniform(0.45, 0.8), rng.uniform(0.35, 0.9))]


def _equals(rng: Rng) -> list[list[tuple[float, float]]]:
    row, gap, width = rng.uniform(0.45, 0.8), rng.uniform(0.06, 0.14), rng.uniform(0.35, 0.9)
    return [_stroke(rng, row - gap, width), _stroke(rng, row + gap, width * rng.uniform(0.8, 1.1))]


def _hash(rng: Rng) -> list[list[tuple[float, float]]]:
    rows = [_stroke(rng, row, 0.7) for row in (0.38, 0.68)]
    return [*rows, [(0.3, 0.1), (0.2, 0.95)], [(0.55, 0.1), (0.42, 0.95)]]


def _slash(rng: Rng) -> list[list[tuple[float, float]]]:
    return [[(rng.uniform(0.2, 0.4), 0.05), (0, 1.05)]]


def _wave(rng: Rng) -> list[list[tuple[float, float]]]:
    row, width = rng.uniform(0.45, 0.8), rng.uniform(0.35, 0.9)
    shares = np.linspace(0, 1, 9)
    return [[(width * share, row + 0.08 * np.sin(6.3 * share)) for share in shares]]


def _times(rng: Rng) -> list[list[tuple[float, float]]]:
    size = rng.uniform(0.3, 0.5)
    return [[(0, 0.4), (size, 0.4 + size)], [(size, 0.4), (0, 0.4 + size)]]


def _star(rng: Rng) -> list[list[tuple[float, float]]]:
    middle = rng.uniform(0.35, 0.55)
    ends = ((0.2, 0.25), (0.2, -0.25)), ((0, -0.12), (0.4, 0.12)), ((0.4, -0.12), (0, 0.12))
    return [[(x, middle + y) for x, y in stroke] for stroke in ends]


def _dollar(rng: Rng) -> list[list[tuple[float, float]]]:
    shares = np.linspace(0, 1, 24)
    width = rng.uniform(0.2, 0.3)
    curve = [
        (0.3 + width * np.cos(0.6 + 5.1 * share * 1.6), 0.08 + 0.84 * share) for share in shares
    ]
    return [curve, [(0.3, -0.05), (0.3, 1.05)]]


MARKS = {
    ".": _dot, ",": _comma, "-": _dash, "=": _equals, "#": _hash, "/": _slash, "~": _wave,
    "x": _times, "*": _star, "$": _dollar,
}  # fmt: skip
