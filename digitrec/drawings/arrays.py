"""Drawings as arrays: NumPy's ``.npz`` and the IDX files that MNIST was published in.

Rows are written and read one by one, so that no array is ever in memory as a whole.
"""

import dataclasses
import io
import math
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple

import numpy as np

from digitrec.drawings.incoming import PIXELS, Item, Refused, checked_label, from_pixels
from digitrec.drawings.schema import Drawing
from digitrec.errors import BadInputError, DatasetError
from digitrec.preprocessing import SIZE
from digitrec.zips import ZipStream, open_member, open_whole, pieces

MAX_ARRAY_BYTES = 1_000_000_000
MAX_LABELS = MAX_ARRAY_BYTES // PIXELS
ROW_SHAPES = ((SIZE, SIZE), (PIXELS,), (SIZE, SIZE, 1))
# An .npz holds one of these pairs, or several.
NPZ_PAIRS = (("x", "y"), ("x_train", "y_train"), ("x_test", "y_test"))

IDX_PICTURES = 0x803  # Bytes, three dimensions.
IDX_LABELS = 0x801  # Bytes, one dimension.


class Part(NamedTuple):
    """Something to write: a name, its size in bytes, and what it holds."""

    name: str
    size: int
    content: Iterable[bytes]


def write_npz(drawings: Iterable[Drawing]) -> Iterator[bytes]:
    """Yield an ``.npz`` of the labelled drawings that loads as MNIST's does.

    ``x_train`` is uint8 (n, 28, 28), white ink (255) on black (0); ``y_train`` is uint8 (n,),
    10 for what is no digit. Like MNIST's it has ``x_test`` and ``y_test``, which are empty.
    """
    with tempfile.TemporaryFile() as rows:
        labels = _spool(drawings, rows)
        n = len(labels)
        yield from _zipped(
            _npy("x_train", (n, SIZE, SIZE), pieces(rows)),
            _npy("y_train", (n,), [labels]),
            _npy("x_test", (0, SIZE, SIZE), []),
            _npy("y_test", (0,), []),
        )


def write_idx(drawings: Iterable[Drawing]) -> Iterator[bytes]:
    """Yield a ZIP of the two IDX files of the labelled drawings; 10 is no digit."""
    with tempfile.TemporaryFile() as rows:
        labels = _spool(drawings, rows)
        n = len(labels)
        header = struct.pack(">IIII", IDX_PICTURES, n, SIZE, SIZE)
        yield from _zipped(
            _part("images-idx3-ubyte", header, n * PIXELS, pieces(rows)),
            _part("labels-idx1-ubyte", struct.pack(">II", IDX_LABELS, n), n, [labels]),
        )


def read_npz(archive: zipfile.ZipFile, name: str) -> Iterator[Item]:
    """Yield the drawings of an ``.npz``, labelled if it has labels.

    Raises:
        DatasetError: If it has no pictures, or an array has another form or size.
    """
    members = {PurePosixPath(m.filename).stem: m for m in archive.infolist()}
    pairs = [pair for pair in NPZ_PAIRS if pair[0] in members]
    if not pairs:
        raise DatasetError(f"{name} has none of the arrays x, x_train and x_test")
    for x, y in pairs:
        labels = _npy_labels(archive, members[y], y) if y in members else None
        with open_whole(archive, members[x]) as file:
            shape, dtype = _npy_header(file, members[x], x)
            if dtype != np.uint8 or shape[1:] not in ROW_SHAPES:
                raise DatasetError(
                    f"{name}: expected {x} as uint8 of shape (n, 28, 28), got {dtype} of {shape}"
                )
            yield from _rows(file, x, shape[0], labels)


def read_idx(archive: zipfile.ZipFile, name: str) -> Iterator[Item]:
    """Yield the drawings of a ZIP of IDX files, labelled where the labels are beside them.

    Raises:
        DatasetError: If it has no pictures, or a file has another form or length.
    """
    members = {m.filename: m for m in archive.infolist() if not m.is_dir()}
    magics = {file_name: _magic(archive, member) for file_name, member in members.items()}
    if IDX_PICTURES not in magics.values():
        raise DatasetError(f"{name}: expected an IDX file of pictures, of magic number 0x803")
    for file_name, magic in magics.items():
        if magic == IDX_PICTURES:
            beside = file_name.replace("images-idx3", "labels-idx1")
            labels = None
            if magics.get(beside) == IDX_LABELS:
                with open_member(archive, members[beside]) as file:
                    labels = _idx_labels(file, members[beside].file_size, beside)
            with open_whole(archive, members[file_name]) as file:
                yield from read_idx_pictures(file, members[file_name].file_size, file_name, labels)


def read_idx_pictures(
    file: IO[bytes], size: int, name: str, labels: list[int] | None = None
) -> Iterator[Item]:
    """Yield the drawings of an IDX file of pictures.

    Args:
        file: The file, at its beginning.
        size: Its length in bytes.
        name: What to call it.
        labels: One for each, if they are known.

    Raises:
        DatasetError: If it has another form or length.
    """
    header = file.read(16)
    magic, count, height, width = struct.unpack(">IIII", header) if len(header) == 16 else [0] * 4
    if magic != IDX_PICTURES or (height, width) != (SIZE, SIZE):
        raise DatasetError(f"{name}: expected an IDX file of pictures of 28 x 28")
    if size != 16 + count * PIXELS:
        raise DatasetError(
            f"{name}: expected {16 + count * PIXELS:,} bytes for {count:,} pictures, got {size:,}"
        )
    yield from _rows(file, name, count, labels)


def is_idx_zip(archive: zipfile.ZipFile) -> bool:
    """Tell whether a ZIP is one of IDX files, as far as names say."""
    return any("ubyte" in member.filename for member in archive.infolist()[:10])


def _spool(drawings: Iterable[Drawing], rows: IO[bytes]) -> bytes:
    """Put the inputs of labelled drawings into a file and return the labels.

    The headers say how many there are before the first row, and while the rows are read some
    may be labelled or deleted.
    """
    labels = bytearray()
    for drawing in drawings:
        if drawing.label is not None:
            rows.write(drawing.content.input)
            labels.append(drawing.label)
    return bytes(labels)


def _zipped(*parts: Part) -> Iterator[bytes]:
    archive = ZipStream()
    for part in parts:
        yield from archive.add(part.name, part.content, size=part.size)
    yield from archive.end()


def _npy(name: str, shape: tuple[int, ...], content: Iterable[bytes]) -> Part:
    header = io.BytesIO()
    form = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, form)
    return _part(f"{name}.npy", header.getvalue(), math.prod(shape), content)


def _part(name: str, header: bytes, size: int, content: Iterable[bytes]) -> Part:
    def whole() -> Iterator[bytes]:
        yield header
        yield from content

    return Part(name, len(header) + size, whole())


def _npy_header(
    file: IO[bytes], member: zipfile.ZipInfo, name: str
) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Read what an array claims to be, and check that it is as long as that."""
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0
        if version != (1, 0):
            read = np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = read(file)
    except Exception as error:  # Whatever is no header makes NumPy raise nearly anything.
        raise DatasetError(f"the array {name} is damaged") from error
    size = file.tell() + math.prod(shape) * dtype.itemsize
    if dtype.hasobject or is_fortran or not shape or min(shape) < 0:
        raise DatasetError(f"the array {name} is of a kind that is not read: {dtype} of {shape}")
    if size != member.file_size or size > MAX_ARRAY_BYTES:
        raise DatasetError(
            f"the array {name} claims to take {size:,} bytes and takes {member.file_size:,}; "
            f"expected the same, and at most {MAX_ARRAY_BYTES:,}"
        )
    return shape, dtype


def _npy_labels(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> list[int]:
    with open_member(archive, member) as file:
        shape, dtype = _npy_header(file, member, name)
        if dtype.kind not in "iu" or shape[1:] not in ((), (1,)) or shape[0] > MAX_LABELS:
            raise DatasetError(f"expected {name} as whole numbers (n,), got {dtype} of {shape}")
        return np.frombuffer(_read(file, math.prod(shape) * dtype.itemsize), dtype).tolist()


def _magic(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    with open_member(archive, member) as file:
        return int.from_bytes(file.read(4), "big")


def _idx_labels(file: IO[bytes], size: int, name: str) -> list[int]:
    header = file.read(8)
    count = int.from_bytes(header[4:], "big")
    if size != 8 + count or count > MAX_LABELS:
        raise DatasetError(
            f"{name}: expected {8 + count:,} bytes for {count:,} labels, got {size:,}"
        )
    return list(_read(file, count))


def _rows(file: IO[bytes], name: str, count: int, labels: list[int] | None) -> Iterator[Item]:
    if labels is not None and len(labels) != count:
        raise DatasetError(f"{name}: expected as many labels as pictures, got {len(labels):,} "
                           f"for {count:,}")  # fmt: skip
    for index in range(count):
        label = None if labels is None else labels[index]
        yield _drawing(f"{name}, picture {index}", _read(file, PIXELS), label)


def _drawing(name: str, pixels: bytes, label: int | None) -> Item:
    try:
        return dataclasses.replace(from_pixels(name, pixels), label=checked_label(label))
    except BadInputError as error:
        return Refused(name, str(error))


def _read(file: IO[bytes], size: int) -> bytes:
    content = file.read(size)
    if len(content) != size:
        raise DatasetError("an array is cut short")
    return content
