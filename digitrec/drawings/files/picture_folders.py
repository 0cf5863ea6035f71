"""A ZIP of pictures: a folder for each label, and a table.

``drawings.csv`` is for people and spreadsheets. ``drawings.jsonl`` has the strokes and the model's
input by the picture's hash. So a picture keeps them when it moves to another folder, but not when
it is edited.
"""

import dataclasses
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any

from digitrec.arrays import Digit
from digitrec.drawings.files.checked_fields import (
    checked_input,
    checked_label,
    checked_note,
    checked_time,
    known_source,
)
from digitrec.drawings.files.incoming import MAX_PICTURE_BYTES, Item, Refused, Source, from_picture
from digitrec.drawings.files.json_lines import decoded, encoded, iso, lines, parsed
from digitrec.drawings.files.label_table import LabelTable
from digitrec.drawings.files.pixel_rows import label_of_text
from digitrec.drawings.new_drawing import content_hash
from digitrec.drawings.schema import Drawing
from digitrec.errors import BadInputError, DatasetError
from digitrec.ink.stroke_json import from_json, to_json
from digitrec.ink.strokes import Strokes
from digitrec.labels import NO_DIGIT
from digitrec.system.archives import ZipStream, pieces
from digitrec.system.packed_files import Member
from digitrec.system.spreadsheets import BYTE_ORDER_MARK, csv_line, escape_formula, unescape_formula

TABLE = "drawings.csv"
SIDECAR = "drawings.jsonl"
NO_DIGIT_FOLDER = "not-a-digit"
UNLABELED_FOLDER = "unlabeled"
LABEL_NAMES = {str(digit): digit for digit in range(10)} | {
    NO_DIGIT_FOLDER: NO_DIGIT,
    "not a digit": NO_DIGIT,
}
COLUMNS = (
    "file", "id", "created_at", "changed_at", "source", "digit", "confidence", "is_digit",
    "digit_score", "label", "model", "model_version", "note", *(f"p{digit}" for digit in range(10)),
)  # fmt: skip


def write_folders(drawings: Iterable[Drawing]) -> Iterator[bytes]:
    """Yield the ZIP; label 10 in its table is *not a digit*."""
    archive = ZipStream()
    with tempfile.TemporaryFile() as table, tempfile.TemporaryFile() as sidecar:
        table.write(BYTE_ORDER_MARK + csv_line(COLUMNS))
        for drawing in drawings:
            file = f"{_folder(drawing.label)}/{drawing.id:06}.png"
            yield from archive.add(file, [drawing.content.picture], made=drawing.created_at)
            table.write(csv_line(_cells(file, drawing)))
            sidecar.write(_sidecar_line(drawing))
        for name, content in ((TABLE, table), (SIDECAR, sidecar)):
            yield from archive.add(name, pieces(content), size=content.tell())
    yield from archive.end()


def picture_source(
    pictures: Sequence[Member], extras: Sequence[Member], name: str
) -> tuple[Source, list[Refused]]:
    """Return the drawings in picture files, with what tables say about them.

    A table's label overrides the folder's. Columns are found by name: ``file``, ``label``,
    ``note``, ``created_at`` and ``source``, or other usual names of the first two.

    Args:
        pictures: The picture files.
        extras: Tables, and ``drawings.jsonl``.
        name: What error messages call them.

    Returns:
        The drawings, and the parts of tables that aren't used.
    """
    tables, sidecars, refused = LabelTable(), [], []
    for member in extras:
        if is_sidecar(member):
            sidecars.append(member)
        else:
            refused += tables.add(member, pictures)
    labels = partial(_labels, pictures, tables)
    drawings = partial(_drawings, pictures, tables, sidecars)
    return Source(name, labels, lambda _: drawings(), can_transpose=False), refused


def is_sidecar(member: Member) -> bool:
    """Return whether a file is a ``drawings.jsonl``."""
    return member.name.endswith(SIDECAR)


def _labels(pictures: Sequence[Member], tables: LabelTable) -> Iterator[Any]:
    return (_label(member, tables) for member in pictures)


def _drawings(
    pictures: Sequence[Member], tables: LabelTable, extras: Sequence[Member]
) -> Iterator[Item]:
    with tempfile.TemporaryFile() as spool:
        sidecar = _Sidecar(spool)
        for member in extras:
            try:
                with member.open() as file:
                    sidecar.add(file)
            except DatasetError as error:
                yield Refused(member.name, f"the table can't be read: {error}")
        for member in pictures:
            yield _drawing(member, tables, sidecar)


class _Sidecar:
    """The lines of ``drawings.jsonl`` by picture hash; only their positions are in memory."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._offsets: dict[str, int] = {}

    def add(self, file: IO[bytes]) -> None:
        for line in lines(file):
            offset = self._spool.seek(0, io.SEEK_END)
            self._spool.write(line)
            self._offsets[str(parsed(line).get("picture_hash"))] = offset

    def of(self, picture: bytes) -> tuple[Strokes, Digit | None]:
        """Return a picture's strokes and input, or ``()`` and None."""
        offset = self._offsets.get(content_hash(picture).hex())
        if offset is None:
            return (), None
        self._spool.seek(offset)
        row = parsed(self._spool.readline())
        return from_json(row.get("strokes")), checked_input(decoded(row.get("input")))


def _folder(label: int | None) -> str:
    if label is None:
        return UNLABELED_FOLDER
    return NO_DIGIT_FOLDER if label == NO_DIGIT else str(label)


def _cells(file: str, drawing: Drawing) -> list[Any]:
    return [
        file, drawing.id, iso(drawing.created_at), iso(drawing.changed_at), drawing.source,
        drawing.digit, drawing.confidence, drawing.is_digit, drawing.digit_score, drawing.label,
        escape_formula(drawing.model), drawing.model_version, escape_formula(drawing.note),
        *drawing.content.probabilities,
    ]  # fmt: skip


def _sidecar_line(drawing: Drawing) -> bytes:
    row = {
        "picture_hash": content_hash(drawing.content.picture).hex(),
        "strokes": to_json(drawing.content.strokes),
        "input": encoded(drawing.content.input),
    }
    return json.dumps(row).encode() + b"\n"


def _drawing(member: Member, tables: LabelTable, sidecar: _Sidecar) -> Item:
    row = tables.row_of(member.name)
    try:
        if member.size > MAX_PICTURE_BYTES:
            raise DatasetError(f"expected at most {MAX_PICTURE_BYTES:,} bytes, got {member.size:,}")
        with member.open() as file:
            content = file.read()
        return dataclasses.replace(
            from_picture(member.name, content, *sidecar.of(content)),
            label=checked_label(_label(member, tables)),
            note=checked_note(unescape_formula(row.note)),
            created_at=checked_time(row.created_at),
            source=known_source(row.source),
        )
    except BadInputError as error:
        return Refused(member.name, str(error))


def _label(member: Member, tables: LabelTable) -> Any:
    """Return the label from the table, or else from the folder."""
    cell = tables.row_of(member.name).label.strip()
    if not cell:
        return LABEL_NAMES.get(PurePosixPath(member.name).parent.name.lower())
    return LABEL_NAMES.get(cell.lower(), label_of_text(cell))
