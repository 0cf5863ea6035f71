"""A ZIP of pictures: one folder for each label, and a table beside them.

``drawings.csv`` is for people and spreadsheets. ``drawings.jsonl`` has what a picture doesn't
show, its strokes and what the model was given, by the picture's hash: so a picture brings them
along from whatever folder it was moved to, and one that was painted over does not.
"""

import csv
import dataclasses
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from digitrec.drawings.incoming import (
    MAX_PICTURE_BYTES,
    Item,
    Refused,
    checked_input,
    checked_label,
    checked_note,
    checked_time,
    from_picture,
    known_source,
)
from digitrec.drawings.json_lines import MAX_LINE_BYTES, decoded, encoded, iso, lines, parsed
from digitrec.drawings.schema import Drawing
from digitrec.drawings.store import content_hash
from digitrec.errors import BadInputError, DatasetError
from digitrec.labels import NO_DIGIT
from digitrec.preprocessing import Digit
from digitrec.strokes import Stroke, checked_strokes
from digitrec.tables import BYTE_ORDER_MARK, csv_line, defused, fused
from digitrec.zips import ZipStream, open_member, pieces, read_member

TABLE = "drawings.csv"
UNSEEN = "drawings.jsonl"
NO_DIGIT_FOLDER = "not-a-digit"
UNLABELLED_FOLDER = "unlabelled"
LABEL_NAMES = {str(digit): digit for digit in range(10)} | {
    NO_DIGIT_FOLDER: NO_DIGIT,
    "not a digit": NO_DIGIT,
}
COLUMNS = (
    "file", "id", "created_at", "changed_at", "source", "digit", "confidence", "is_digit",
    "digit_score", "label", "model", "model_version", "note", *(f"p{digit}" for digit in range(10)),
)  # fmt: skip

Row = tuple[str, str, str, str]


def write_folders(drawings: Iterable[Drawing]) -> Iterator[bytes]:
    """Yield the ZIP; a label of 10 in its table is no digit."""
    archive = ZipStream()
    with tempfile.TemporaryFile() as table, tempfile.TemporaryFile() as unseen:
        table.write(BYTE_ORDER_MARK + csv_line(COLUMNS))
        for drawing in drawings:
            file = f"{_folder(drawing.label)}/{drawing.id:06}.png"
            yield from archive.add(file, [drawing.content.picture], made=drawing.created_at)
            table.write(csv_line(_cells(file, drawing)))
            unseen.write(_unseen_line(drawing))
        for name, content in ((TABLE, table), (UNSEEN, unseen)):
            yield from archive.add(name, pieces(content), size=content.tell())
    yield from archive.end()


def read_folders(archive: zipfile.ZipFile, name: str) -> Iterator[Item]:
    """Yield the drawings of a ZIP of pictures, with what its tables say of them.

    A table's label counts more than a folder's. Of a table the columns ``file``, ``label``,
    ``note``, ``created_at`` and ``source`` are read, the last four if they are there.

    Raises:
        DatasetError: If it has no files.
    """
    members = [member for member in archive.infolist() if not _is_left_out(member)]
    if not members:
        raise DatasetError(f"{name} has no files in it")
    tables: dict[str, Row] = {}
    with tempfile.TemporaryFile() as spool:
        unseen = _Unseen(spool)
        for member in [m for m in members if _is_extra(m)]:
            try:
                with open_member(archive, member) as file:
                    if member.filename.endswith(UNSEEN):
                        unseen.add(file)
                    else:
                        tables |= _table(file, PurePosixPath(member.filename).parent)
            except (DatasetError, UnicodeDecodeError, csv.Error) as error:
                yield Refused(member.filename, f"the table can't be read: {error}")
        for member in members:
            if not _is_extra(member):
                yield _drawing(archive, member, tables, unseen)


class _Unseen:
    """The lines of ``drawings.jsonl`` by their picture's hash; only where they are is in memory."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._places: dict[str, int] = {}

    def add(self, file: IO[bytes]) -> None:
        for line in lines(file):
            place = self._spool.seek(0, io.SEEK_END)
            self._spool.write(line)
            self._places[str(parsed(line).get("picture_hash"))] = place

    def of(self, picture: bytes) -> tuple[list[Stroke], Digit | None]:
        """Return strokes and input of a picture, as far as they are known."""
        place = self._places.get(content_hash(picture).hex())
        if place is None:
            return [], None
        self._spool.seek(place)
        row = parsed(self._spool.readline())
        return checked_strokes(row.get("strokes")), checked_input(decoded(row.get("input")))


def _folder(label: int | None) -> str:
    if label is None:
        return UNLABELLED_FOLDER
    return NO_DIGIT_FOLDER if label == NO_DIGIT else str(label)


def _cells(file: str, drawing: Drawing) -> list[Any]:
    return [
        file, drawing.id, iso(drawing.created_at), iso(drawing.changed_at), drawing.source,
        drawing.digit, drawing.confidence, drawing.is_digit, drawing.digit_score, drawing.label,
        defused(drawing.model), drawing.model_version, defused(drawing.note),
        *drawing.content.probabilities,
    ]  # fmt: skip


def _unseen_line(drawing: Drawing) -> bytes:
    row = {
        "picture_hash": content_hash(drawing.content.picture).hex(),
        "strokes": drawing.content.strokes,
        "input": encoded(drawing.content.input),
    }
    return json.dumps(row).encode() + b"\n"


def _is_left_out(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a folder, or what a desktop puts beside the files."""
    path = PurePosixPath(member.filename)
    is_hidden = path.name.startswith(".") or path.name == "Thumbs.db"
    return member.is_dir() or is_hidden or "__MACOSX" in path.parts


def _is_extra(member: zipfile.ZipInfo) -> bool:
    return member.filename.endswith((".csv", UNSEEN))


def _table(file: IO[bytes], folder: PurePosixPath) -> dict[str, Row]:
    """Return what is read of a table's rows, by the name of their file in the ZIP."""
    rows = csv.DictReader(_text_lines(file))
    if "file" not in (rows.fieldnames or ()):
        raise DatasetError("expected a column named file")
    return {
        str(folder / str(row["file"])): (
            row.get("label") or "",
            row.get("note") or "",
            row.get("created_at") or "",
            row.get("source") or "",
        )
        for row in rows
    }


def _text_lines(file: IO[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines(file)):
        if len(line) > MAX_LINE_BYTES:
            raise DatasetError(f"a line takes at most {MAX_LINE_BYTES:,} bytes")
        yield line.decode("utf-8-sig" if number == 0 else "utf-8")


def _drawing(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, tables: dict[str, Row], unseen: _Unseen
) -> Item:
    path = PurePosixPath(member.filename)
    label, note, created_at, source = tables.get(str(path), ("", "", "", ""))
    try:
        content = read_member(archive, member, MAX_PICTURE_BYTES)
        return dataclasses.replace(
            from_picture(member.filename, content, *unseen.of(content)),
            label=_label(label, path.parent.name),
            note=checked_note(fused(note)),
            created_at=checked_time(created_at),
            source=known_source(source),
        )
    except BadInputError as error:
        return Refused(member.filename, str(error))


def _label(cell: str, folder: str) -> int | None:
    """Return the label that a table's cell gives, or else the folder."""
    if not cell.strip():
        return LABEL_NAMES.get(folder.lower())
    known = LABEL_NAMES | {str(NO_DIGIT): NO_DIGIT}
    return checked_label(known.get(cell.strip().lower(), cell))
