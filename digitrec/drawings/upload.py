"""Takes drawings from files of many forms into the store."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np

from digitrec.drawings.arrays import (
    IDX_LABELS,
    IDX_PICTURES,
    is_idx_zip,
    read_idx,
    read_idx_pictures,
    read_npz,
)
from digitrec.drawings.folders import read_folders
from digitrec.drawings.incoming import (
    MAX_PICTURE_BYTES,
    Incoming,
    Item,
    Refused,
    from_picture,
    is_picture,
)
from digitrec.drawings.json_lines import read_json_lines
from digitrec.drawings.pixel_table import read_pixel_table
from digitrec.drawings.store import CHUNK, DrawingStore, NewDrawing, content_hash
from digitrec.errors import BadInputError, DatasetError, one_line
from digitrec.recognizer import Recognizer
from digitrec.zips import open_zip

# A part is saved once it has so many bytes of pictures, or CHUNK drawings.
PART_BYTES = 32_000_000
# If so many can't be read, the file is not what it was taken for.
MAX_REFUSED = 10_000


@dataclass
class Received:
    """What became of an upload.

    Attributes:
        saved: The numbers of the drawings that were saved.
        duplicates: How many were there already, in the store or earlier in the file.
        in_bin: How many of these are in the bin.
        labelled: How many that were there had no label and took the one that came.
        refused: What could not be read, each with the reason in one sentence.
        items: How many drawings, and things that can't be read, that is of the file.
    """

    saved: list[int] = field(default_factory=list)
    duplicates: int = 0
    in_bin: int = 0
    labelled: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    items: int = field(default=0, compare=False)

    def add(self, other: "Received") -> None:
        """Add what became of another file."""
        self.saved += other.saved
        self.duplicates += other.duplicates
        self.in_bin += other.in_bin
        self.labelled += other.labelled
        self.refused += other.refused
        self.items += other.items


def upload(
    store: DrawingStore, name: str, file: Path | IO[bytes], recognizer: Recognizer
) -> Received:
    """Save the drawings of a file, as ``upload_by_parts`` does, and return what became of them."""
    received = Received()
    for _ in upload_by_parts(store, name, file, recognizer, received):
        pass
    return received


def upload_by_parts(
    store: DrawingStore,
    name: str,
    file: Path | IO[bytes],
    recognizer: Recognizer,
    received: Received,
) -> Iterator[float]:
    """Save the drawings of a file, whose form is told by what is in it.

    It may be a picture; a ZIP of pictures, in folders named by their label and with a table or
    not; MNIST's form as ``.npz`` or as a ZIP of IDX files; an IDX file of pictures; CSV as
    Kaggle's Digit Recognizer has it; JSON lines; and whatever ``download`` made. Each drawing is
    recognised anew. What is saved part by part stays, even if the rest can't be read.

    Args:
        store: Where the drawings go.
        name: The file's name.
        file: Its path, or itself, open for reading and able to seek.
        recognizer: The model that recognises them.
        received: Gets what becomes of the drawings. If it has something of this file already,
            because who asked for it was cut off, the upload goes on after that.

    Yields:
        After each part, how far it is, 0 to 1.

    Raises:
        BadInputError: If nothing of the file can be read.
        StoreError: If the database can't save them.
    """
    try:
        with file.open("rb") if isinstance(file, Path) else nullcontext(file) as opened:
            size = opened.seek(0, io.SEEK_END)
            opened.seek(0)
            for part in _parts(islice(_read(opened, name, size), received.items, None)):
                _receive(store, part, recognizer, received)
                received.items += len(part)
                yield min(1.0, opened.tell() / max(size, 1))
                if len(received.refused) >= MAX_REFUSED:
                    received.refused.append((name, "so much can't be read that the rest is left"))
                    break
    except OSError as error:
        raise DatasetError(f"{name} can't be read: {error.strerror or error}") from error


def _read(file: IO[bytes], name: str, size: int) -> Iterator[Item]:
    """Yield what a file holds; if it goes wrong after a beginning, the rest is refused."""
    begun = False
    try:
        for item in _reader(file, name, size):
            begun = True
            yield item
    except BadInputError as error:
        if not begun:
            raise
        yield Refused(name, str(error))


def _reader(file: IO[bytes], name: str, size: int) -> Iterator[Item]:
    head = file.read(8192)
    file.seek(0)
    magic = int.from_bytes(head[:4], "big")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip_reader(open_zip(file, name), name)
    if magic == IDX_PICTURES:
        return read_idx_pictures(file, size, name)
    if magic == IDX_LABELS:
        raise DatasetError(f"{name} has labels without pictures; upload both in a ZIP")
    if text.startswith(b"{"):
        return read_json_lines(file)
    if text.partition(b"\n")[0].count(b",") > 1 and text[:1].isascii() and b"\0" not in head:
        return read_pixel_table(file, name)
    return _picture(file, name, size)


def _zip_reader(archive: zipfile.ZipFile, name: str) -> Iterator[Item]:
    names = archive.namelist()
    if names and all(member.endswith(".npy") for member in names):
        return read_npz(archive, name)
    if is_idx_zip(archive):
        return read_idx(archive, name)
    return read_folders(archive, name)


def _picture(file: IO[bytes], name: str, size: int) -> Iterator[Item]:
    content = file.read(min(size, MAX_PICTURE_BYTES + 1))
    if not is_picture(content):
        raise DatasetError(
            f"{name} is nothing that can be read; expected pictures, a ZIP of them, .npz, IDX, "
            "CSV of pixels or JSON lines"
        )
    yield from_picture(name, content)


def _parts(items: Iterator[Item]) -> Iterator[list[Item]]:
    part: list[Item] = []
    taken = 0
    for item in items:
        part.append(item)
        taken += len(item.picture) if isinstance(item, Incoming) else 0
        if len(part) == CHUNK or taken >= PART_BYTES:
            yield part
            part, taken = [], 0
    if part:
        yield part


def _receive(
    store: DrawingStore, part: list[Item], recognizer: Recognizer, received: Received
) -> None:
    received.refused += [
        (one_line(item.name, 200), one_line(item.reason))
        for item in part
        if isinstance(item, Refused)
    ]
    drawings = [item for item in part if isinstance(item, Incoming)]
    if new := _without_duplicates(store, drawings, received):
        received.saved += store.save_all(_recognized(new, recognizer))


def _without_duplicates(
    store: DrawingStore, drawings: list[Incoming], received: Received
) -> list[Incoming]:
    """Leave out those whose picture or input is saved, or came earlier in this part.

    A drawing without a label or a note takes that of its duplicate: what a person said is not lost.
    """
    hashes = [(content_hash(d.picture), content_hash(d.digit_input.tobytes())) for d in drawings]
    saved = store.known([picture for picture, _ in hashes], [given for _, given in hashes])
    new: list[Incoming] = []
    places: dict[bytes, int] = {}
    to_label: dict[int, list[int]] = defaultdict(list)
    for drawing, pair in zip(drawings, hashes, strict=True):
        if found := next((saved[known] for known in pair if known in saved), None):
            received.duplicates += 1
            received.in_bin += found.deleted_at is not None
            if found.label is None and drawing.label is not None:
                to_label[drawing.label].append(found.id)
                found.label = drawing.label
            if drawing.note and not found.note:
                store.write_note(found.id, drawing.note)
                found.note = drawing.note
        elif (
            place := next((places[known] for known in pair if known in places), None)
        ) is not None:
            received.duplicates += 1
            first = new[place]
            label = drawing.label if first.label is None else first.label
            new[place] = replace(first, label=label, note=first.note or drawing.note)
        else:
            places |= dict.fromkeys(pair, len(new))
            new.append(drawing)
    for label, numbers in to_label.items():
        received.labelled += len(store.label(numbers, label))
    return new


def _recognized(drawings: list[Incoming], recognizer: Recognizer) -> Iterator[NewDrawing]:
    recognitions = recognizer.recognize_all(np.stack([d.digit_input for d in drawings]))
    for drawing, recognition in zip(drawings, recognitions, strict=True):
        yield NewDrawing(
            picture=drawing.picture,
            digit_input=drawing.digit_input,
            recognition=recognition,
            model=recognizer.name,
            model_version=recognizer.version,
            strokes=drawing.strokes,
            source=drawing.source,
            label=drawing.label,
            note=drawing.note,
            created_at=drawing.created_at,
        )
