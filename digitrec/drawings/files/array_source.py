"""Drawings in arrays: NumPy's files, and the IDX files that MNIST was published in."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from digitrec.datasets.array_files import Array, Pair, paired
from digitrec.drawings.files.incoming import Item, Refused
from digitrec.drawings.files.pixel_rows import Row, drawings_of
from digitrec.drawings.files.source import Source
from digitrec.errors import DatasetError


def array_sources(arrays: Sequence[Array], name: str) -> tuple[list[Source], list[Refused]]:
    """Return the drawings that arrays hold, and which arrays aren't used.

    Args:
        arrays: Those that were brought together.
        name: What to call all of them.

    Raises:
        DatasetError: If none of them holds pictures, or labels don't fit.
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


def _drawings(pair: Pair, is_turned: bool) -> Iterator[Item]:
    return drawings_of(_rows(pair), is_turned)


def _rows(pair: Pair) -> Iterator[Row]:
    name = pair.pictures.name
    rows = zip(pair.pictures.pictures(), _labels(pair), strict=True)
    for index, (values, label) in enumerate(rows):
        yield Row(f"{name}, picture {index}", values, label)


def _nothing(arrays: Sequence[Array]) -> str:
    if all(array.is_labels for array in arrays):
        return "has labels without pictures; choose the file of the pictures as well"
    shapes = ", ".join(f"{a.name} {a.dtype} of shape {a.shape}" for a in arrays[:4])
    return f"has no pictures: expected numbers of shape (n, 28, 28) or (n, 784), got {shapes}"


def _not_used(array: Array, pairs: Sequence[Pair]) -> str:
    if not array.is_labels:
        return f"isn't used: expected pictures of 28 x 28, got {array.dtype} of {array.shape}"
    count = array.shape[0]
    if any(pair.pictures.shape[0] == count for pair in pairs):
        return f"its {count:,} labels aren't used: the pictures have others that fit better"
    return f"its {count:,} labels aren't used: no file here has {count:,} pictures"
