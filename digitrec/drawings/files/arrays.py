"""Drawings in arrays: NumPy's ``.npz`` and ``.npy``, and the IDX files that MNIST was published in.

They are written row by row, so no array is ever in memory as a whole.
"""

import io
import math
import struct
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import IO, Any, NamedTuple

import numpy as np

from digitrec.datasets.array_files import Array, Pair, paired
from digitrec.datasets.pixel_format import PIXELS
from digitrec.drawings.files.incoming import Item, Refused, Source
from digitrec.drawings.files.pixel_rows import Row, drawings_of
from digitrec.drawings.schema import Drawing
from digitrec.errors import DatasetError
from digitrec.ink.preprocessing import SIZE
from digitrec.system.archives import ZipStream, pieces

IDX_PICTURES = 0x803  # Bytes, three dimensions.
IDX_LABELS = 0x801  # Bytes, one dimension.


def array_sources(arrays: Sequence[Array], name: str) -> tuple[list[Source], list[Refused]]:
    """Return the drawings in arrays, and the arrays that aren't used.

    Args:
        arrays: Arrays that were uploaded together.
        name: What error messages call them.

    Raises:
        DatasetError: If none of them has pictures, or labels don't fit.
    """
    pairs, left = paired(arrays)
    if not pairs:
        raise DatasetError(f"{name} {_nothing(arrays)}")
    sources = [_source(pair) for pair in pairs]
    return sources, [Refused(array.name, _not_used(array, pairs)) for array in left]


def _source(pair: Pair) -> Source:
    return Source(pair.pictures.name, partial(_labels, pair), partial(_drawings, pair))


def _labels(pair: Pair) -> Iterator[Any]:
    yield from pair.labels.labels() if pair.labels else [None] * pair.pictures.shape[0]


def _drawings(pair: Pair, is_transposed: bool) -> Iterator[Item]:
    return drawings_of(_rows(pair), is_transposed)


def _rows(pair: Pair) -> Iterator[Row]:
    name = pair.pictures.name
    rows = zip(pair.pictures.pictures(), _labels(pair), strict=True)
    for index, (values, label) in enumerate(rows):
        yield Row(f"{name}, picture {index}", values, label)


def _nothing(arrays: Sequence[Array]) -> str:
    if all(array.is_labels for array in arrays):
        return "has labels but no pictures; add the file with the pictures too"
    shapes = ", ".join(f"{a.name} {a.dtype} of shape {a.shape}" for a in arrays[:4])
    return f"has no pictures: expected numbers of shape (n, 28, 28) or (n, 784), got {shapes}"


def _not_used(array: Array, pairs: Sequence[Pair]) -> str:
    if not array.is_labels:
        return f"isn't used: expected pictures of 28 x 28, got {array.dtype} of {array.shape}"
    count = array.shape[0]
    if any(pair.pictures.shape[0] == count for pair in pairs):
        return f"its {count:,} labels aren't used: other labels fit the pictures better"
    return f"its {count:,} labels aren't used: no file here has {count:,} pictures"


class Part(NamedTuple):
    """A file to write into a ZIP: its name, its size in bytes, and its content."""

    name: str
    size: int
    content: Iterable[bytes]


def write_npz(drawings: Iterable[Drawing]) -> Iterator[bytes]:
    """Yield an ``.npz`` of the labeled drawings that loads like MNIST's.

    ``x_train`` is uint8 (n, 28, 28), white ink (255) on black (0); ``y_train`` is uint8 (n,),
    10 for *not a digit*. ``x_test`` and ``y_test``, which MNIST's has too, are empty.
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
    """Yield a ZIP with two IDX files of the labeled drawings; label 10 is *not a digit*."""
    with tempfile.TemporaryFile() as rows:
        labels = _spool(drawings, rows)
        n = len(labels)
        header = struct.pack(">IIII", IDX_PICTURES, n, SIZE, SIZE)
        yield from _zipped(
            _part("images-idx3-ubyte", header, n * PIXELS, pieces(rows)),
            _part("labels-idx1-ubyte", struct.pack(">II", IDX_LABELS, n), n, [labels]),
        )


def _spool(drawings: Iterable[Drawing], rows: IO[bytes]) -> bytes:
    """Write the inputs of labeled drawings to a file and return the labels.

    The header needs their count before the first row, but drawings may be labeled or deleted
    while they are read.
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
