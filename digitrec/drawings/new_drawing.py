"""A drawing that is to be saved. It needs no database, so pages import it without SQLAlchemy."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from digitrec.arrays import Digit
from digitrec.ink.strokes import Strokes
from digitrec.recognition.recognizer import Recognition


class Model(Protocol):
    """What tells a model from others, as a ``Recognizer`` does."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def version(self) -> str:
        """SHA-256 of the model, in hexadecimal."""


@dataclass(frozen=True)
class NewDrawing:
    """A drawing that is to be saved.

    Attributes:
        picture: PNG.
        digit_input: uint8 (28, 28), what the model was given, white ink (255) on black.
        recognition: What the model said.
        model: The model, such as its ``Recognizer``.
        strokes: What the pen drew; empty where it isn't known.
        source: Where it comes from, one of ``schema.SOURCES``.
        label: What the person says it is.
        note: What the person wrote about it.
        created_at: When it was made, UTC; None takes now.
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
    """Return 16 bytes that tell a picture or an input from others."""
    return hashlib.blake2b(content, digest_size=16).digest()
