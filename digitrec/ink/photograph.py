"""Ink in photos: under uneven light, across shadows and on lined paper."""

import math

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from digitrec.arrays import Floats, Ink, Mask, Pixels

# The paper around a pixel is the median in this window, of a picture reduced to this size.
COARSE_SIDE = 48
MEDIAN_WINDOW = 21

# Ink is solid where the logarithm of its ratio to the paper is at least this.
FULL_LOG_RATIO = 1.5
# Added to every level, so that camera noise in dark areas doesn't count as ink.
DARK_OFFSET = 16
# The logarithms of the 256 levels, scaled to 0 to 255.
LOG_SCALE = 255 / math.log((255 + DARK_OFFSET) / DARK_OFFSET)
LOGARITHMS = [
    round(LOG_SCALE * math.log((level + DARK_OFFSET) / DARK_OFFSET)) for level in range(256)
]
FULL_LEVEL = LOG_SCALE * FULL_LOG_RATIO
# A photo is blank if its strongest contrast is below this, of 255. Contrasts below this share of
# the strongest are left out when the threshold for ink is computed.
MIN_CONTRAST = 40
FAINT_SHARE = 0.3

# Ruled lines are searched for at these angles, at this size. They cover this share of a row, and
# are removed up to this multiple of their strength, to include their blurred edges.
RULING_DEGREES = np.arange(-6, 6.5, 0.5)
RULING_SIDE = 256
LINE_SHARE = 0.8
LINE_MARGIN = 1.3
LINE_EDGE = 0.3
LINE_NOISE = 10
MIN_LINE = 25

# The parts of a digit are at most this share of the picture apart.
MAX_GAP = 0.06
# A part that touches the edge is probably the end of the paper: its ink gets this weight.
EDGE_WEIGHT = 0.05


def ink_of_photograph(pixels: Pixels, *, whole: bool = False) -> Ink:
    """Return how much of each pixel is ink, as opposed to shadow, ruled line or paper edge.

    Args:
        pixels: uint8 (height, width, channels), 0 to 255.
        whole: Whether to keep all ink, instead of the main part only.

    Returns:
        float32, (height, width), 0 to 1; all 0 if there is no ink.
    """
    picture = _contrast(pixels)
    for _ in ("rows", "columns"):
        picture = _without_lines(picture).transpose(Image.Transpose.ROTATE_90)
    levels = np.asarray(picture.transpose(Image.Transpose.ROTATE_180), np.float32)
    if levels.max() < MIN_CONTRAST:
        return np.zeros_like(levels)
    threshold = _otsu(levels[levels > FAINT_SHARE * levels.max()])
    ink = np.clip((levels / threshold - 0.8) / 0.4, 0, 1)
    return ink if whole else _main_part(ink)


def _contrast(pixels: Pixels) -> Image.Image:
    """Return the ratio between each pixel and its paper, on a log scale: mode L, 0 to 255.

    Light scales ink and paper alike, so their ratio is the same in a shadow.
    """
    strongest = Image.new("L", (pixels.shape[1], pixels.shape[0]))
    for channel in np.moveaxis(pixels, -1, 0):
        picture = Image.fromarray(np.ascontiguousarray(channel))
        low, high = (paper.point(LOGARITHMS) for paper in _local_paper(picture))
        level = picture.point(LOGARITHMS)
        for ratio in (ImageChops.subtract(low, level), ImageChops.subtract(level, high)):
            strongest = ImageChops.lighter(strongest, ratio)
    return strongest.point(lambda level: level / FULL_LEVEL * 255)


def _local_paper(picture: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Return the lowest and the highest median near each pixel, both mode L.

    They differ at the edge of a shadow, where everything between them is paper.
    """
    coarse = picture.copy()
    coarse.thumbnail((COARSE_SIDE, COARSE_SIDE), Image.Resampling.BOX)
    smooth = coarse.filter(ImageFilter.MedianFilter(MEDIAN_WINDOW))
    low, high = (
        smooth.filter(extreme).resize(picture.size, Image.Resampling.BILINEAR)
        for extreme in (ImageFilter.MinFilter(5), ImageFilter.MaxFilter(5))
    )
    return low, high


def _without_lines(picture: Image.Image) -> Image.Image:
    """Rotate a picture until its ruled lines are horizontal, and remove them."""
    small = picture.copy()
    small.thumbnail((RULING_SIDE, RULING_SIDE), Image.Resampling.BOX)
    strengths = [
        np.square(_line_strength(_rotated(small, degrees))).sum() for degrees in RULING_DEGREES
    ]
    levels = _rotated(picture, RULING_DEGREES[int(np.argmax(strengths))])
    rows = np.pad(_line_strength(levels), 1, mode="edge")
    if runs(rows > MIN_LINE) < 2:  # A single line may be the digit 1 filling the picture.
        return picture
    near = np.maximum(np.maximum(rows[:-2], rows[2:]), rows[1:-1])
    # Ink that is stronger than the line it crosses hides the line and is kept.
    beyond = (levels - LINE_MARGIN * near[:, None]) / (LINE_EDGE * near[:, None] + LINE_NOISE)
    return Image.fromarray((levels * np.clip(beyond, 0, 1)).astype(np.uint8))


def _rotated(picture: Image.Image, degrees: float) -> Floats:
    return np.asarray(picture.rotate(degrees, Image.Resampling.BILINEAR), np.float32)


def _line_strength(levels: Floats) -> Floats:
    """Return the level that most pixels of each row exceed: strokes are shorter than lines."""
    rank = int((1 - LINE_SHARE) * (levels.shape[1] - 1))
    return np.partition(levels, rank, axis=1)[:, rank]


def _otsu(levels: Floats) -> float:
    """Return the threshold that best splits levels, 0 to 255, into two classes.

    N. Otsu: A threshold selection method from gray-level histograms, 1979.
    """
    counts = np.bincount(levels.astype(np.intp), minlength=256).astype(float)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(np.nan_to_num(between).argmax()) + 0.5


def _main_part(ink: Ink) -> Ink:
    """Keep the part with the most ink, and what is close to it."""
    import cv2  # Takes 17 MB, so it is loaded only when needed.

    reach = 2 * round(MAX_GAP * max(ink.shape) / 2) + 1
    grown = cv2.dilate((ink > 0).astype(np.uint8), np.ones((reach, reach), np.uint8))
    parts = cv2.connectedComponents(grown, connectivity=4)[1]
    amounts = np.bincount(parts.ravel(), weights=ink.ravel()).astype(np.float64)
    at_edge = [parts[edge][ink[edge] > 0] for edge in (0, -1, np.s_[:, 0], np.s_[:, -1])]
    amounts[np.unique(np.concatenate(at_edge))] *= EDGE_WEIGHT
    return np.where(parts == amounts.argmax(), ink, 0)


def runs(mark: Mask) -> int:
    """Count the runs of consecutive true values in a row, bool (n,)."""
    return int(np.count_nonzero(np.diff(mark.astype(np.int8), prepend=0) == 1))
