"""CSV of pixels, one drawing per row, as in Kaggle's Digit Recognizer."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO

import numpy as np

from digitrec.datasets.pixel_format import PIXELS, SAMPLE
from digitrec.drawings.files.incoming import Refused
from digitrec.drawings.files.pixel_rows import Row, label_of_text
from digitrec.drawings.schema import Drawing
from digitrec.errors import DatasetError
from digitrec.system.spreadsheets import delimiter_of

HEADER = ",".join(["label", *(f"pixel{i}" for i in range(PIXELS))])
NUMBERS = [str(number) for number in range(256)]
# A row of 786 fractions with all digits has about 20,000 characters.
MAX_ROW_BYTES = 40_000
# Besides the pixels a row may have a label, a number and a few other columns.
# Rows of 8 x 8 pixels are detected too, for a better error message.
FEWEST_COLUMNS = 60
MOST_COLUMNS = PIXELS + 10
LABEL_NAMES = ("label", "labels", "class", "target", "digit", "number", "y", "true", "truth")
NUMBERING_NAMES = ("", "unnamed: 0", "__index_level_0__", "index", "id", "imageid", "image_id",
                   "row", "rownames", "no")  # fmt: skip
# Python's float() also accepts nan, 1_0 and digits of other alphabets.
NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*", re.ASCII)


@dataclass(frozen=True)
class TableForm:
    """The layout of a table.

    Attributes:
        delimiter: What separates the cells.
        has_header: Whether the first line names the columns.
        columns: The number of columns.
        label: The column of the labels; None if there is none.
        pixels: The columns of the pixels.
    """

    delimiter: str
    has_header: bool
    columns: int
    label: int | None
    pixels: Sequence[int]


def write_pixel_csv(drawings: Iterable[Drawing]) -> Iterator[bytes]:
    """Yield the header and a row for each labeled drawing."""
    yield f"{HEADER}\n".encode()
    for drawing in drawings:
        if drawing.label is not None:
            pixels = ",".join(NUMBERS[pixel] for pixel in drawing.content.input)
            yield f"{drawing.label},{pixels}\n".encode()


def is_pixel_csv(head: bytes) -> bool:
    """Return whether the first line has enough cells for pixels."""
    _, line = next(_lines(io.BytesIO(head)), (0, ""))
    return line.count(_delimiter(line)) >= FEWEST_COLUMNS


def table_form(file: IO[bytes], name: str) -> TableForm:
    """Detect a table's layout from its first rows.

    Raises:
        DatasetError: If it doesn't have 784 columns of pixels, with or without a label.
    """
    lines = [line for _, line in islice(_lines(file), SAMPLE + 1)]
    if not lines:
        raise DatasetError(f"{name} is empty")
    delimiter = _delimiter(lines[0])
    rows = [_cells(line, delimiter) for line in lines]
    first, columns = rows[0], len(rows[0])
    if not PIXELS <= columns <= MOST_COLUMNS:
        raise DatasetError(
            f"{name}: expected {PIXELS} columns of pixels, with or without a label, got "
            f"{columns:,} columns"
        )
    has_header = _is_header(first)
    if has_header and (found := columns_by_names(first)):
        label, pixels = found
    else:
        whole = [row for row in rows[has_header:] if len(row) == columns]
        label, pixels = _by_content(whole, columns, name)
    return TableForm(delimiter, has_header, columns, label, pixels)


def read_rows(file: IO[bytes], form: TableForm) -> Iterator[Row | Refused]:
    """Yield the drawings of a table."""
    for number, line in _rows(file, form):
        name = f"row {number}"
        try:
            yield _row(name, _cells(line, form.delimiter), form)
        except DatasetError as error:
            yield Refused(name, str(error))


def read_labels(file: IO[bytes], form: TableForm) -> Iterator[object]:
    """Yield the label of each row, without looking at its pixels."""
    for _, line in _rows(file, form):
        if line.count(form.delimiter) == form.columns - 1:
            yield None if form.label is None else label_of_text(_cell(line, form, form.label))


def _delimiter(line: str) -> str:
    """Return the delimiter of a row of pixels, whose numbers may have decimal commas."""
    fits = (mark for mark in ("\t", ";", "|", ",", " ") if line.count(mark) >= PIXELS - 1)
    return next(fits, delimiter_of(line))


def _rows(file: IO[bytes], form: TableForm) -> Iterator[tuple[int, str]]:
    return islice(_lines(file), int(form.has_header), None)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each line that isn't empty."""
    number = 0
    while line := file.readline(MAX_ROW_BYTES):
        number += 1
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace")
        is_hint = number == 1 and text.startswith("sep=")  # Excel's hint about the delimiter.
        if text.strip() and not is_hint:
            yield number, text


def _cells(line: str, delimiter: str) -> list[str]:
    cells = line.replace('"', "").strip("\r\n ").split(delimiter)
    if delimiter != "," and "," in line:
        cells = [cell.replace(",", ".") for cell in cells]
    return cells


def _cell(line: str, form: TableForm, column: int) -> str:
    """Return one cell without splitting the whole line, which would be slow for large files."""
    after = form.columns - column
    if column < after:
        return line.split(form.delimiter, column + 1)[column]
    return line.rsplit(form.delimiter, after)[-after]


def _is_header(cells: Sequence[str]) -> bool:
    """Return whether a line names columns, maybe just by the numbers 0, 1, 2 and so on."""
    if not all(NUMBER.fullmatch(cell) or not cell.strip() for cell in cells):
        return any(re.search(r"[^\W\d_]", cell) for cell in cells[:PIXELS])
    numbers = [float(cell) for cell in cells if cell.strip()]
    return len(numbers) >= PIXELS and _is_counting(numbers)


def _is_counting(numbers: Sequence[float]) -> bool:
    first = numbers[0]
    return first in (0, 1) and all(n == first + i for i, n in enumerate(numbers))


def columns_by_names(names: Sequence[str]) -> tuple[int | None, list[int]] | None:
    """Find the columns of the label and the 784 pixels by name; None if that fails."""
    plain = [name.strip().lower() for name in names]
    label = next((i for i, name in enumerate(plain) if name in LABEL_NAMES), None)
    pixels = [i for i, name in enumerate(plain) if i != label and name not in NUMBERING_NAMES]
    return (label, pixels) if len(pixels) == PIXELS else None


def _by_content(
    rows: Sequence[Sequence[str]], columns: int, name: str
) -> tuple[int | None, list[int]]:
    """Find the columns of the label and the pixels by the content of the outer columns."""
    extra = columns - PIXELS
    if extra == 0:
        return None, list(range(PIXELS))
    starts = range(extra, -1, -1) if extra <= 2 else ()
    outers = {start: [*range(start), *range(start + PIXELS, columns)] for start in starts}
    scores = {start: _outer_score(rows, outer) for start, outer in outers.items()}
    start = max(scores, key=lambda start: scores[start][0], default=None)
    if start is None or not scores[start][0]:
        raise DatasetError(
            f"{name}: can't tell which of its {columns:,} columns are the {PIXELS} pixels; name "
            "them in the first line, as in label,pixel0,pixel1,…"
        )
    return scores[start][1], list(range(start, start + PIXELS))


def _outer_score(rows: Sequence[Sequence[str]], outer: Sequence[int]) -> tuple[int, int | None]:
    """Score columns as a label and row numbers, 0 for a bad fit; also return the label's column."""
    columns = {column: [label_of_text(row[column]) for row in rows] for column in outer}
    labels = [i for i, cells in columns.items() if _label_score(cells)]
    counts = [i for i, cells in columns.items() if _counts(cells)]
    label = next((i for i in labels if i not in counts), labels[0] if labels else None)
    if any(i != label and i not in counts for i in outer):
        return 0, None
    return (len(outer) - 1) * 3 + (2 if label is None else _label_score(columns[label])), label


def _label_score(cells: Sequence[object]) -> int:
    """Score a column as labels: high if they vary, low if all are 0, like pixels at the edge."""
    kinds = {cell for cell in cells if cell is not None}
    if not all(isinstance(cell, int) and 0 <= cell <= 10 for cell in kinds):
        return 0
    return 4 if len(kinds) > 1 else 3 if kinds != {0} else 1


def _counts(cells: Sequence[object]) -> bool:
    numbers = [cell for cell in cells if isinstance(cell, int)]
    return len(numbers) == len(cells) > 1 and _is_counting(numbers)


def _row(name: str, cells: Sequence[str], form: TableForm) -> Row:
    if len(cells) != form.columns:
        raise DatasetError(f"expected {form.columns} numbers, got {len(cells):,}")
    pixels = [cells[column] for column in form.pixels]
    for cell in pixels:
        if not NUMBER.fullmatch(cell):
            raise DatasetError(f"expected numbers, got {cell.strip()[:20]!r}")
    label = None if form.label is None else label_of_text(cells[form.label])
    return Row(name, np.array([float(cell) for cell in pixels]), label)
