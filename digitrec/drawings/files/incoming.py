"""Drawings as an upload brings them, and the files that they are found in."""

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
    """A drawing that an upload brings.

    Attributes:
        name: What to call it when something is wrong with it.
        picture: PNG.
        digit_input: uint8 (28, 28), white ink (255) on black (0), not all 0.
        strokes: What was drawn; empty where it isn't known.
        label: One of ``digitrec.labels.LABELS``, or None.
        note: At most ``MAX_NOTE`` characters.
        created_at: When it was made, UTC; None where it isn't known.
        source: Where it came from, one of ``SOURCES``.
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
        name: Which file, row or line.
        reason: Why, in one sentence.
    """

    name: str
    reason: str


Item = Incoming | Refused


@dataclass(frozen=True)
class Source:
    """Drawings that are found in a file.

    Attributes:
        name: What to call it.
        labels: Yields each drawing's label, or None; it reads no pictures
            and is quick.
        drawings: Yields the drawings; its argument says whether rows and columns are swapped.
        can_turn: Whether it cares: pixels can be swapped, pictures can't.
    """

    name: str
    labels: Callable[[], Iterator[Any]]
    drawings: Callable[[bool], Iterator[Item]]
    can_turn: bool = True


def from_pixels(name: str, pixels: bytes) -> Incoming:
    """Take 784 bytes, white ink (255) on black (0), as what a model is given.

    Its picture is black on white, every pixel a square.

    Raises:
        BadInputError: If there are more or fewer, or all are 0.
    """
    digit = checked_input(pixels)
    return Incoming(name, _picture_of(digit), digit)


def from_picture(
    name: str,
    content: bytes,
    strokes: Strokes = (),
    digit_input: Digit | None = None,
) -> Incoming:
    """Take a picture file; what a model is given is made of it unless that is known.

    Raises:
        PictureError: If it can't be read, is too large or holds no ink.
    """
    if len(content) > MAX_PICTURE_BYTES:
        raise PictureError(f"a picture takes at most {MAX_PICTURE_BYTES:,} bytes")
    picture = open_picture(content, MAX_KEPT_SIDE)
    if digit_input is None:
        digit_input = preprocess_drawing(picture, strokes)
    return Incoming(name, _kept(picture, content), digit_input, strokes)


def is_picture(content: bytes) -> bool:
    """Tell whether a file begins as a picture of ``PICTURE_FORMATS`` does."""
    try:
        with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS):
            return True
    except UnidentifiedImageError:
        return False
    except Exception:  # It is one, and damaged or too large: open_picture says which.
        return True


def _picture_of(digit: npt.NDArray[np.uint8]) -> bytes:
    side = ENLARGEMENT * SIZE
    picture = Image.fromarray(255 - digit).resize((side, side), Image.Resampling.NEAREST)
    return _png(picture)


def _kept(picture: Image.Image, content: bytes) -> bytes:
    """Return a picture as PNG, no larger than need be; a PNG that is none too large as it is."""
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
