"""Drawings to save."""

import dataclasses
import io
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from digitrec.drawings.store import NewDrawing
from digitrec.preprocessing import open_picture, preprocess
from digitrec.recognizer import Recognition
from digitrec.strokes import Stroke
from tests.digits import draw_digit

RECOGNITION = Recognition(7, 0.91, (0.01,) * 7 + (0.91, 0.01, 0.01), True, 0.97)
INPUT = np.arange(784, dtype=np.uint16).astype(np.uint8).reshape(28, 28)
STROKES: list[Stroke] = [{"width": 16.0, "points": [[1.0, 2.0], [3.5, 4.0]]}]


def new_drawing(answer: int = 7, *, confidence: float = 0.91, **values: Any) -> NewDrawing:
    """Return a drawing that the model takes for ``answer``; ``NO_DIGIT`` for none."""
    digit = answer % 10
    recognition = dataclasses.replace(
        RECOGNITION, digit=digit, confidence=confidence, is_digit=answer < 10
    )
    given: dict[str, Any] = {
        "picture": b"png", "strokes": STROKES, "digit_input": INPUT, "recognition": recognition,
        "model": "seed-cnn", "model_version": "ab" * 32,
    }  # fmt: skip
    picture = values.get("picture", b"")
    if picture.startswith(b"\x89PNG"):
        given["digit_input"] = _input_of(picture)
    return NewDrawing(**given | values)


@cache
def _input_of(picture: bytes) -> npt.NDArray[np.uint8]:
    return preprocess(open_picture(picture))


def png_of(digit: int) -> bytes:
    file = io.BytesIO()
    draw_digit(digit).save(file, "PNG")
    return file.getvalue()
