"""Arrays of pictures and labels in NumPy files and in MNIST's IDX files.

Arrays are recognized by their shape, not by their name: a picture has 784 numbers, a label one, or
a few if it is one-hot. Pictures are read one at a time, so an array is never in memory as a whole.
"""

import math
import struct
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple

import numpy as np

from digitrec.arrays import Values
from digitrec.datasets.pixel_format import PIXELS, SIDE
from digitrec.errors import DatasetError
from digitrec.system.archives import PIECE_BYTES
from digitrec.system.packed_files import Member

MAX_ARRAY_BYTES = 1_000_000_000
MAX_LABEL_BYTES = 100_000_000
# A limit, because all pairs of names are compared.
MAX_ARRAYS = 100
# Fortran order scatters the pixels of a picture, so pictures are collected in chunks of this size.
CHUNK_PICTURES = 256
# The largest size of a one-hot label: EMNIST has digits and letters.
MAX_CLASSES = 62
PICTURE_SHAPES = ((SIDE, SIDE), (PIXELS,), (SIDE, SIDE, 1), (1, SIDE, SIDE), (1, PIXELS))

NPY_MAGIC = b"\x93NUMPY"
IDX_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
LABEL_WORDS = ("label", "target", "class", "digit")


@dataclass(frozen=True)
class Array:
    """An array in a file.

    Attributes:
        name: Its name, for messages.
        member: The file.
        offset: Position of the first number in the file.
        shape: At least one dimension.
        dtype: Any type except object.
        is_fortran: Whether it is in Fortran order.
    """

    name: str
    member: Member
    offset: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    is_fortran: bool = False

    @property
    def is_pictures(self) -> bool:
        """Whether it holds pictures of 28 x 28 pixels."""
        return self.shape[1:] in PICTURE_SHAPES and self.dtype.kind in "buif"

    @property
    def is_labels(self) -> bool:
        """Whether it may hold labels."""
        shape = self.shape[1:]
        if self.dtype.kind not in "buifUS" or self._size > MAX_LABEL_BYTES:
            return False
        return shape in ((), (1,)) or (len(shape) == 1 and 2 <= shape[0] <= MAX_CLASSES)

    def pictures(self) -> Iterator[Values]:
        """Yield the 784 numbers of each picture, after checking that the whole file can be read."""
        with self.member.open_verified() as file:
            file.read(self.offset)
            yield from self._in_fortran_order(file) if self.is_fortran else self._in_c_order(file)

    def labels(self) -> list[Any]:
        """Return the labels: whole numbers, None where a label is missing, or other text.

        Raises:
            DatasetError: If they are neither whole numbers nor one-hot.
        """
        with self.member.open() as file:
            file.read(self.offset)
            content = _read(file, self._size, self.name)
        labels = np.frombuffer(content, self.dtype)
        if self.is_fortran:
            labels = labels.reshape(self.shape[::-1]).T
        return plain_labels(labels.reshape(self.shape), self.name)

    @property
    def _size(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize

    def _in_c_order(self, file: IO[bytes]) -> Iterator[Values]:
        for _ in range(self.shape[0]):
            yield np.frombuffer(_read(file, PIXELS * self.dtype.itemsize, self.name), self.dtype)

    def _in_fortran_order(self, file: IO[bytes]) -> Iterator[Values]:
        if not self.shape[0]:
            return
        with tempfile.TemporaryFile() as spool:
            for piece in iter(lambda: file.read(PIECE_BYTES), b""):
                spool.write(piece)
            spool.flush()
            array = np.memmap(spool, self.dtype, "r", 0, self.shape, "F")
            for start in range(0, self.shape[0], CHUNK_PICTURES):
                part = np.ascontiguousarray(array[start : start + CHUNK_PICTURES])
                yield from part.reshape(len(part), PIXELS)
            del array


class Pair(NamedTuple):
    """Pictures and their labels, if there are any."""

    pictures: Array
    labels: Array | None


def plain_labels(labels: Values, name: str) -> list[Any]:
    """Return labels as whole numbers; NaN and empty text become None, other text is kept.

    Args:
        labels: (n,), (n, 1), or (n, classes) one-hot; numbers or text.
        name: Their name, for messages.

    Raises:
        DatasetError: If they are neither whole numbers nor one-hot.
    """
    if labels.ndim == 2 and labels.shape[1] > 1:
        ones = labels == 1
        if (ones.sum(axis=1) != 1).any() or ((labels != 0) & ~ones).any():
            raise DatasetError(f"{name}: expected a single 1 in each row of one-hot labels")
        return ones.argmax(axis=1).tolist()
    labels = labels.reshape(len(labels))
    if labels.dtype.kind in "US":
        return [_label_of_text(str(text)) for text in labels.astype(str).tolist()]
    if labels.dtype.kind != "f":
        return labels.astype(np.int64).tolist()
    known = labels[~np.isnan(labels)]
    if (known != np.rint(known)).any():
        raise DatasetError(f"{name}: labels must be whole numbers; these are {labels.dtype} with "
                           "fractions")  # fmt: skip
    return [None if math.isnan(label) else int(label) if math.isfinite(label) else label
            for label in labels.tolist()]  # fmt: skip


def npy_array(member: Member) -> Array:
    """Read the header of a ``.npy`` file, and check the file's length against it.

    Raises:
        DatasetError: If the file is damaged or holds Python objects.
    """
    name = PurePosixPath(member.name).stem
    with member.open() as file:
        try:
            version = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0
            if version != (1, 0):
                read = np.lib.format.read_array_header_2_0
            shape, is_fortran, dtype = read(file)
        except DatasetError:
            raise
        except Exception as error:  # NumPy raises almost anything for a bad header.
            raise DatasetError(f"the array {name} is damaged; save it again") from error
        offset = file.tell()
    if dtype.hasobject or not shape or min(shape) < 0:
        raise DatasetError(
            f"the array {name} can't be read: expected numbers, got {dtype} of shape {shape}; "
            "convert it with .astype(int) and save it again"
        )
    array = Array(name, member, offset, _with_count(shape), dtype, is_fortran and len(shape) > 1)
    _check_size(array)
    return array


def idx_array(member: Member) -> Array:
    """Read the header of an IDX file, and check the file's length against it.

    Raises:
        DatasetError: If the length differs.
    """
    with member.open() as file:
        head = file.read(4)
        sizes = file.read(4 * head[3])
        if len(sizes) < 4 * head[3]:
            raise DatasetError(f"{member.name} is cut short; download it again")
    shape = struct.unpack(f">{head[3]}I", sizes)
    array = Array(member.name, member, 4 + len(sizes), shape, np.dtype(IDX_TYPES[head[2]]))
    _check_size(array)
    return array


def is_idx(head: bytes) -> bool:
    """Return whether a file starts like an IDX file: a type, and one to four dimensions."""
    return len(head) >= 4 and head[:2] == b"\0\0" and head[2] in IDX_TYPES and 1 <= head[3] <= 4


def paired(arrays: Sequence[Array]) -> tuple[list[Pair], list[Array]]:
    """Match pictures with labels, by their number and by the similarity of the names.

    Returns:
        The pairs, and the unused arrays.

    Raises:
        DatasetError: If there are too many arrays, or the only labels don't fit the only pictures.
    """
    if len(arrays) > MAX_ARRAYS:
        raise DatasetError(f"expected at most {MAX_ARRAYS} arrays, got {len(arrays):,}")
    pictures = [array for array in arrays if array.is_pictures]
    left = [array for array in arrays if not array.is_pictures]
    labels = [array for array in left if array.is_labels]
    if len(pictures) == len(labels) == 1 and pictures[0].shape[0] != labels[0].shape[0]:
        raise DatasetError(
            f"expected as many labels as pictures, got {labels[0].shape[0]:,} in {labels[0].name} "
            f"for {pictures[0].shape[0]:,} in {pictures[0].name}"
        )
    chosen: dict[int, Array] = {}
    for _, index, label in sorted(_matches(arrays), key=lambda match: match[0]):
        if index not in chosen and label in left:
            chosen[index] = label
            left.remove(label)
    return [Pair(a, chosen.get(i)) for i, a in enumerate(arrays) if a.is_pictures], left


def _matches(arrays: Sequence[Array]) -> Iterator[tuple[tuple[float, ...], int, Array]]:
    """Yield possible pairs: their distance, the index of the pictures, and the labels."""
    for index, pictures in enumerate(arrays):
        for other, labels in enumerate(arrays):
            is_possible = pictures.is_pictures and labels.is_labels and not labels.is_pictures
            if is_possible and labels.shape[0] == pictures.shape[0]:
                names = pictures.name.lower()[-200:], labels.name.lower()[-200:]
                closeness = SequenceMatcher(None, *names, autojunk=False).ratio()
                distance = (not _is_named_labels(labels), -closeness, abs(index - other), other)
                yield distance, index, labels


def _is_named_labels(array: Array) -> bool:
    name = PurePosixPath(array.name).name.lower()
    return name.startswith("y") or any(word in name for word in LABEL_WORDS)


def _with_count(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Add the leading dimension to the shape of a single picture."""
    return (1, *shape) if shape in ((SIDE, SIDE), (SIDE, SIDE, 1), (1, SIDE, SIDE)) else shape


def _label_of_text(text: str) -> Any:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text or None


def _check_size(array: Array) -> None:
    size = array.offset + math.prod(array.shape) * array.dtype.itemsize
    if size != array.member.size:
        raise DatasetError(
            f"{array.name} is cut short or damaged: expected {size:,} bytes for shape "
            f"{array.shape}, got {array.member.size:,}"
        )
    if size > MAX_ARRAY_BYTES:
        raise DatasetError(f"{array.name} takes {size:,} bytes; expected at most "
                           f"{MAX_ARRAY_BYTES:,}")  # fmt: skip


def _read(file: IO[bytes], size: int, name: str) -> bytes:
    content = file.read(size)
    if len(content) != size:
        raise DatasetError(f"{name} is cut short")
    return content
