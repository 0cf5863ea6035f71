"""Drawings to save."""

import dataclasses
import io
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from digitrec.drawings.files.file_kinds import found_in
from digitrec.drawings.files.incoming import Incoming, Refused
from digitrec.drawings.new_drawing import NewDrawing
from digitrec.ink.preprocessing import open_picture, preprocess
from digitrec.ink.strokes import Stroke, Strokes
from digitrec.recognition.recognition import Recognition
from tests.support.digits import draw_digit


class NamedModel(NamedTuple):
    """What a drawing is told of the model that read it."""

    name: str
    version: str = "ab" * 32


RECOGNITION = Recognition(7, 0.91, (0.01,) * 7 + (0.91, 0.01, 0.01), True, 0.97)
INPUT = np.arange(784, dtype=np.uint16).astype(np.uint8).reshape(28, 28)
STROKES: Strokes = (Stroke(np.array([[1.0, 2.0], [3.5, 4.0]]), 16.0),)


def new_drawing(
    answer: int = 7, *, confidence: float = 0.91, model: str = "seed-cnn", **values: Any
) -> NewDrawing:
    """Return a drawing that the model takes for ``answer``; ``NO_DIGIT`` for none."""
    digit = answer % 10
    recognition = dataclasses.replace(
        RECOGNITION, digit=digit, confidence=confidence, is_digit=answer < 10
    )
    given: dict[str, Any] = {
        "picture": b"png", "strokes": STROKES, "digit_input": INPUT, "recognition": recognition,
        "model": NamedModel(model),
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


def ink_of(count: int) -> npt.NDArray[np.uint8]:
    """Return uint8 (count, 28, 28): patterns of their own within a black margin, as digits have."""
    pixels = np.zeros((count, 28, 28), np.uint8)
    chance = np.random.default_rng(count)
    pixels[:, 4:24, 4:24] = chance.integers(0, 256, (count, 20, 20), np.uint8)
    pixels[:, 14, 14] = 255
    return pixels


def read_files(
    *files: tuple[str, bytes], is_transposed: bool = False
) -> tuple[list[Incoming], list[Refused]]:
    """Return what an upload of files brings, and what it leaves out."""
    with found_in([(name, io.BytesIO(content)) for name, content in files]) as found:
        items = list(found.items(is_transposed))
    return (
        [item for item in items if isinstance(item, Incoming)],
        [item for item in items if isinstance(item, Refused)],
    )


def inputs(drawings: list[Incoming]) -> npt.NDArray[np.uint8]:
    return np.stack([drawing.digit_input for drawing in drawings])


def labels_of(drawings: list[Incoming]) -> list[int | None]:
    return [drawing.label for drawing in drawings]
