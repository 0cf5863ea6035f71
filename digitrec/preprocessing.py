"""From any picture, or strokes, to the 28 x 28 that MNIST's own procedure would have made.

MNIST's digits were cropped, scaled into 20 x 20 pixels with antialiasing, and centred by
their centre of mass in 28 x 28 (LeCun, Bottou, Bengio, Haffner: Gradient-based learning
applied to document recognition, 1998, section III.A).
"""

import io
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from digitrec.errors import BlankPictureError, PictureError
from digitrec.rendering import render

SIZE = 28
BOX = 20
# In the 60,000 training pictures the mean centre of mass lies at pixel (14.00, 14.01).
CENTRE = 14
# Strokes drawn at this width are as wide as the median of MNIST's training pictures, measured
# as twice the ink's area over its total variation.
PEN_WIDTH = 2.3
# Strokes account for a picture if no side of its ink is further from them, in pixels.
WIDEST_PEN = 40

# A picture is worked on at this size at most: a digit needs no more.
WORKING_SIDE = 512
MAX_PIXELS = 64_000_000

# Weaker differences from the paper than this, as a share of the strongest, are noise.
NOISE = 0.1
# A picture whose strongest difference from its paper is less than this holds no ink.
FAINTEST_INK = 0.1

Ink = npt.NDArray[np.float32]
Digit = npt.NDArray[np.uint8]


def open_picture(source: Path | bytes) -> Image.Image:
    """Open a picture file of any kind that Pillow reads, turned as its EXIF says.

    Raises:
        PictureError: If it can't be read, is no picture, or is too large.
    """
    name = str(source) if isinstance(source, Path) else "the picture"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(source if isinstance(source, Path) else io.BytesIO(source))
        _check_size(picture, name)
        picture.load()
        return ImageOps.exif_transpose(picture)
    except FileNotFoundError as error:
        raise PictureError(f"{name}: there is no such file") from error
    except IsADirectoryError as error:
        raise PictureError(f"{name}: a folder without pictures") from error
    except UnidentifiedImageError as error:
        raise PictureError(f"{name} is not a picture in a format that can be read") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"{name} has more than {MAX_PIXELS:,} pixels") from error
    except PictureError:
        raise
    except Exception as error:  # A damaged file makes Pillow's decoders raise nearly anything.
        raise PictureError(f"{name} is damaged and can't be read: {error}") from error


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


def preprocess_drawing(picture: Image.Image, strokes: Sequence[npt.NDArray[np.float64]]) -> Digit:
    """Preprocess what was drawn on a canvas: by its strokes where they account for the picture.

    Args:
        picture: The canvas.
        strokes: The pen's way, in pixels of the picture; empty where it isn't known.

    Raises:
        BlankPictureError: If the picture holds no ink.
    """
    ink = find_ink(picture)
    if strokes and _account_for(strokes, ink, picture.width / ink.shape[1]):
        return preprocess_strokes(strokes)
    return normalize(ink)


def preprocess_strokes(
    strokes: Sequence[npt.NDArray[np.float64]], pen_width: float = PEN_WIDTH
) -> Digit:
    """Draw strokes anew, at the size and with the pen that MNIST's digits had.

    How wide, how large and where they were drawn makes no difference then.

    Args:
        strokes: float64 (n, 2) points (x, y); y grows downward. At least one point.
        pen_width: In pixels of the result.

    Returns:
        uint8, (28, 28), white ink (255) on black (0).
    """
    points = np.concatenate(strokes)
    corner, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (BOX - pen_width) / max(extent.max(), 1e-9)
    placed = [(stroke - corner - extent / 2) * scale + SIZE / 2 for stroke in strokes]
    drawn = render(placed, SIZE, [pen_width] * len(strokes))
    return centre(_crop(drawn.astype(np.float32) / np.float32(255)))


def find_ink(picture: Image.Image) -> Ink:
    """Tell how much of each pixel is ink, whatever the colours and transparency.

    The paper is the median of the picture's outermost pixels; ink is what differs from it.

    Returns:
        float32, (height, width), 0 (paper) to 1 (ink); the longer side is at most 512.

    Raises:
        BlankPictureError: If nothing differs from the paper.
    """
    pixels = _premultiplied(picture)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    difference = np.abs(pixels - np.median(edge, axis=0)).max(axis=2)
    strongest = float(difference.max())
    if strongest < FAINTEST_INK:
        raise BlankPictureError("expected a picture with a digit in it, got a blank one")
    return np.where(difference < NOISE * strongest, 0, difference / strongest).astype(np.float32)


def normalize(ink: Ink) -> Digit:
    """Crop, scale and centre ink as MNIST's digits were.

    Args:
        ink: float32, (height, width), 0 (paper) to 1 (ink), not all 0.

    Returns:
        uint8, (28, 28): the longer side of the ink takes 20 pixels.
    """
    return centre(_scale_to_box(_crop(ink)))


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


def _account_for(strokes: Sequence[npt.NDArray[np.float64]], ink: Ink, scale: float) -> bool:
    """Tell whether the strokes' box is the ink's, but for the width of a pen."""
    points = np.concatenate(strokes)
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


def _premultiplied(picture: Image.Image) -> npt.NDArray[np.float32]:
    """Return float32 (height, width, 4), 0 to 1; colours count as far as they are opaque."""
    if picture.mode.startswith(("I", "F")):
        picture = _to_grey(picture)
    picture = picture.convert("RGBA")
    picture.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    pixels = np.asarray(picture, np.float32) / np.float32(255)
    pixels[..., :3] *= pixels[..., 3:]
    return pixels


def _to_grey(picture: Image.Image) -> Image.Image:
    """Stretch a picture of 16 or 32 bits a pixel over the 256 greys."""
    values = np.nan_to_num(np.asarray(picture, np.float64), posinf=0, neginf=0)
    low, high = values.min(), values.max()
    spread = max(high - low, 1e-9)
    return Image.fromarray(((values - low) / spread * 255).astype(np.uint8))


def _crop(ink: Ink) -> Ink:
    rows = np.flatnonzero(ink.any(axis=1))
    columns = np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scale_to_box(ink: Ink) -> Ink:
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC)
    return np.clip(np.asarray(scaled), 0, 1)
