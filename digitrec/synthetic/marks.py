"""MNIST's digits with added marks: slashes, flags, feet and bars."""

import numpy as np
from PIL import Image, ImageDraw

from digitrec.arrays import Digits, Indices, Labels
from digitrec.ink.preprocessing import normalize
from digitrec.synthetic.handwriting import Rng, chance
from digitrec.system.processes import tracked

# Marks are drawn at this scale, with a margin into which flags may extend.
_ZOOM = 4
_MARGIN = 8

Pen = ImageDraw.ImageDraw
Point = tuple[float, float]


def marked_digits(x: Digits, y: Labels, seed: int) -> tuple[Digits, Digits]:
    """Add slashes to MNIST's zeros, flags and feet to its ones, and bars to its sevens.

    Args:
        x: uint8 (n, 28, 28), MNIST's pictures.
        y: uint8 (n,), their labels.
        seed: Random seed.

    Returns:
        uint8 (m, 28, 28) and uint8 (m,): every zero, one and seven once, and the labels.
    """
    rng = np.random.default_rng(seed)
    chosen = np.flatnonzero(np.isin(y, list(_MARKS)))
    return np.stack([_marked(x[i], int(y[i]), rng) for i in tracked(chosen)]), y[chosen]


def _marked(digit: Digits, label: int, rng: Rng) -> Digits:
    rows, columns = np.nonzero(digit > 60)
    picture = Image.fromarray(np.pad(digit, _MARGIN))
    side = picture.width * _ZOOM
    picture = picture.resize((side, side), Image.Resampling.BICUBIC)
    pen = Ruler(ImageDraw.Draw(picture), rng.uniform(1.5, 3.0))
    _MARKS[label](pen, digit, (rows, columns), rng)
    picture = picture.resize((side // _ZOOM, side // _ZOOM), Image.Resampling.BOX)
    return normalize(np.asarray(picture, np.float32) / np.float32(255))


class Ruler:
    """Draws straight lines, in pixels of the 28 x 28."""

    def __init__(self, pen: Pen, width: float) -> None:
        self._pen = pen
        self._width = round(width * _ZOOM)

    def line(self, begin: Point, end: Point) -> None:
        """Draw a line with round ends."""
        ends = [tuple((value + 0.5 + _MARGIN) * _ZOOM for value in point) for point in (begin, end)]
        self._pen.line(ends, fill=255, width=self._width)
        for x, y in ends:
            r = self._width / 2
            self._pen.ellipse((x - r, y - r, x + r - 1, y + r - 1), fill=255)


InkPixels = tuple[Indices, Indices]


def _slash(pen: Ruler, _: Digits, ink: InkPixels, rng: Rng) -> None:
    (top, left), (bottom, right) = (np.min(ink, axis=1), np.max(ink, axis=1))
    x, y = (left + right) / 2 + rng.normal(0, 0.7), (top + bottom) / 2
    out_x = rng.uniform(0.1, 1.3) * max(right - left, 6) / 2
    out_y = rng.uniform(0.4, 1.25) * (bottom - top) / 2
    if chance(rng, 0.08):
        out_x = -out_x
    pen.line((x + out_x, y - out_y), (x - out_x, y + out_y))


def _flag_and_foot(pen: Ruler, digit: Digits, ink: InkPixels, rng: Rng) -> None:
    top, bottom = int(ink[0].min()), int(ink[0].max())
    kind = rng.choice(3, p=[0.5, 0.35, 0.15])
    if kind in (0, 1):
        x, reach = _middle(digit, top), rng.uniform(2.5, 8)
        pen.line((x, top), (x - reach, top + reach * rng.uniform(0.5, 1.4)))
    if kind in (1, 2):
        x = _middle(digit, bottom)
        left, right = rng.uniform(2, 7, 2)
        pen.line((x - left, bottom), (x + right, bottom + rng.normal(0, 0.4)))


def _bar(pen: Ruler, digit: Digits, ink: InkPixels, rng: Rng) -> None:
    top, bottom = int(ink[0].min()), int(ink[0].max())
    y = round(top + (bottom - top) * rng.uniform(0.4, 0.62))
    x = _middle(digit, y)
    left, right = rng.uniform(2.5, 7, 2)
    tilt = rng.normal(0, 0.7)
    pen.line((x - left, y + tilt), (x + right, y - tilt))


def _middle(digit: Digits, row: int) -> float:
    """Return the center of mass of a row, or the middle if it is empty."""
    mass = float(digit[row].sum())
    return float(digit[row] @ np.arange(digit.shape[1])) / mass if mass else 13.5


_MARKS = {0: _slash, 1: _flag_and_foot, 7: _bar}
