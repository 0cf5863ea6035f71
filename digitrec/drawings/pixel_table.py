"""Pixels as CSV, one drawing a row, as Kaggle's Digit Recognizer has them."""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import IO

from digitrec.drawings.incoming import PIXELS, Item, Refused, checked_label, from_pixels
from digitrec.drawings.schema import Drawing
from digitrec.errors import BadInputError, DatasetError

HEADER = ",".join(["label", *(f"pixel{i}" for i in range(PIXELS))])
NUMBERS = [str(number) for number in range(256)]
# A row of 785 numbers has about 3,200 characters at most.
MAX_ROW_BYTES = 20_000


def write_pixel_table(drawings: Iterable[Drawing]) -> Iterator[bytes]:
    """Yield the header, then a row for each drawing that is labelled."""
    yield f"{HEADER}\n".encode()
    for drawing in drawings:
        if drawing.label is not None:
            pixels = ",".join(NUMBERS[pixel] for pixel in drawing.content.input)
            yield f"{drawing.label},{pixels}\n".encode()


def read_pixel_table(file: IO[bytes], name: str) -> Iterator[Item]:
    """Yield the drawings of a table with or without a column of labels.

    Raises:
        DatasetError: If its header doesn't name 784 pixels.
    """
    header = _fields(file.readline(MAX_ROW_BYTES).removeprefix(b"\xef\xbb\xbf"))
    if header[0].isdigit():
        raise DatasetError(f"{name}: expected a header first, as Kaggle's has: label,pixel0,…")
    labelled = header[0].lower() == b"label"
    if len(header) - labelled != PIXELS:
        raise DatasetError(
            f"{name}: expected a header of {PIXELS} pixels, with or without a label first, "
            f"got {len(header):,} columns"
        )
    number = 1
    while line := file.readline(MAX_ROW_BYTES):
        number += 1
        if line.strip():
            yield _drawing(f"row {number}", _fields(line), labelled)


def _fields(line: bytes) -> list[bytes]:
    return [field.strip(b' "') for field in line.strip().split(b",")]


def _drawing(name: str, fields: list[bytes], labelled: bool) -> Item:
    try:
        values = _numbers(fields, PIXELS + labelled)
        label = checked_label(values.pop(0)) if labelled else None
        return dataclasses.replace(from_pixels(name, bytes(values)), label=label)
    except BadInputError as error:
        return Refused(name, str(error))


def _numbers(fields: list[bytes], count: int) -> list[int]:
    if len(fields) != count:
        raise DatasetError(f"expected {count} numbers, got {len(fields):,}")
    for field in fields:
        if not field.isdigit() or len(field) > 3 or int(field) > 255:
            raise DatasetError(
                f"expected whole numbers from 0 to 255, got {field[:20].decode(errors='replace')!r}"
            )
    return [int(field) for field in fields]
