"""A digit on a panel of its own: a dark box on a white page, the picture inside a chart."""

import cv2
import numpy as np

from digitrec.arrays import Ink, Mask

# A panel takes at least this share of each side of the picture, and this many pixels.
SMALLEST = 0.3
FEWEST_PIXELS = 16
# Along its edges and over its area it is filled at least this much; the digit leaves holes.
SOLID_EDGE = 0.95
FILLED = 0.85
SOLID = 0.5
# Its outline and the blur around it, as a share of its shorter side.
OUTLINE = 0.03

Place = tuple[slice, slice]


def panel(ink: Ink) -> Place | None:
    """Return the inside of the filled rectangle that a picture's ink is; None if it isn't one.

    Args:
        ink: float32 (height, width), 0 (paper) to 1 (ink).

    Returns:
        The rows and columns inside its outline.
    """
    mask = (ink > 0.5).astype(np.uint8)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask)
    if len(statistics) < 2:
        return None
    largest = 1 + int(statistics[1:, cv2.CC_STAT_AREA].argmax())
    left, top, width, height = (int(side) for side in statistics[largest, :4])
    solid = (labels == largest)[top : top + height, left : left + width]
    # Ticks may stick out of a chart: its own rows and columns are the filled ones.
    rows = np.flatnonzero(solid.mean(axis=1) >= FILLED)
    columns = np.flatnonzero(solid.mean(axis=0) >= FILLED)
    if not len(rows) or not len(columns):
        return None
    solid = solid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if not _is_panel(solid, ink.shape):
        return None
    inset = max(1, round(OUTLINE * min(solid.shape)))
    top, bottom = top + int(rows[0]) + inset, top + int(rows[-1]) + 1 - inset
    left, right = left + int(columns[0]) + inset, left + int(columns[-1]) + 1 - inset
    return slice(top, bottom), slice(left, right)


def _is_panel(solid: Mask, picture: tuple[int, ...]) -> bool:
    is_wide = all(
        side >= max(FEWEST_PIXELS, SMALLEST * whole)
        for side, whole in zip(solid.shape, picture, strict=True)
    )
    edges = (solid[0], solid[-1], solid[:, 0], solid[:, -1])
    return is_wide and solid.mean() >= SOLID and all(e.mean() >= SOLID_EDGE for e in edges)
