"""Ink in photographs: under uneven light, across shadows, on lined paper."""

import math

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from digitrec.arrays import Floats, Ink, Mask, Pixels

# The paper at a place is the median about it, in a picture of this size and a window of that.
COARSE_SIDE = 48
WINDOW = 21

# Ink is full where it is e to this power darker or lighter than its paper; added to every
# level, the other number keeps a camera's noise in the dark from counting.
FULL_RATIO = 1.5
DARK = 16
# The logarithms of the levels, spread over the 256 levels themselves.
SPREAD = 255 / math.log((255 + DARK) / DARK)
LOGARITHMS = [round(SPREAD * math.log((level + DARK) / DARK)) for level in range(256)]
FULL_LEVEL = SPREAD * FULL_RATIO
# What is less than this, of 255, holds no ink; what is less than this share of the strongest is
# not asked when ink is parted from the rest.
FAINTEST = 40
FAINT_SHARE = 0.3

# Lines of the paper are looked for at these angles, in a picture of this size; they cover so
# much of a row, and are taken away up to so many times their strength, for their edges.
RULING_DEGREES = np.arange(-6, 6.5, 0.5)
RULING_SIDE = 256
LINE_SHARE = 0.8
LINE_MARGIN = 1.3
LINE_EDGE = 0.3
LINE_NOISE = 10
FAINTEST_LINE = 25

# Parts of a digit lie no further from one another than this share of the picture.
GAP = 0.06
# What touches the edge is rather where the paper ends, and counts this much.
EDGE_WEIGHT = 0.05


def ink_of_photograph(pixels: Pixels, *, whole: bool = False) -> Ink:
    """Tell how much of each pixel is ink of the digit, and not shadow, line or edge.

    Args:
        pixels: (height, width, channels), 0 to 255.
        whole: Whether all ink counts, and not its main part alone.

    Returns:
        float32, (height, width), 0 to 1; all 0 if there is no ink.
    """
    picture = _contrast(pixels)
    for _ in ("rows", "columns"):
        picture = _without_lines(picture).transpose(Image.Transpose.ROTATE_90)
    levels = np.asarray(picture.transpose(Image.Transpose.ROTATE_180), np.float32)
    if levels.max() < FAINTEST:
        return np.zeros_like(levels)
    threshold = _otsu(levels[levels > FAINT_SHARE * levels.max()])
    ink = np.clip((levels / threshold - 0.8) / 0.4, 0, 1)
    return ink if whole else _main_part(ink)


def _contrast(pixels: Pixels) -> Image.Image:
    """Return how many times darker or lighter than its paper each pixel is: mode L, 0 to 255.

    Light multiplies ink and paper alike, so their ratio is the same in a shadow.
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
    """Return the least and the greatest of the medians near each pixel, mode L as the picture.

    Where a shadow ends the two lie apart, and what lies between them is paper.
    """
    coarse = picture.copy()
    coarse.thumbnail((COARSE_SIDE, COARSE_SIDE), Image.Resampling.BOX)
    smooth = coarse.filter(ImageFilter.MedianFilter(WINDOW))
    low, high = (
        smooth.filter(extreme).resize(picture.size, Image.Resampling.BILINEAR)
        for extreme in (ImageFilter.MinFilter(5), ImageFilter.MaxFilter(5))
    )
    return low, high


def _without_lines(picture: Image.Image) -> Image.Image:
    """Turn a picture so that its lines lie flat, and take away what runs through whole rows."""
    small = picture.copy()
    small.thumbnail((RULING_SIDE, RULING_SIDE), Image.Resampling.BOX)
    found = [np.square(_through(_turned(small, degrees))).sum() for degrees in RULING_DEGREES]
    levels = _turned(picture, RULING_DEGREES[int(np.argmax(found))])
    rows = np.pad(_through(levels), 1, mode="edge")
    if runs(rows > FAINTEST_LINE) < 2:  # A one may run through the whole picture.
        return picture
    near = np.maximum(np.maximum(rows[:-2], rows[2:]), rows[1:-1])
    # Ink that is stronger than the line it crosses is left as it is: it hides the line.
    beyond = (levels - LINE_MARGIN * near[:, None]) / (LINE_EDGE * near[:, None] + LINE_NOISE)
    return Image.fromarray((levels * np.clip(beyond, 0, 1)).astype(np.uint8))


def _turned(picture: Image.Image, degrees: float) -> Floats:
    return np.asarray(picture.rotate(degrees, Image.Resampling.BILINEAR), np.float32)


def _through(levels: Floats) -> Floats:
    """Return of each row what nearly all of it reaches: no stroke is as long as a line."""
    place = int((1 - LINE_SHARE) * (levels.shape[1] - 1))
    return np.partition(levels, place, axis=1)[:, place]


def _otsu(levels: Floats) -> float:
    """Return the threshold that parts levels, 0 to 255, best.

    Otsu: A threshold selection method from gray-level histograms, 1979.
    """
    counts = np.bincount(levels.astype(np.intp), minlength=256).astype(float)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(np.nan_to_num(between).argmax()) + 0.5


def _main_part(ink: Ink) -> Ink:
    """Leave out what lies apart from the part with the most ink."""
    import cv2  # Its 17 MB are loaded once a picture needs them.

    reach = 2 * round(GAP * max(ink.shape) / 2) + 1
    grown = cv2.dilate((ink > 0).astype(np.uint8), np.ones((reach, reach), np.uint8))
    parts = cv2.connectedComponents(grown, connectivity=4)[1]
    amounts = np.bincount(parts.ravel(), weights=ink.ravel()).astype(np.float64)
    at_edge = [parts[edge][ink[edge] > 0] for edge in (0, -1, np.s_[:, 0], np.s_[:, -1])]
    amounts[np.unique(np.concatenate(at_edge))] *= EDGE_WEIGHT
    return np.where(parts == amounts.argmax(), ink, 0)


def runs(mark: Mask) -> int:
    """Count the unbroken runs of a row of marks."""
    return int(np.count_nonzero(np.diff(mark.astype(np.int8), prepend=0) == 1))
