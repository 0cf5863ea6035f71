"""Checks what an upload says about a drawing."""

import reprlib
from datetime import UTC, datetime
from typing import Any

import numpy as np

from digitrec.arrays import Digit
from digitrec.datasets.pixel_format import PIXELS
from digitrec.drawings.schema import MAX_NOTE, SOURCES
from digitrec.errors import BlankPictureError, DatasetError
from digitrec.ink.preprocessing import SIZE
from digitrec.labels import LABELS, NO_DIGIT


def checked_input(pixels: bytes) -> Digit:
    """Return 784 bytes as uint8 (28, 28), white ink (255) on black (0).

    Raises:
        DatasetError: If it isn't 784 bytes.
        BlankPictureError: If all are 0.
    """
    if len(pixels) != PIXELS:
        raise DatasetError(f"expected {PIXELS} pixels, got {len(pixels):,}")
    if not any(pixels):
        raise BlankPictureError("this picture is blank; choose one with a digit in it")
    return np.frombuffer(pixels, np.uint8).reshape(SIZE, SIZE)


def checked_label(label: Any) -> int | None:
    """Return a valid label, or None for no label.

    Raises:
        DatasetError: If it is neither None nor one of 0 to 10.
    """
    if label is None or (type(label) is int and label in LABELS):
        return label
    raise DatasetError(f"expected a label from 0 to {NO_DIGIT}, got {reprlib.repr(label)}")


def checked_note(note: Any) -> str:
    """Return a valid note.

    Raises:
        DatasetError: If it isn't text, is too long, or has characters that a database refuses.
    """
    if not isinstance(note, str):
        raise DatasetError(f"expected a note as text, got {reprlib.repr(note)}")
    if len(note) > MAX_NOTE:
        raise DatasetError(f"a note can have at most {MAX_NOTE:,} characters, got {len(note):,}")
    if "\0" in note or any("\ud800" <= character <= "\udfff" for character in note):
        raise DatasetError("the note has characters that can't be saved")
    return note


def checked_time(text: Any) -> datetime | None:
    """Parse an ISO 8601 time to UTC. Without a zone it is taken as UTC; empty gives None.

    Raises:
        DatasetError: If it isn't such a time.
    """
    if text is None or text == "":
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    except (TypeError, ValueError, OverflowError) as error:
        expected = "expected a time such as 2026-01-31T18:30:00Z"
        raise DatasetError(f"{expected}, got {reprlib.repr(text)}") from error


def known_source(source: Any) -> str:
    """Return the source if it is a known one, else ``upload``."""
    return source if isinstance(source, str) and source in SOURCES else "upload"
