"""A drawing to save. It needs no database, so pages can import it without SQLAlchemy."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from digitrec.arrays import Digit
from digitrec.ink.strokes import Strokes
from digitrec.recognition.recognition import Recognition


class Model(Protocol):
    """What identifies a model, such as a ``Recognizer``."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def version(self) -> str:
        """SHA-256 of the model, in hexadecimal."""


@dataclass(frozen=True)
class NewDrawing:
    """A drawing to save.

    Attributes:
        picture: PNG.
        digit_input: uint8 (28, 28), the model's input, white ink (255) on black.
        recognition: The model's answer.
        model: The model, such as its ``Recognizer``.
        strokes: The pen's strokes; empty if unknown.
        source: One of ``schema.SOURCES``.
        label: The person's label.
        note: The person's note.
        created_at: When it was made, UTC; None for now.
    """

    picture: bytes
    digit_input: Digit
    recognition: Recognition
    model: Model
    strokes: Strokes = ()
    source: str = "canvas"
    label: int | None = None
    note: str = ""
    created_at: datetime | None = None


def content_hash(content: bytes) -> bytes:
    """Return a hash of a picture or an input, 16 bytes."""
    return hashlib.blake2b(content, digest_size=16).digest()
