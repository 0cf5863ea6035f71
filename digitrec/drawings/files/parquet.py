"""Drawings in Parquet files, Hugging Face's format: pictures or columns of pixels."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from digitrec.datasets.pixel_format import PIXELS
from digitrec.drawings.files.checked_fields import checked_label
from digitrec.drawings.files.incoming import Item, Refused, Source, from_picture
from digitrec.drawings.files.pixel_csv import LABEL_NAMES, columns_by_names
from digitrec.drawings.files.pixel_rows import Row, drawings_of, label_of_text
from digitrec.errors import BadInputError, DatasetError
from digitrec.system.packed_files import Member

if TYPE_CHECKING:
    import pyarrow.parquet as pq

PARQUET_MAGIC = b"PAR1"
# Rows in memory at a time.
BATCH = 100
MAX_ROWS = 2_000_000
# Columns are unpacked one row group at a time.
MAX_GROUP_BYTES = 500_000_000
# Hugging Face's pictures are {"bytes", "path"}.
PICTURE_NAMES = ("image", "img", "picture", "png", "pixels", "x", "data", "features")


def parquet_source(member: Member) -> Source:
    """Return the drawings in a Parquet file.

    Raises:
        DatasetError: If it is damaged, too large, or has neither pictures nor 784 pixels.
    """
    with _opened(member) as file:
        names = file.schema_arrow.names
        is_list = {field.name: "list" in str(field.type) for field in file.schema_arrow}
        rows, groups = file.metadata.num_rows, file.metadata.num_row_groups
        largest = max(
            (file.metadata.row_group(i).total_byte_size for i in range(groups)), default=0
        )
    if rows > MAX_ROWS or largest > MAX_GROUP_BYTES:
        raise DatasetError(
            f"{member.name} is too large: expected at most {MAX_ROWS:,} rows, in groups of at most "
            f"{MAX_GROUP_BYTES:,} bytes, got {rows:,} rows and {largest:,} bytes"
        )
    table = columns_by_names(names)
    if table:
        label = names[table[0]] if table[0] is not None else None
        pixels = [names[column] for column in table[1]]
        return _source(member, label, partial(_pixel_rows, member, pixels, label))
    picture, label = _named(names, PICTURE_NAMES), _named(names, LABEL_NAMES)
    if picture is None:
        raise DatasetError(
            f"{member.name}: expected a column named image, or {PIXELS} columns of pixels, got "
            f"{', '.join(names[:6])}"
        )
    if is_list[picture]:
        return _source(member, label, partial(_listed_rows, member, picture, label))
    pictures = partial(_pictures, member, picture, label)
    return Source(member.name, partial(_labels, member, label), lambda _: pictures(), False)


def _source(
    member: Member, label: str | None, rows: Callable[[], Iterator[Row | Refused]]
) -> Source:
    labels = partial(_labels, member, label)
    return Source(member.name, labels, lambda is_transposed: drawings_of(rows(), is_transposed))


@contextmanager
def _opened(member: Member) -> Iterator["pq.ParquetFile"]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise DatasetError(
            f"{member.name} is a Parquet file, which needs pyarrow; "
            "run pip install pyarrow, or save it as CSV with pandas: "
            "pandas.read_parquet(…).to_csv(…)"
        ) from error
    try:
        with member.open() as file, pq.ParquetFile(file) as parquet:
            yield parquet
    except (pa.ArrowException, OSError) as error:
        raise DatasetError(f"{member.name} is damaged; download it again") from error


def _batches(member: Member, columns: Sequence[str]) -> Iterator[dict[str, list[Any]]]:
    with _opened(member) as file:
        for batch in file.iter_batches(BATCH, columns=list(columns), use_threads=False):
            yield batch.to_pydict()


def _labels(member: Member, label: str | None) -> Iterator[Any]:
    if label is None:
        with _opened(member) as file:
            count = file.metadata.num_rows
        yield from [None] * count
    else:
        for batch in _batches(member, [label]):
            yield from map(_plain_label, batch[label])


def _pixel_rows(
    member: Member, pixels: Sequence[str], label: str | None
) -> Iterator[Row | Refused]:
    for name, cells, raw_label in _rows(member, pixels, label):
        yield _row(name, cells, raw_label)


def _listed_rows(member: Member, picture: str, label: str | None) -> Iterator[Row | Refused]:
    for name, (cell,), raw_label in _rows(member, [picture], label):
        yield _row(name, cell, raw_label)


def _row(name: str, pixels: Any, label: Any) -> Row | Refused:
    try:
        return Row(name, np.array(pixels, np.float64).reshape(PIXELS), label)
    except (TypeError, ValueError):
        return Refused(name, f"expected {PIXELS} numbers")


def _pictures(member: Member, picture: str, label: str | None) -> Iterator[Item]:
    for name, (cell,), raw_label in _rows(member, [picture], label):
        content = cell.get("bytes") if isinstance(cell, dict) else cell
        try:
            if not isinstance(content, bytes):
                raise DatasetError("the file has no picture data in this row")
            drawing = from_picture(name, content)
            yield dataclasses.replace(drawing, label=checked_label(raw_label))
        except BadInputError as error:
            yield Refused(name, str(error))


def _rows(
    member: Member, columns: Sequence[str], label: str | None
) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    """Yield the name, cells and label of each row."""
    number = 0
    for batch in _batches(member, [*columns, *([label] if label else [])]):
        cells = zip(*(batch[column] for column in columns), strict=True)
        labels = batch[label] if label else repeat(None)
        for row, raw_label in zip(cells, labels, strict=False):
            number += 1
            yield f"row {number}", row, _plain_label(raw_label)


def _plain_label(raw_label: Any) -> Any:
    if isinstance(raw_label, float | str):
        return label_of_text(str(raw_label))
    return raw_label


def _named(names: Sequence[str], known: Sequence[str]) -> str | None:
    by_name = {name.lower(): name for name in reversed(names)}
    return next((by_name[name] for name in known if name in by_name), None)
