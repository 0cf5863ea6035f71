"""Drawings in an upload, and the files that contain them."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from digitrec.arrays import Digit
from digitrec.drawings.files.checked_fields import checked_input
from digitrec.errors import PictureError
from digitrec.ink.preprocessing import PICTURE_FORMATS, SIZE, open_picture, preprocess_drawing
from digitrec.ink.strokes import Strokes

MAX_PICTURE_BYTES = 20_000_000
# Larger pictures, photographs for instance, are kept at this size.
MAX_KEPT_SIDE = 1024
MAX_KEPT_BYTES = 5_000_000
ENLARGEMENT = 10


@dataclass(frozen=True)
class Incoming:
    """A drawing in an upload.

    Attributes:
        name: What error messages call it.
        picture: PNG.
        digit_input: uint8 (28, 28), white ink (255) on black (0), not all 0.
        strokes: The pen's strokes; empty if unknown.
        label: One of ``digitrec.labels.LABELS``, or None.
        note: At most ``MAX_NOTE`` characters.
        created_at: When it was made, UTC; None if unknown.
        source: One of ``SOURCES``.
    """

    name: str
    picture: bytes
    digit_input: Digit
    strokes: Strokes = ()
    label: int | None = None
    note: str = ""
    created_at: datetime | None = None
    source: str = "upload"


@dataclass(frozen=True)
class Refused:
    """Something in an upload that can't be read.

    Attributes:
        name: The file, row or line.
        reason: Why, in one sentence.
    """

    name: str
    reason: str


Item = Incoming | Refused


@dataclass(frozen=True)
class Source:
    """Drawings in a file.

    Attributes:
        name: What error messages call it.
        labels: Yields each drawing's label, or None, quickly and without reading pictures.
        drawings: Yields the drawings; its argument says whether to swap rows and columns.
        can_transpose: Whether rows and columns can be swapped, as in pixels but not in pictures.
    """

    name: str
    labels: Callable[[], Iterator[Any]]
    drawings: Callable[[bool], Iterator[Item]]
    can_transpose: bool = True


def from_pixels(name: str, pixels: bytes) -> Incoming:
    """Make a drawing from a model's input: 784 bytes, white ink (255) on black (0).

    The picture shows each pixel as a square, black on white.

    Raises:
        BadInputError: If it isn't 784 bytes, or all are 0.
    """
    digit = checked_input(pixels)
    return Incoming(name, _picture_of(digit), digit)


def from_picture(
    name: str,
    content: bytes,
    strokes: Strokes = (),
    digit_input: Digit | None = None,
) -> Incoming:
    """Make a drawing from a picture file; without ``digit_input``, compute that from the picture.

    Raises:
        PictureError: If it can't be read, is too large or has no ink.
    """
    if len(content) > MAX_PICTURE_BYTES:
        raise PictureError(f"a picture can have at most {MAX_PICTURE_BYTES:,} bytes")
    picture = open_picture(content, MAX_KEPT_SIDE)
    if digit_input is None:
        digit_input = preprocess_drawing(picture, strokes)
    return Incoming(name, _kept(picture, content), digit_input, strokes)


def is_picture(content: bytes) -> bool:
    """Return whether a file begins like one of ``PICTURE_FORMATS``."""
    try:
        with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS):
            return True
    except UnidentifiedImageError:
        return False
    except Exception:  # A damaged or oversized picture: open_picture says which.
        return True


def _picture_of(digit: npt.NDArray[np.uint8]) -> bytes:
    side = ENLARGEMENT * SIZE
    picture = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.NEAREST)
    return _png(picture)


def _kept(picture: Image.Image, content: bytes) -> bytes:
    """Return a picture as PNG, scaled down if large; a small PNG is returned unchanged."""
    is_small = max(picture.size) <= MAX_KEPT_SIDE and len(content) <= MAX_KEPT_BYTES
    if content.startswith(b"\x89PNG") and is_small:
        return content
    picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((MAX_KEPT_SIDE, MAX_KEPT_SIDE))
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
