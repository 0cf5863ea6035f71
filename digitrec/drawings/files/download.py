"""Exports the selected drawings to a file, as a stream."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from digitrec.drawings.files.arrays import write_idx, write_npz
from digitrec.drawings.files.json_lines import write_json_lines
from digitrec.drawings.files.picture_folders import write_folders
from digitrec.drawings.files.pixel_csv import write_pixel_csv
from digitrec.drawings.schema import Drawing
from digitrec.drawings.selection import Selection, Verdict
from digitrec.drawings.store import DrawingStore
from digitrec.system.archives import PIECE_BYTES


class Format(NamedTuple):
    """A file format for downloads.

    Attributes:
        file_name: The file's name.
        mime: The media type.
        words: What it contains, as a label.
        labeled_only: Whether drawings without a label are left out.
        write: Turns drawings into the file's bytes.
    """

    file_name: str
    mime: str
    words: str
    labeled_only: bool
    write: Callable[[Iterable[Drawing]], Iterator[bytes]]


FORMATS = {
    "zip": Format(
        "drawings.zip", "application/zip", "ZIP: PNGs in a folder for each label, with a table",
        False, write_folders,
    ),
    "npz": Format(
        "drawings.npz", "application/octet-stream", "NumPy: labeled drawings, like MNIST's .npz",
        True, write_npz,
    ),
    "idx": Format(
        "drawings-idx.zip", "application/zip", "IDX: labeled drawings, like MNIST's two files",
        True, write_idx,
    ),
    "csv": Format(
        "drawings.csv", "text/csv", "CSV: labeled drawings, like Kaggle's Digit Recognizer",
        True, write_pixel_csv,
    ),
    "jsonl": Format(
        "drawings.jsonl", "application/x-ndjson", "JSON Lines: everything, including strokes",
        False, write_json_lines,
    ),
}  # fmt: skip


def download(store: DrawingStore, selection: Selection, file_format: str) -> Iterator[bytes]:
    """Yield a file of the selected drawings, the oldest first, in pieces of at least 64 KiB.

    At most a few hundred drawings are in memory at a time; data for the end of the file is
    buffered on disk.

    Args:
        store: The drawings.
        selection: Which of them to export.
        file_format: One of ``FORMATS``.

    Raises:
        StoreError: If the database can't be read.
    """
    form = FORMATS[file_format]
    if form.labeled_only and selection.verdict is None:
        selection = dataclasses.replace(selection, verdict=Verdict.LABELED)
    waiting = bytearray()
    for piece in form.write(store.stream(selection)):
        waiting += piece
        if len(waiting) >= PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)
