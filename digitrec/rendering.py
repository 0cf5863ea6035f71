"""Strokes drawn with a round pen."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

# Each pixel of the result is the mean of so many by so many.
OVERSAMPLING = 4


def render(
    strokes: Sequence[npt.NDArray[np.float64]], side: int, widths: Sequence[float]
) -> npt.NDArray[np.uint8]:
    """Draw strokes with a round pen, antialiased.

    Args:
        strokes: float64 (n, 2) points (x, y) in pixels of the result; y grows downward.
        side: Height and width of the result in pixels.
        widths: The pen's width for each stroke, in pixels.

    Returns:
        uint8 (side, side), white ink (255) on black (0).
    """
    picture = Image.new("L", (side * OVERSAMPLING, side * OVERSAMPLING), 0)
    pen = ImageDraw.Draw(picture)
    for stroke, width in zip(strokes, widths, strict=True):
        points = [(float(x), float(y)) for x, y in stroke * OVERSAMPLING]
        radius = width * OVERSAMPLING / 2
        pen.line(points, fill=255, width=max(1, round(2 * radius)), joint="curve")
        for x, y in points:
            # Pillow's ellipses reach over the last pixel that they are given.
            pen.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=255)
    return np.asarray(picture.resize((side, side), Image.Resampling.BOX))
