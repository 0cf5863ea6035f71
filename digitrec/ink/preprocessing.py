"""Converts pictures and strokes to 28 x 28 pixels with MNIST's own procedure.

MNIST's digits were cropped, scaled to fit 20 x 20 pixels with antialiasing, and centered in
28 x 28 by their center of mass (LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to
document recognition, 1998, section III.A).
"""

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from digitrec.arrays import Digit, Ink, Points
from digitrec.errors import PictureError
from digitrec.ink.find_ink import find_ink
from digitrec.ink.pen import render
from digitrec.ink.photograph import runs
from digitrec.ink.strokes import Strokes, drawn_with

SIZE = 28
BOX = 20
# The mean center of mass of the 60,000 training pictures is pixel (14.00, 14.01).
CENTER = 14
# The median stroke width of MNIST's training pictures, measured as twice the ink's area divided
# by its total variation.
PEN_WIDTH = 2.3
# If the ink's longer side has at least DETAILED pixels, its stroke width is adjusted, at a size of
# DETAIL_SIDE pixels.
DETAILED = 40
DETAIL_SIDE = 160
# A small picture is speckled if its ink spans this share of the frame and has more runs per row
# and column than this, on average over those with ink: 99% of MNIST's training pictures have
# fewer than 1.9.
SPECKLED_SPAN = 0.9
SPECKLED_RUNS = 1.9
# Strokes match a picture if their bounding boxes differ by less than a pen this wide, in pixels.
WIDEST_PEN = 40

MAX_PIXELS = 64_000_000
# A picture is in memory twice while it is scaled down, and both must fit in 300 MB. A color page
# scanned at 600 dpi takes 139 MB.
MAX_UNPACKED_BYTES = 140_000_000
# A progressive JPEG holds three 16-bit coefficients for each pixel.
PROGRESSIVE_BYTES = 6
# Grayscale isn't converted. Transparent pictures are converted once if they are RGBA, else twice.
# More than eight bits need an array as well. All other modes take four bytes.
BYTES_PER_PIXEL = {"L": 1, "RGBA": 5, "I": 6, "F": 6}
OTHER_TRANSPARENT_BYTES = 6
# Formats that Pillow decodes itself; it passes EPS, for example, to another program.
PICTURE_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")


def open_picture(source: Path | bytes, side: int | None = None) -> Image.Image:
    """Open a picture file in one of ``PICTURE_FORMATS``, rotated according to its EXIF data.

    Args:
        source: The file or its content.
        side: The size needed, in pixels. A JPEG is decoded at a half, a quarter or an eighth of its
            size if that is large enough, which saves time and memory.

    Raises:
        PictureError: If it can't be read, isn't a picture, is too large or has several pages.
    """
    name = str(source) if isinstance(source, Path) else "the file"
    try:
        return _decode(source, name, side)
    except FileNotFoundError as error:
        raise PictureError(f"{name}: there is no such file") from error
    except IsADirectoryError as error:
        raise PictureError(f"{name}: this folder has no pictures") from error
    except UnidentifiedImageError as error:
        expected = f"expected {', '.join(PICTURE_FORMATS[:-1])} or {PICTURE_FORMATS[-1]}"
        raise PictureError(f"{name} isn't an image that can be opened; {expected}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"{name} has more than {MAX_PIXELS:,} pixels") from error
    except PictureError:
        raise
    except Exception as error:  # Pillow's decoders raise almost anything for a damaged file.
        reason = str(error) or type(error).__name__
        raise PictureError(f"{name} is damaged and can't be read: {reason}") from error


def _decode(source: Path | bytes, name: str, side: int | None) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        file = source if isinstance(source, Path) else io.BytesIO(source)
        picture = Image.open(file, formats=PICTURE_FORMATS)
    _check_size(picture, name)
    _check_is_one(picture, name)
    whole = picture.size
    if side is not None:
        picture.draft(None, (side, side))
    _check_unpacked(picture, name, whole)
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    return picture


def preprocess(picture: Image.Image) -> Digit:
    """Convert a picture of one digit to the format of MNIST.

    Args:
        picture: Any mode and size. Ink and paper may have any color or be transparent.

    Returns:
        uint8, (28, 28), white ink (255) on black (0).

    Raises:
        PictureError: If the picture has too many pixels.
        BlankPictureError: If it has no ink.
    """
    _check_size(picture, "the picture")
    return normalize(find_ink(picture))


class Steps(NamedTuple):
    """The steps from a drawing to a network's input.

    Attributes:
        cropped: float32, (height, width), 0 (paper) to 1 (ink): the ink without margins.
        how: How it was brought to MNIST's size: redrawn or scaled.
        box: The ink at that size.
        digit_input: uint8, (28, 28), white ink (255) on black (0): the network's input.
    """

    cropped: Ink
    how: str
    box: Ink
    digit_input: Digit


def preprocess_drawing(picture: Image.Image, strokes: Strokes) -> Digit:
    """Preprocess a picture of a drawing, using its strokes if they match the picture.

    Args:
        picture: The drawing.
        strokes: In pixels of the picture; empty if unknown.

    Raises:
        BlankPictureError: If the picture has no ink.
    """
    ink = find_ink(picture)
    return steps_to_input(ink, strokes, picture.width / ink.shape[1]).digit_input


def steps_to_input(ink: Ink, strokes: Strokes, scale: float = 1.0) -> Steps:
    """Make a network's input from a drawing, using its strokes if they match the ink.

    Args:
        ink: float32, (height, width), 0 (paper) to 1 (ink), not all 0.
        strokes: The strokes; empty if unknown.
        scale: The size of an ink pixel in the strokes' pixels.
    """
    if strokes and _account_for(strokes, ink, scale):
        how, box = "redrawn", _redrawn([s.points for s in strokes], PEN_WIDTH)
    else:
        how, box = "scaled", _scaled_box(ink, DETAIL_SIDE)
    return Steps(crop(ink), how, box, center(box))


def preprocess_traces(traces: Sequence[Points], pen_width: float = PEN_WIDTH) -> Digit:
    """Draw traces at the size of MNIST's digits and with their pen width.

    The original size and position of the traces make no difference.

    Args:
        traces: The pen's paths; y grows downward. At least one point.
        pen_width: In pixels of the result.

    Returns:
        uint8, (28, 28), white ink (255) on black (0).
    """
    return center(_redrawn(traces, pen_width))


def _redrawn(traces: Sequence[Points], pen_width: float) -> Ink:
    points = np.concatenate(traces)
    corner, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (BOX - pen_width) / max(extent.max(), 1e-9)
    placed = [(trace - corner - extent / 2) * scale + SIZE / 2 for trace in traces]
    drawn = render(drawn_with(pen_width, placed), SIZE)
    return crop(drawn.astype(np.float32) / np.float32(255))


def normalize(ink: Ink, detail_side: int = DETAIL_SIDE) -> Digit:
    """Crop, scale and center ink like MNIST's digits.

    Args:
        ink: float32, (height, width), 0 (paper) to 1 (ink), not all 0.
        detail_side: The longer side, in pixels, at which the stroke width is adjusted. The time
            grows with its cube.

    Returns:
        uint8, (28, 28): the longer side of the ink takes 20 pixels. A small speckled picture fills
        all 28 x 28, since its specks hide where the digit ends.
    """
    return center(_scaled_box(ink, detail_side))


def _scaled_box(ink: Ink, detail_side: int) -> Ink:
    cropped = crop(ink)
    if max(ink.shape) < DETAILED and _is_speckled(cropped, ink.shape):
        return _scale(ink, SIZE)
    if max(cropped.shape) >= DETAILED:
        cropped = _at_mnists_pen_width(cropped, detail_side)
    return _scale(cropped, BOX)


def center(box: Ink) -> Digit:
    """Center ink in 28 x 28 pixels by its center of mass.

    Args:
        box: float32, (height, width), at most 28 x 28, 0 (paper) to 1 (ink), not all 0.

    Returns:
        uint8, (28, 28): the center of mass is as close to pixel (14, 14) as the frame allows.
    """
    height, width = box.shape
    mass = box.sum()
    center_y = (box.sum(axis=1) @ np.arange(height)) / mass
    center_x = (box.sum(axis=0) @ np.arange(width)) / mass
    top = int(np.clip(round(CENTER - center_y), 0, SIZE - height))
    left = int(np.clip(round(CENTER - center_x), 0, SIZE - width))
    digit = np.zeros((SIZE, SIZE), np.uint8)
    digit[top : top + height, left : left + width] = np.rint(box * 255)
    return digit


def _account_for(strokes: Strokes, ink: Ink, scale: float) -> bool:
    """Return whether the bounding boxes of strokes and ink match within a pen's width."""
    points = np.concatenate([stroke.points for stroke in strokes])
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]) * scale
    outside = np.concatenate([points.min(axis=0) - box[:2], box[2:] - points.max(axis=0)])
    return bool((outside > -WIDEST_PEN / 4).all() and (outside < WIDEST_PEN).all())


def _check_size(picture: Image.Image, name: str) -> None:
    if not picture.width or not picture.height:
        raise PictureError(f"{name} has no pixels: {picture.width} x {picture.height}")
    if picture.width * picture.height > MAX_PIXELS:
        raise PictureError(
            f"{name} has too many pixels: expected at most {MAX_PIXELS:,}, "
            f"got {picture.width} x {picture.height}"
        )


def _check_unpacked(picture: Image.Image, name: str, whole: tuple[int, int]) -> None:
    """Reject pictures that take too much memory when decoded."""
    bytes_per_pixel = BYTES_PER_PIXEL.get(picture.mode, 4)
    if picture.has_transparency_data and picture.mode != "RGBA":
        bytes_per_pixel = OTHER_TRANSPARENT_BYTES
    size = picture.width * picture.height * bytes_per_pixel
    if picture.info.get("progressive"):
        # A progressive JPEG is decoded at full size until its last pass.
        size = max(size, PROGRESSIVE_BYTES * whole[0] * whole[1])
    if size > MAX_UNPACKED_BYTES:
        raise PictureError(
            f"{name} takes too much memory: expected at most {MAX_UNPACKED_BYTES:,} bytes when "
            f"unpacked, got {size:,}"
        )


def _check_is_one(picture: Image.Image, name: str) -> None:
    # Phones save MPO: a JPEG followed by a smaller or stereo copy of the same picture.
    count = 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1)
    if count > 1:
        raise PictureError(f"{name} is animated or has several pages: expected one, got {count}")


def crop(ink: Ink) -> Ink:
    """Remove empty rows and columns at the edges."""
    rows = np.flatnonzero(ink.any(axis=1))
    columns = np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _is_speckled(cropped: Ink, frame: tuple[int, ...]) -> bool:
    if max(cropped.shape) < SPECKLED_SPAN * max(frame):
        return False
    lines = [*(cropped > 0), *(cropped.T > 0)]
    counts = [runs(line) for line in lines if line.any()]
    return sum(counts) > SPECKLED_RUNS * len(counts)


def _scale(ink: Ink, side: int) -> Ink:
    return np.clip(_resize(ink, side, Image.Resampling.BICUBIC), 0, 1)


def _resize(ink: Ink, side: int, how: Image.Resampling) -> Ink:
    """Scale the longer side to the given number of pixels."""
    height, width = ink.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(ink).resize(size, how))


def _at_mnists_pen_width(ink: Ink, side: int) -> Ink:
    """Thicken or thin strokes to MNIST's relative stroke width."""
    import cv2  # Takes 17 MB, so it is loaded only when needed.

    ink = _resize(ink, side, Image.Resampling.BOX)
    change = PEN_WIDTH * max(ink.shape) / BOX - stroke_width(ink)
    size = 2 * round(abs(change) / 2) + 1
    if size == 1:
        return ink
    margin = size if change > 0 else 0
    levels = np.rint(np.pad(ink, margin) * 255).astype(np.uint8)
    change_width = cv2.dilate if change > 0 else cv2.erode
    changed = change_width(levels, np.ones((size, size), np.uint8))
    return crop(changed.astype(np.float32) / np.float32(255)) if changed.any() else ink


def stroke_width(ink: Ink) -> float:
    """Return the mean stroke width, in pixels: twice the ink's area over its total variation."""
    down, across = np.gradient(np.pad(ink, 1))
    return float(2 * ink.sum() / np.hypot(down, across).sum())
