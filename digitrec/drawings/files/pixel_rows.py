"""Drawings that come as 784 numbers each, in any file format."""

import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from digitrec.arrays import Values
from digitrec.datasets.pixel_format import SAMPLE, PixelFormat, detect_pixel_format
from digitrec.drawings.files.checked_fields import checked_label
from digitrec.drawings.files.incoming import Item, Refused, from_pixels
from digitrec.errors import BadInputError


@dataclass(frozen=True)
class Row:
    """A drawing as numbers.

    Attributes:
        name: What error messages call it.
        values: 784 numbers.
        label: The label in the file; None if there is none.
    """

    name: str
    values: Values
    label: Any = None


def drawings_of(rows: Iterable[Row | Refused], is_transposed: bool) -> Iterator[Item]:
    """Yield the drawings of a file, whose pixel format is detected from the first rows.

    Args:
        rows: The file's rows; refused ones are passed on.
        is_transposed: Whether to swap the rows and columns of the drawings.
    """
    rest = iter(rows)
    sample = list(islice(rest, SAMPLE))
    form = detect_pixel_format(
        [row.values for row in sample if isinstance(row, Row)], is_transposed
    )
    for row in chain(sample, rest):
        yield _drawing(row, form) if isinstance(row, Row) else row


def label_of_text(text: str) -> Any:
    """Parse a label in a table; what isn't a whole number stays text."""
    text = text.strip().strip('"').strip()
    if text.lower() in ("", "nan", "na", "none", "null"):
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if math.isfinite(number) and number == int(number) else text


def _drawing(row: Row, form: PixelFormat) -> Item:
    try:
        drawing = from_pixels(row.name, form.digit(row.values).tobytes())
        return dataclasses.replace(drawing, label=checked_label(row.label))
    except BadInputError as error:
        return Refused(row.name, str(error))
