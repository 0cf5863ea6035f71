"""Telling ink from paper, whatever the colours, the light and the ruling."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from digitrec.errors import BlankPictureError

# A picture is worked on at this size at most: a digit needs no more.
WORKING_SIDE = 512

# Weaker differences from the paper than this, as a share of the strongest, are noise; so are
# those below so many standard deviations of an uneven paper's own.
NOISE = 0.1
UNEVEN_NOISE = 0.3
# In a photograph ink is full where its logarithm is so far from that of the paper; levels
# below the first number are hardly more than the camera's noise.
DARK = np.float32(16)
FULL_RATIO = 1.5
# A picture whose strongest difference from its paper is less than this holds no ink.
FAINTEST_INK = 25
# The same in a photograph, as a share of 255 of what the light lets it be.
FAINTEST_CONTRAST = 40

# Paper is even if no more than this share of the picture's outermost pixels is further than
# this from their median.
EDGE_SHARE = 0.005
EDGE_TOLERANCE = 16
# The same for the edges without their specks.
SMOOTH_SHARE = 0.15
# Uneven paper is the median about each pixel, in a picture of this size and a window of that.
COARSE_SIDE = 48
WINDOW = 21

# A photograph is a picture of uneven paper with at least so many pixels along its longer side.
PHOTOGRAPH_SIDE = 80
# Its lines are looked for at these angles, and taken away together with what is fainter.
RULING_SIDE = 256
RULING_DEGREES = np.arange(-6, 6.5, 0.5)
# Parts of a digit lie no further from one another than this share of the picture.
GAP = 0.06
# What touches the edge is rather the end of the paper than the digit.
EDGE_WEIGHT = 0.05
# A line of the paper covers so much of a row.
LINE_SHARE = 0.8
# Lines are taken away with so much more than they are strong, for their edges.
LINE_MARGIN = 1.3

Ink = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]


def find_ink(picture: Image.Image) -> Ink:
    """Tell how much of each pixel is ink.

    Ink is what differs from the paper. Even paper has the median colour of the picture's
    outermost pixels; under uneven light, it is the median about each place.

    Args:
        picture: Any mode and size, not empty; colours count as far as they are opaque.

    Returns:
        float32, (height, width), 0 (paper) to 1 (ink); the longer side is at most 512.

    Raises:
        BlankPictureError: If nothing differs from the paper.
    """
    pixels = _premultiplied(picture)
    paper = np.median(np.concatenate(_edges(pixels)), axis=0).astype(np.uint8)
    is_photograph = max(picture.size) >= PHOTOGRAPH_SIDE
    if _is_even(pixels, paper) and not (is_photograph and _is_ruled(pixels, paper)):
        return _ink(_distance(pixels, paper))
    if not is_photograph:
        return _ink(_distance(pixels, _paper_between_edges(pixels)))
    contrast = _contrast(pixels, *_local_paper(pixels))
    return _main_part(_ink_of_photograph(contrast))


def _is_even(pixels: Pixels, paper: Pixels) -> bool:
    """Tell whether the paper has one colour along the edges, but for what runs over them."""
    if _differing(np.concatenate(_edges(pixels)), paper) <= EDGE_SHARE:
        return True
    smooth = np.concatenate([_smooth(edge) for edge in _edges(pixels)])
    return _differing(smooth, paper) <= SMOOTH_SHARE


def _differing(edge: Pixels, paper: Pixels) -> float:
    return float((_distance(edge, paper) > EDGE_TOLERANCE).mean())


def _is_ruled(pixels: Pixels, paper: Pixels) -> bool:
    """Tell whether several lines run from edge to edge."""
    marks = (_distance(edge, paper) > EDGE_TOLERANCE for edge in _edges(pixels))
    top, bottom, left, right = (_runs(mark) for mark in marks)
    return min(top, bottom) > 1 or min(left, right) > 1


def _edges(pixels: Pixels) -> tuple[Pixels, Pixels, Pixels, Pixels]:
    return pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]


def _runs(mark: npt.NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(np.diff(mark.astype(np.int8), prepend=0) == 1))


def _ink(difference: Pixels) -> Ink:
    strongest = _strongest(difference, FAINTEST_INK)
    return np.where(difference < NOISE * strongest, 0, difference / strongest)


def _paper_between_edges(pixels: Pixels) -> Pixels:
    """Fill a picture smoothly from its four edges, free of specks.

    S. A. Coons: Surfaces for computer-aided design of space forms, 1967.
    """
    top, bottom, left, right = (_smooth(edge) for edge in _edges(pixels))
    height, width = pixels.shape[:2]
    down = np.linspace(0, 1, height)[:, None, None]
    across = np.linspace(0, 1, width)[:, None]
    between_rows = (1 - down) * top + down * bottom
    between_columns = (1 - across) * left[:, None] + across * right[:, None]
    corners = (1 - down) * ((1 - across) * top[0] + across * top[-1]) + down * (
        (1 - across) * bottom[0] + across * bottom[-1]
    )
    return np.clip(np.rint(between_rows + between_columns - corners), 0, 255).astype(np.uint8)


def _smooth(edge: Pixels) -> Pixels:
    """Return the medians of an edge, uint8 (n, 4), over a window of a quarter of its length."""
    reach = len(edge) // 8
    padded = np.pad(edge, ((reach, reach), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0)
    return np.median(windows, axis=-1).astype(np.uint8)


def _strongest(difference: npt.NDArray[Any], faintest: float) -> np.float32:
    strongest = np.float32(difference.max())
    if strongest < faintest:
        raise BlankPictureError("expected a picture with a digit in it, got a blank one")
    return strongest


def _premultiplied(picture: Image.Image) -> Pixels:
    """Return uint8 (height, width, 4), the colours multiplied by their opacity."""
    if picture.mode.startswith(("I", "F")):
        picture = _to_grey(picture)
    picture = picture.convert("RGBA").convert("RGBa")
    if max(picture.size) > WORKING_SIDE:
        picture.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    return np.asarray(picture)


def _to_grey(picture: Image.Image) -> Image.Image:
    """Stretch a picture of 16 or 32 bits a pixel over the 256 greys."""
    values = np.nan_to_num(np.asarray(picture, np.float64), posinf=0, neginf=0)
    low, high = values.min(), values.max()
    spread = max(high - low, 1e-9)
    return Image.fromarray(((values - low) / spread * 255).astype(np.uint8))


def _distance(pixels: Pixels, paper: Pixels) -> Pixels:
    """Return the greatest difference in any channel: uint8, without the last axis."""
    difference = np.maximum(pixels, paper) - np.minimum(pixels, paper)
    red, green, blue, opacity = np.moveaxis(difference, -1, 0)
    return np.maximum(np.maximum(red, green), np.maximum(blue, opacity))


def _contrast(pixels: Pixels, low: Ink, high: Ink) -> Pixels:
    """Return how many times darker or lighter than its paper each pixel is, 0 to 255.

    Light multiplies ink and paper alike, so their ratio is the same in a shadow.
    """
    level = np.log(pixels + DARK)
    ratio = np.maximum(np.log(low + DARK) - level, level - np.log(high + DARK)).max(axis=2)
    return np.rint(255 * np.clip(ratio / FULL_RATIO, 0, 1)).astype(np.uint8)


def _local_paper(pixels: Pixels) -> tuple[Ink, Ink]:
    """Return the least and the greatest of the medians near each pixel, by channel.

    Where a shadow ends the two lie apart, and what lies between them is paper.
    """
    ranges = []
    for channel in np.moveaxis(pixels, -1, 0):
        picture = Image.fromarray(channel)
        coarse = picture.copy()
        coarse.thumbnail((COARSE_SIDE, COARSE_SIDE), Image.Resampling.BOX)
        smooth = coarse.filter(ImageFilter.MedianFilter(WINDOW))
        ranges.append(
            [
                np.asarray(smooth.filter(extreme).resize(picture.size, Image.Resampling.BILINEAR))
                for extreme in (ImageFilter.MinFilter(5), ImageFilter.MaxFilter(5))
            ]
        )
    low, high = np.moveaxis(np.array(ranges, np.float32), 0, -1)
    return low, high


def _ink_of_photograph(contrast: Pixels) -> Ink:
    picture = Image.fromarray(contrast)
    for _ in ("rows", "columns"):
        picture = _without_lines(picture).transpose(Image.Transpose.ROTATE_90)
    levels = np.asarray(picture.transpose(Image.Transpose.ROTATE_180), np.float32)
    threshold = _otsu(levels[levels > UNEVEN_NOISE * _strongest(levels, FAINTEST_CONTRAST)])
    return np.clip((levels / threshold - 0.8) / 0.4, 0, 1)


def _without_lines(picture: Image.Image) -> Image.Image:
    """Turn a picture so that its lines lie flat, and take away what runs through whole rows."""
    small = picture.copy()
    small.thumbnail((RULING_SIDE, RULING_SIDE), Image.Resampling.BOX)
    found = [np.square(_through(_turned(small, degrees))).sum() for degrees in RULING_DEGREES]
    levels = _turned(picture, RULING_DEGREES[int(np.argmax(found))])
    rows = np.pad(_through(levels), 1, mode="edge")
    if _runs(rows > FAINTEST_INK) < 2:  # A one may run through the whole picture.
        return picture
    near = np.maximum(np.maximum(rows[:-2], rows[2:]), rows[1:-1])
    return Image.fromarray(np.clip(levels - LINE_MARGIN * near[:, None], 0, 255).astype(np.uint8))


def _turned(picture: Image.Image, degrees: float) -> npt.NDArray[np.float32]:
    return np.asarray(picture.rotate(degrees, Image.Resampling.BILINEAR), np.float32)


def _through(levels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return of each row what nearly all of it reaches: no stroke is as long as a line."""
    return np.quantile(levels, 1 - LINE_SHARE, axis=1).astype(np.float32)


def _otsu(levels: npt.NDArray[np.float32]) -> float:
    """Return the threshold that parts levels, 0 to 255, best.

    Otsu: A threshold selection method from gray-level histograms, 1979.
    """
    counts = np.bincount(levels.astype(np.intp), minlength=256).astype(float)
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(np.nanargmax(between)) + 0.5


def _main_part(ink: Ink) -> Ink:
    """Leave out what lies apart from the part with the most ink."""
    reach = 2 * round(GAP * max(ink.shape) / 2) + 1
    grown = Image.fromarray(np.where(ink > 0, 255, 0).astype(np.uint8))
    parts = grown.filter(ImageFilter.MaxFilter(reach))
    best, most = ink, 0.0
    while (left := np.asarray(parts) == 255).any():
        row, column = np.unravel_index(left.argmax(), left.shape)
        ImageDraw.floodfill(parts, (int(column), int(row)), 128)
        part = np.where(np.asarray(parts) == 128, ink, 0)
        ImageDraw.floodfill(parts, (int(column), int(row)), 0)
        edge = part[[0, -1]].any() or part[:, [0, -1]].any()
        amount = float(part.sum()) * (EDGE_WEIGHT if edge else 1)
        if amount > most:
            best, most = part, amount
    return best
