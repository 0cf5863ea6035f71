"""Drawings as an upload brings them, each checked before anything is done with it."""

import io
import reprlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from digitrec.arrays import Digit
from digitrec.drawings.schema import MAX_NOTE, SOURCES
from digitrec.errors import BlankPictureError, DatasetError, PictureError
from digitrec.ink.preprocessing import PICTURE_FORMATS, SIZE, open_picture, preprocess_drawing
from digitrec.ink.strokes import Strokes
from digitrec.labels import LABELS, NO_DIGIT

PIXELS = SIZE * SIZE
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


def checked_input(pixels: bytes) -> Digit:
    """Return 784 bytes as uint8 (28, 28), white ink (255) on black (0).

    Raises:
        DatasetError: If there are more or fewer.
        BlankPictureError: If all are 0.
    """
    if len(pixels) != PIXELS:
        raise DatasetError(f"expected {PIXELS} pixels, got {len(pixels):,}")
    if not any(pixels):
        raise BlankPictureError("expected a picture with a digit in it, got a blank one")
    return np.frombuffer(pixels, np.uint8).reshape(SIZE, SIZE)


def checked_label(label: Any) -> int | None:
    """Return a label that may be kept, or None for none.

    Raises:
        DatasetError: If it is neither None nor one of 0 to 10.
    """
    if label is None or (type(label) is int and label in LABELS):
        return label
    raise DatasetError(f"expected a label from 0 to {NO_DIGIT}, got {reprlib.repr(label)}")


def checked_note(note: Any) -> str:
    """Return a note that may be kept.

    Raises:
        DatasetError: If it is no text, too long, or has characters that a database refuses.
    """
    if not isinstance(note, str):
        raise DatasetError(f"expected a note in words, got {reprlib.repr(note)}")
    if len(note) > MAX_NOTE:
        raise DatasetError(f"a note takes {MAX_NOTE:,} characters, got {len(note):,}")
    if "\0" in note or any("\ud800" <= character <= "\udfff" for character in note):
        raise DatasetError("the note has characters that are no text")
    return note


def checked_time(text: Any) -> datetime | None:
    """Return a time in ISO 8601 as UTC; one that names no zone is UTC. Nothing gives None.

    Raises:
        DatasetError: If it is no such time.
    """
    if text is None or text == "":
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (TypeError, ValueError, OverflowError) as error:
        expected = "expected a time such as 2026-01-31T18:30:00Z"
        raise DatasetError(f"{expected}, got {reprlib.repr(text)}") from error


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


def known_source(source: Any) -> str:
    """Return where a drawing is said to come from, if that can be; else an upload."""
    return source if isinstance(source, str) and source in SOURCES else "upload"
