"""Strokes drawn with a round pen."""

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw

from digitrec.arrays import Pixels
from digitrec.ink.strokes import Stroke

# Strokes are drawn this many times larger and then averaged, for antialiasing.
OVERSAMPLING = 4


def render(strokes: Iterable[Stroke], height: int, width: int | None = None) -> Pixels:
    """Draw strokes with a round pen, antialiased.

    Args:
        strokes: In pixels of the result.
        height: Height of the result in pixels.
        width: Width of the result in pixels; None if it is square.

    Returns:
        uint8 (height, width), white ink (255) on black (0).
    """
    size = (height if width is None else width, height)
    picture = Image.new("L", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING), 0)
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        points = [(x, y) for x, y in (stroke.points * OVERSAMPLING).tolist()]
        radius = stroke.width * OVERSAMPLING / 2
        pen.line(points, fill=255, width=max(1, round(2 * radius)), joint="curve")
        for x, y in points:
            left, top = x - radius, y - radius
            # Pillow's ellipses include the right and bottom pixel.
            right, bottom = max(left, x + radius - 1), max(top, y + radius - 1)
            pen.ellipse((left, top, right, bottom), fill=255)
    return np.asarray(picture.resize(size, Image.Resampling.BOX))
