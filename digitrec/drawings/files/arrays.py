"""Drawings written as arrays: NumPy's ``.npz`` and the IDX files that MNIST was published in.

Rows are written one by one, so that no array is ever in memory as a whole.
"""

import io
import math
import struct
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

import numpy as np

from digitrec.drawings.files.incoming import PIXELS
from digitrec.drawings.schema import Drawing
from digitrec.ink.preprocessing import SIZE
from digitrec.system.archives import ZipStream, pieces

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
