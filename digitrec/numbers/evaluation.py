"""Evaluates the reading of numbers composed of an ink file's digits, one writer each."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from digitrec.datasets.ink_files import InkDrawing, by_writer
from digitrec.errors import DatasetError, PictureError, TooMuchInkError
from digitrec.numbers.composition import ComposedNumber, Spacing, compose
from digitrec.numbers.page_reader import read_page
from digitrec.numbers.reader import Number, read_strokes
from digitrec.recognition.recognizer import Recognizer

# Numbers per writer and spacing.
PER_WRITER = 3
MIN_DIGITS, MAX_DIGITS = 2, 6

Reader = Callable[[Recognizer, ComposedNumber], Number]


class InkNumber(NamedTuple):
    """A number composed of one writer's digits.

    Attributes:
        text: Its digits.
        spacing: The distance between them.
        composed: The number as strokes.
    """

    text: str
    spacing: Spacing
    composed: ComposedNumber


def compose_numbers(drawings: Sequence[InkDrawing], seed: int) -> list[InkNumber]:
    """Compose numbers of two to six digits, three per writer and spacing.

    Args:
        drawings: Drawings of digits. Writers with a single digit are left out.
        seed: Random seed of digits, sizes, pens and gaps.

    Raises:
        DatasetError: If no writer has two digits.
    """
    rng = np.random.default_rng(seed)
    numbers = []
    for own in by_writer(drawings).values():
        for spacing in [*Spacing] * (PER_WRITER if len(own) > 1 else 0):
            count = min(int(rng.integers(MIN_DIGITS, MAX_DIGITS + 1)), len(own))
            digits = [own[i] for i in rng.choice(len(own), count, replace=False)]
            composed = compose([digit.traces for digit in digits], spacing, rng)
            text = "".join(digit.label for digit in digits)
            numbers.append(InkNumber(text, spacing, composed))
    if not numbers:
        raise DatasetError("no writer has at least two digits, so no numbers can be composed")
    return numbers


def by_strokes(recognizer: Recognizer, number: ComposedNumber) -> Number:
    """Read a number from its strokes, as on the canvas."""
    return read_strokes(recognizer, number.strokes)


def by_picture(recognizer: Recognizer, number: ComposedNumber) -> Number:
    """Read a number from its picture, as a picture file with nothing else in it.

    Raises:
        PictureError: If it can't be read as a number.
    """
    page = read_page(recognizer, Image.fromarray(255 - number.drawn()))
    return max(page.numbers, key=lambda number: len(number.text))


READERS: dict[str, Reader] = {"strokes": by_strokes, "picture": by_picture}


def evaluate_numbers(recognizer: Recognizer, numbers: Iterable[InkNumber]) -> dict[str, Any]:
    """Measure how many numbers are read without an error.

    Returns:
        ``model``, ``count``, and for ``strokes`` and ``picture`` the share of exactly read numbers
        by spacing, and ``parted``, the share of numbers with the right count of digits.
    """
    exact: dict[str, dict[Spacing, list[bool]]] = {
        how: {spacing: [] for spacing in Spacing} for how in READERS
    }
    split_correctly: dict[str, list[bool]] = {how: [] for how in READERS}
    for number in numbers:
        for how, read in READERS.items():
            text = _text(read, recognizer, number.composed)
            exact[how][number.spacing].append(text == number.text)
            split_correctly[how].append(len(text) == len(number.text))
    return {
        "model": recognizer.name,
        "count": len(split_correctly["strokes"]),
        **{
            how: {
                **{str(near): float(np.mean(right)) for near, right in exact[how].items()},
                "parted": float(np.mean(split_correctly[how])),
            }
            for how in READERS
        },
    }


def _text(read: Reader, recognizer: Recognizer, number: ComposedNumber) -> str:
    try:
        return read(recognizer, number).text
    except (TooMuchInkError, PictureError):
        return ""
