"""Pictures cropped to their ink, whose edges don't show which of two tones is the paper."""

from typing import Any

import cv2
import numpy as np

from digitrec.arrays import Floats, Mask, Pixels

# The tones are compared at this size, in pixels.
SIDE = 64
# Narrower pictures are not examined.
FEWEST_PIXELS = 3
# A picture has two tones if they explain this share of the pixels' variance. MNIST's digits cropped
# to their ink have 0.75 or more, clouds and uneven light mostly less.
SEPARATION = 0.75
# Connected components below this share of the picture are specks.
SPECK = 0.01
# A digit has at most this many connected components.
MAX_COMPONENTS = 2
# A tone that covers less than this share of the picture is the ink in any case.
THIN = 0.12
# The bounding box of a 1 is narrower than this share of its height.
NARROW = 0.5
# Half of a stroke's width is at most this share of the longer side; shadows and bands are wider.
MAX_RADIUS = 0.28
# The blurred rim of a stroke is the picture's longer side divided by this.
RIM = 28
# Paper is plain if this share of its pixels lies within this tolerance of its median; the tolerance
# is a share of the contrast between the tones.
PLAIN_SHARE = 0.85
PLAIN_TOLERANCE = 0.08
# Ink is clear if two tones explain this share of its variance and it covers at most this share of
# the edges.
CLEAR_SEPARATION = 0.88
CLEAR_EDGES = 0.02


def paper_color_of_crop(pixels: Pixels) -> Pixels | None:
    """Return the paper's color in a picture of plain ink on plain paper, cropped to the ink.

    Ink is connected, while paper is split into the areas around the strokes and inside the loops.
    So the tone with clearly fewer connected components is the ink; without a clear difference it
    is the tone that covers less.

    Args:
        pixels: uint8 (height, width, channels), 0 to 255.

    Returns:
        uint8 (channels,); None if there aren't two tones, or neither looks like one digit.
    """
    if min(pixels.shape[:2]) < FEWEST_PIXELS:
        return None
    small = _shrunk(pixels)
    levels = small[..., small.var(axis=(0, 1)).argmax()]
    bright = _split(levels)
    ink = None if bright is None else _ink_of(bright)
    if ink is None or not _is_plain(levels, ink):
        return None
    return np.median(small[_away_from(ink)], axis=0).astype(np.uint8)


def is_clear(ink: Floats) -> bool:
    """Return whether ink, float32 (height, width), 0 to 1, is sharp and away from the edges."""
    edges = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    is_free = (edges > 0.1).mean() < CLEAR_EDGES
    return (
        bool(is_free) and _split(np.rint(ink * 255).astype(np.uint8), CLEAR_SEPARATION) is not None
    )


def _shrunk(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _split(levels: Pixels, separation: float = SEPARATION) -> Mask | None:
    """Split gray levels by Otsu's threshold; None if they don't form two tones."""
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    bright = levels > threshold
    if not bright.any() or bright.all():
        return None
    tones = np.where(bright, levels[bright].mean(), levels[~bright].mean())
    return bright if tones.var() >= separation * levels.var() else None


def _ink_of(mask: Mask) -> Mask | None:
    smaller = mask if mask.mean() <= 0.5 else ~mask
    own, other = _components(smaller), _components(~smaller)
    # A 1 may fill most of its bounding box.
    is_narrow = min(mask.shape) < NARROW * max(mask.shape)
    is_ink = own - other <= (0 if is_narrow else 1) or smaller.mean() < THIN
    ink = smaller if is_ink else ~smaller
    return ink if min(own, other) <= MAX_COMPONENTS and not _is_thick(ink) else None


def _components(mask: Mask) -> int:
    """Count the connected components that are larger than specks."""
    statistics: Any = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)[2]
    return int((statistics[1:, cv2.CC_STAT_AREA] >= SPECK * mask.size).sum())


def _is_thick(ink: Mask) -> bool:
    depth = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 3).max()
    return bool(depth > MAX_RADIUS * max(ink.shape))


def _is_plain(levels: Pixels, ink: Mask) -> bool:
    paper = levels[_away_from(ink)].astype(np.float32)
    middle = np.median(paper)
    contrast = abs(middle - np.median(levels[ink]))
    return bool((np.abs(paper - middle) <= PLAIN_TOLERANCE * contrast).mean() >= PLAIN_SHARE)


def _away_from(ink: Mask) -> Mask:
    """Return the paper outside the blurred rim of the strokes; all paper if nothing is left."""
    rim = max(1, max(ink.shape) // RIM)
    square = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
    wide = cv2.dilate(ink.astype(np.uint8), square).astype(bool)
    return ~ink if wide.all() else ~wide
