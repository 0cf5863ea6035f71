"""Imports drawings from files of many formats."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from digitrec.drawings.files.file_kinds import File, found_in
from digitrec.drawings.files.incoming import Incoming, Item, Refused
from digitrec.drawings.files.upload_preview import label_counts
from digitrec.drawings.new_drawing import NewDrawing, content_hash
from digitrec.drawings.sessions import CHUNK
from digitrec.drawings.store import DrawingStore
from digitrec.errors import one_line
from digitrec.recognition.recognizer import Recognizer

# A part is saved at this many bytes of pictures, or CHUNK drawings.
PART_BYTES = 32_000_000
# With this many errors, the file probably has another format.
MAX_REFUSED = 10_000


@dataclass
class Received:
    """The result of an upload.

    Attributes:
        saved: The numbers of the saved drawings.
        duplicates: Number of drawings that were skipped: already saved, or earlier in the file.
        in_trash: Number of duplicates that are in the trash.
        labeled: Number of saved drawings that had no label and got a duplicate's.
        refused: Names and reasons of what couldn't be read.
        items: Number of items done so far, drawings and refused ones.
    """

    saved: list[int] = field(default_factory=list)
    duplicates: int = 0
    in_trash: int = 0
    labeled: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    items: int = field(default=0, compare=False)

    def add(self, other: "Received") -> None:
        """Add the result of another file."""
        self.saved += other.saved
        self.duplicates += other.duplicates
        self.in_trash += other.in_trash
        self.labeled += other.labeled
        self.refused += other.refused
        self.items += other.items


def upload(
    store: DrawingStore, name: str, file: File, recognizer: Recognizer, is_transposed: bool = False
) -> Received:
    """Save the drawings of a file, as ``upload_by_parts`` does, and return the result."""
    received = Received()
    for _ in upload_by_parts(store, [(name, file)], recognizer, received, is_transposed):
        pass
    return received


def upload_by_parts(
    store: DrawingStore,
    files: Sequence[tuple[str, File]],
    recognizer: Recognizer,
    received: Received,
    is_transposed: bool = False,
) -> Iterator[float]:
    """Save the drawings of files that were uploaded together.

    Formats: pictures; ZIPs of pictures, maybe in folders named by label or with a table;
    ``.npz``, ``.npy`` and IDX files, whose pictures and labels are paired; CSV of pixels;
    Parquet; JSON Lines; any of these in a ZIP or gzipped; and everything ``download`` writes.
    Each drawing is recognized again. Saved parts stay, even if the rest can't be read.

    Args:
        store: Where the drawings go.
        files: Names with paths, or with seekable files that are open for reading.
        recognizer: The model that recognizes them.
        received: Collects the result. If it has some already because the upload was interrupted,
            the upload continues from there.
        is_transposed: Whether to swap the rows and columns of drawings that come as pixels.

    Yields:
        The progress after each part, 0 to 1.

    Raises:
        BadInputError: If nothing can be read.
        StoreError: If the database can't save them.
    """
    with found_in(files) as found:
        count = label_counts(found).total()
        for part in _parts(islice(found.items(is_transposed), received.items, None)):
            _receive(store, part, recognizer, received)
            received.items += len(part)
            yield min(1.0, received.items / max(count, 1))
            if len(received.refused) >= MAX_REFUSED:
                words = f"{MAX_REFUSED:,} of its drawings can't be read, so the rest was skipped"
                received.refused.append((files[0][0], words))
                break


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
    """Leave out drawings whose picture or input is already saved, or came earlier in this part.

    If a drawing has no label or note, it gets that of its duplicate.
    """
    hashes = [(content_hash(d.picture), content_hash(d.digit_input.tobytes())) for d in drawings]
    saved = store.find_by_hash([picture for picture, _ in hashes], [given for _, given in hashes])
    new: list[Incoming] = []
    positions: dict[bytes, int] = {}
    to_label: dict[int, list[int]] = defaultdict(list)
    for drawing, pair in zip(drawings, hashes, strict=True):
        if found := next((saved[known] for known in pair if known in saved), None):
            received.duplicates += 1
            received.in_trash += found.deleted_at is not None
            if found.label is None and drawing.label is not None:
                to_label[drawing.label].append(found.id)
                found.label = drawing.label
            if drawing.note and not found.note:
                store.write_note(found.id, drawing.note)
                found.note = drawing.note
        elif (
            position := next((positions[known] for known in pair if known in positions), None)
        ) is not None:
            received.duplicates += 1
            first = new[position]
            label = drawing.label if first.label is None else first.label
            new[position] = replace(first, label=label, note=first.note or drawing.note)
        else:
            positions |= dict.fromkeys(pair, len(new))
            new.append(drawing)
    for label, numbers in to_label.items():
        received.labeled += len(store.label(numbers, label))
    return new


def _recognized(drawings: list[Incoming], recognizer: Recognizer) -> Iterator[NewDrawing]:
    recognitions = recognizer.recognize_all(
        np.stack([d.digit_input for d in drawings]), [d.strokes for d in drawings]
    )
    for drawing, recognition in zip(drawings, recognitions, strict=True):
        yield NewDrawing(
            picture=drawing.picture,
            digit_input=drawing.digit_input,
            recognition=recognition,
            model=recognizer,
            strokes=drawing.strokes,
            source=drawing.source,
            label=drawing.label,
            note=drawing.note,
            created_at=drawing.created_at,
        )
