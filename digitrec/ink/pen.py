"""Strokes drawn with a round pen."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from digitrec.arrays import Doubles, Pixels
from digitrec.ink.strokes import Stroke, stroke_points

# Strokes are drawn this many times larger and then averaged, for antialiasing.
OVERSAMPLING = 4


def render(
    strokes: Sequence[Doubles],
    height: int,
    pens: Sequence[float],
    width: int | None = None,
) -> Pixels:
    """Draw strokes with a round pen, antialiased.

    Args:
        strokes: float64 (n, 2) points (x, y) in pixels of the result; y grows downward.
        height: Height of the result in pixels.
        pens: The pen's width for each stroke, in pixels.
        width: Width of the result in pixels; None if it is square.

    Returns:
        uint8 (height, width), white ink (255) on black (0).
    """
    size = (height if width is None else width, height)
    picture = Image.new("L", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING), 0)
    pen = ImageDraw.Draw(picture)
    for stroke, pen_width in zip(strokes, pens, strict=True):
        points = [(float(x), float(y)) for x, y in stroke * OVERSAMPLING]
        radius = pen_width * OVERSAMPLING / 2
        pen.line(points, fill=255, width=max(1, round(2 * radius)), joint="curve")
        for x, y in points:
            left, top = x - radius, y - radius
            # Pillow's ellipses include the right and bottom pixel.
            right, bottom = max(left, x + radius - 1), max(top, y + radius - 1)
            pen.ellipse((left, top, right, bottom), fill=255)
    return np.asarray(picture.resize(size, Image.Resampling.BOX))


def picture_of(
    strokes: Sequence[Stroke], width: int, height: int, ink: str = "black", paper: str = "white"
) -> bytes:
    """Draw strokes with their own pens; return a PNG.

    Args:
        strokes: The strokes.
        width: Width of the picture, in pixels.
        height: Height of the picture, in pixels.
        ink: The strokes' color, as in CSS.
        paper: The color of the rest.
    """
    pens = [stroke["width"] for stroke in strokes]
    covered = Image.fromarray(render(stroke_points(strokes), height, pens, width))
    picture = Image.new("RGB", covered.size, paper)
    picture.paste(ink, mask=covered)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
