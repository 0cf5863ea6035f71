"""Digits inside a filled box: a dark box on a white page, or the image inside a chart."""

import cv2
import numpy as np

from digitrec.arrays import Ink, Mask

# A box takes at least this share of each side of the picture, and this many pixels.
MIN_SHARE = 0.3
MIN_PIXELS = 16
# The least share of ink along its edges, in its rows and columns, and overall: the digit is a hole.
SOLID_EDGE = 0.95
FILLED = 0.85
SOLID = 0.5
# Width of the outline and its blur, as a share of the shorter side.
OUTLINE = 0.03

RowsAndColumns = tuple[slice, slice]


def find_enclosing_box(ink: Ink) -> RowsAndColumns | None:
    """Find the filled box that most of a picture's ink belongs to.

    Args:
        ink: float32 (height, width), 0 (paper) to 1 (ink).

    Returns:
        The rows and columns inside the box's outline, or None if there is no box.
    """
    mask = (ink > 0.5).astype(np.uint8)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask)
    if len(statistics) < 2:
        return None
    largest = 1 + int(statistics[1:, cv2.CC_STAT_AREA].argmax())
    left, top, width, height = (int(side) for side in statistics[largest, :4])
    solid = (labels == largest)[top : top + height, left : left + width]
    # The ticks of a chart stick out: only rows and columns that are mostly filled count.
    rows = np.flatnonzero(solid.mean(axis=1) >= FILLED)
    columns = np.flatnonzero(solid.mean(axis=0) >= FILLED)
    if not len(rows) or not len(columns):
        return None
    solid = solid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if not _is_box(solid, ink.shape):
        return None
    inset = max(1, round(OUTLINE * min(solid.shape)))
    top, bottom = top + int(rows[0]) + inset, top + int(rows[-1]) + 1 - inset
    left, right = left + int(columns[0]) + inset, left + int(columns[-1]) + 1 - inset
    return slice(top, bottom), slice(left, right)


def _is_box(solid: Mask, picture: tuple[int, ...]) -> bool:
    is_large = all(
        side >= max(MIN_PIXELS, MIN_SHARE * whole)
        for side, whole in zip(solid.shape, picture, strict=True)
    )
    edges = (solid[0], solid[-1], solid[:, 0], solid[:, -1])
    return is_large and solid.mean() >= SOLID and all(e.mean() >= SOLID_EDGE for e in edges)
