"""From any picture, or strokes, to the 28 x 28 that MNIST's own procedure would have made.

MNIST's digits were cropped, scaled into 20 x 20 pixels with antialiasing, and centred by
their centre of mass in 28 x 28 (LeCun, Bottou, Bengio, Haffner: Gradient-based learning
applied to document recognition, 1998, section III.A).
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
from digitrec.ink.paper import find_ink
from digitrec.ink.pen import render
from digitrec.ink.photograph import runs
from digitrec.ink.strokes import Strokes, drawn_with

SIZE = 28
BOX = 20
# In the 60,000 training pictures the mean centre of mass lies at pixel (14.00, 14.01).
CENTRE = 14
# Strokes drawn at this width are as wide as the median of MNIST's training pictures, measured
# as twice the ink's area over its total variation.
PEN_WIDTH = 2.3
# Ink of so many pixels is fine enough to tell how wide its strokes are, and is scaled to so
# many to change that.
DETAILED = 40
DETAIL_SIDE = 160
# Small pictures are speckled all over if their ink spans this share of the frame and is broken
# into more runs than this, on average over the rows and columns that have any: digits have
# fewer than 1.9, measured on 99% of MNIST's training pictures.
SPECKLED_SPAN = 0.9
SPECKLED_RUNS = 1.9
# Strokes account for a picture if no side of its ink is further from them, in pixels.
WIDEST_PEN = 40

MAX_PIXELS = 64_000_000
# Unpacked, and once more while it is made smaller, a picture is to take less than 300 MB.
# A page scanned in colours at 600 dots an inch takes 139 MB.
MAX_UNPACKED_BYTES = 140_000_000
# Of a progressive JPEG three numbers of two bytes are held for each pixel.
PROGRESSIVE_BYTES = 6
# Greys are made smaller as they are; what is transparent is converted once more, or twice if it is
# not RGBA; of more than eight bits an array is held as well. Any other pixel takes four bytes.
BYTES_PER_PIXEL = {"L": 1, "RGBA": 5, "I": 6, "F": 6}
OTHER_TRANSPARENT_BYTES = 6
# Formats that are nothing but pixels: Pillow hands EPS, for one, to another program.
PICTURE_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")


def open_picture(source: Path | bytes, side: int | None = None) -> Image.Image:
    """Open a picture file of one of ``PICTURE_FORMATS``, turned as its EXIF says.

    Args:
        source: The file, or what is in it.
        side: So many pixels do for each side: a JPEG is unpacked at a half, a quarter or an eighth
            of its size as long as it has them, in less time and memory.

    Raises:
        PictureError: If it can't be read, is no picture, is too large, or holds several pictures.
    """
    name = str(source) if isinstance(source, Path) else "the picture"
    try:
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
    except FileNotFoundError as error:
        raise PictureError(f"{name}: there is no such file") from error
    except IsADirectoryError as error:
        raise PictureError(f"{name}: a folder without pictures") from error
    except UnidentifiedImageError as error:
        expected = f"expected {', '.join(PICTURE_FORMATS[:-1])} or {PICTURE_FORMATS[-1]}"
        raise PictureError(f"{name} can't be read as a picture; {expected}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"{name} has more than {MAX_PIXELS:,} pixels") from error
    except PictureError:
        raise
    except Exception as error:  # A damaged file makes Pillow's decoders raise nearly anything.
        reason = str(error) or type(error).__name__
        raise PictureError(f"{name} is damaged and can't be read: {reason}") from error


def preprocess(picture: Image.Image) -> Digit:
    """Turn a picture of one digit into what the networks were trained on.

    Args:
        picture: Any mode and size; ink and paper of any colours, either transparent.

    Returns:
        uint8, (28, 28), white ink (255) on black (0).

    Raises:
        PictureError: If the picture has too many pixels.
        BlankPictureError: If it holds no ink.
    """
    _check_size(picture, "the picture")
    return normalize(find_ink(picture))


class Steps(NamedTuple):
    """What a drawing becomes on its way to a network.

    Attributes:
        cropped: float32, (height, width), 0 (paper) to 1 (ink): its ink without the paper around.
        how: How it came to MNIST's size: drawn anew, or scaled.
        box: The ink at that size.
        digit_input: uint8, (28, 28), white ink (255) on black (0): what the network is given.
    """

    cropped: Ink
    how: str
    box: Ink
    digit_input: Digit


def preprocess_drawing(picture: Image.Image, strokes: Strokes) -> Digit:
    """Preprocess a picture of a drawing: by its strokes where they account for the picture.

    Args:
        picture: The drawing.
        strokes: In pixels of the picture; empty where they aren't known.

    Raises:
        BlankPictureError: If the picture holds no ink.
    """
    ink = find_ink(picture)
    return steps_to_input(ink, strokes, picture.width / ink.shape[1]).digit_input


def steps_to_input(ink: Ink, strokes: Strokes, scale: float = 1.0) -> Steps:
    """Make what a network is given of a drawing: by its strokes where they account for the ink.

    Args:
        ink: float32, (height, width), 0 (paper) to 1 (ink), not all 0.
        strokes: What was drawn; empty where it isn't known.
        scale: How many of the strokes' pixels one of the ink's takes.
    """
    if strokes and _account_for(strokes, ink, scale):
        how, box = "drawn with MNIST's pen", _drawn_anew([s.points for s in strokes], PEN_WIDTH)
    else:
        how, box = "scaled", _scaled_box(ink, DETAIL_SIDE)
    return Steps(crop(ink), how, box, centre(box))


def preprocess_traces(traces: Sequence[Points], pen_width: float = PEN_WIDTH) -> Digit:
    """Draw traces at the size, and with the pen, that MNIST's digits had.

    How large and where they were makes no difference then.

    Args:
        traces: Where a pen goes; y grows downward. At least one point.
        pen_width: In pixels of the result.

    Returns:
        uint8, (28, 28), white ink (255) on black (0).
    """
    return centre(_drawn_anew(traces, pen_width))


def _drawn_anew(traces: Sequence[Points], pen_width: float) -> Ink:
    points = np.concatenate(traces)
    corner, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (BOX - pen_width) / max(extent.max(), 1e-9)
    placed = [(trace - corner - extent / 2) * scale + SIZE / 2 for trace in traces]
    drawn = render(drawn_with(pen_width, placed), SIZE)
    return crop(drawn.astype(np.float32) / np.float32(255))


def normalize(ink: Ink, detail_side: int = DETAIL_SIDE) -> Digit:
    """Crop, scale and centre ink as MNIST's digits were.

    Args:
        ink: float32, (height, width), 0 (paper) to 1 (ink), not all 0.
        detail_side: The longer side of the picture in which the width of the strokes is changed,
            in pixels; the time grows with its third power.

    Returns:
        uint8, (28, 28): the longer side of the ink takes 20 pixels. A small picture that is
        speckled all over fills the 28 x 28, since its ink doesn't tell where the digit ends.
    """
    return centre(_scaled_box(ink, detail_side))


def _scaled_box(ink: Ink, detail_side: int) -> Ink:
    cropped = crop(ink)
    if max(ink.shape) < DETAILED and _is_speckled(cropped, ink.shape):
        return _scale(ink, SIZE)
    if max(cropped.shape) >= DETAILED:
        cropped = _at_mnists_pen_width(cropped, detail_side)
    return _scale(cropped, BOX)


def centre(box: Ink) -> Digit:
    """Put ink into 28 x 28 with its centre of mass in the middle.

    Args:
        box: float32, (height, width), at most 28 x 28, 0 (paper) to 1 (ink), not all 0.

    Returns:
        uint8, (28, 28): the centre of mass lies at pixel (14, 14) as far as the ink then
        stays inside.
    """
    height, width = box.shape
    mass = box.sum()
    centre_y = (box.sum(axis=1) @ np.arange(height)) / mass
    centre_x = (box.sum(axis=0) @ np.arange(width)) / mass
    top = int(np.clip(round(CENTRE - centre_y), 0, SIZE - height))
    left = int(np.clip(round(CENTRE - centre_x), 0, SIZE - width))
    digit = np.zeros((SIZE, SIZE), np.uint8)
    digit[top : top + height, left : left + width] = np.rint(box * 255)
    return digit


def _account_for(strokes: Strokes, ink: Ink, scale: float) -> bool:
    """Tell whether the strokes' box is the ink's, but for the width of a pen."""
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
    """Refuse what takes too much memory, though it has not too many pixels."""
    bytes_per_pixel = BYTES_PER_PIXEL.get(picture.mode, 4)
    if picture.has_transparency_data and picture.mode != "RGBA":
        bytes_per_pixel = OTHER_TRANSPARENT_BYTES
    size = picture.width * picture.height * bytes_per_pixel
    if picture.info.get("progressive"):
        # All of it is held until the last pass, however small it is made then.
        size = max(size, PROGRESSIVE_BYTES * whole[0] * whole[1])
    if size > MAX_UNPACKED_BYTES:
        raise PictureError(
            f"{name} takes too much memory: expected at most {MAX_UNPACKED_BYTES:,} bytes when "
            f"unpacked, got {size:,}"
        )


def _check_is_one(picture: Image.Image, name: str) -> None:
    # A telephone's MPO is a JPEG with the same picture once more, smaller or from beside it.
    count = 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1)
    if count > 1:
        raise PictureError(f"{name} is animated or has several pages: expected one, got {count}")


def crop(ink: Ink) -> Ink:
    """Cut off the rows and columns at the edges that hold no ink."""
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
    """Scale so that the longer side takes so many pixels."""
    height, width = ink.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(ink).resize(size, how))


def _at_mnists_pen_width(ink: Ink, side: int) -> Ink:
    """Make the strokes of a picture as wide, in proportion, as those of MNIST's digits."""
    import cv2  # Its 17 MB are loaded once a picture needs them.

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
    """Return the mean width of the strokes: twice the ink's area over its total variation."""
    down, across = np.gradient(np.pad(ink, 1))
    return float(2 * ink.sum() / np.hypot(down, across).sum())
