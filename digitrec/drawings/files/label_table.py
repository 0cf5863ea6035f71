"""Tables with the labels of picture files."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from digitrec.drawings.files.incoming import Refused
from digitrec.drawings.files.json_lines import MAX_LINE_BYTES, lines
from digitrec.errors import DatasetError
from digitrec.system.packed_files import Member
from digitrec.system.spreadsheets import delimiter_of

FILE_NAMES = ("file", "filename", "file_name", "file name", "image", "image_name", "img", "path",
              "picture", "name", "image_id", "imageid", "id")  # fmt: skip
LABEL_NAMES = ("label", "labels", "class", "target", "digit", "y", "true", "truth")
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")


class TableRow(NamedTuple):
    """A picture's row in a table; cells may be empty."""

    label: str = ""
    note: str = ""
    created_at: str = ""
    source: str = ""


class LabelTable:
    """The rows of all tables in an upload, by the name of their picture."""

    def __init__(self) -> None:
        self._rows: dict[str, TableRow] = {}

    def add(self, member: Member, pictures: Sequence[Member]) -> list[Refused]:
        """Read a table; return what can't be read or isn't used."""
        try:
            with member.open() as file:
                rows = _rows(file)
        except (DatasetError, UnicodeDecodeError, csv.Error) as error:
            return [Refused(member.name, f"the table can't be read: {error}")]
        used = _by_picture(rows, member, pictures)
        self._rows |= used
        if len(used) == len(rows):
            return []
        words = f"{len(rows) - len(used):,} of its {len(rows):,} rows aren't used: no picture has "
        return [Refused(member.name, words + "their name")]

    def row_of(self, picture: str) -> TableRow:
        """Return the row of a picture; an empty one if there is none."""
        return self._rows.get(picture, TableRow())


def is_label_table(member: Member, head: bytes) -> bool:
    """Tell from the first line whether a text file is a table of picture labels."""
    if member.name.lower().endswith((".csv", ".tsv")):
        return True
    first = head.decode("utf-8-sig", "replace").partition("\n")[0]
    cells = [cell.strip(' "\r').lower() for cell in first.split(delimiter_of(first))]
    return len(cells) > 1 and (cells[0] in FILE_NAMES or cells[0].endswith(PICTURE_ENDINGS))


def _rows(file: IO[bytes]) -> dict[str, TableRow]:
    """Return a table's rows by picture name."""
    text = _text_lines(file)
    first = next(text, "")
    delimiter = delimiter_of(first)
    names = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
    if len(names) == 2 and names[0].endswith(PICTURE_ENDINGS):
        names, text = ["file", "label"], chain([first], text)
    file_column, label = _place(names, FILE_NAMES), _place(names, LABEL_NAMES)
    if file_column is None:
        raise DatasetError("expected a first line that names the columns file and label")
    columns = (label, *(_place(names, (name,)) for name in TableRow._fields[1:]))
    found = {}
    for row in csv.reader(text, delimiter=delimiter):
        if name := _cell(row, file_column).replace("\\", "/").strip():
            found[name] = TableRow(*(_cell(row, column) for column in columns))
    return found


def _by_picture(
    rows: dict[str, TableRow], table: Member, pictures: Sequence[Member]
) -> dict[str, TableRow]:
    """Match rows to pictures: by path, or else by name with or without its extension."""
    folder = PurePosixPath(table.name).parent
    paths: dict[str, list[str]] = defaultdict(list)
    for member in pictures:
        path = PurePosixPath(member.name)
        for name in {path.name, path.stem}:
            paths[name].append(member.name)
    known = {member.name for member in pictures}
    found: dict[str, TableRow] = {}
    for name, row in rows.items():
        beside = str(folder / name)
        alike = paths[PurePosixPath(name).name]
        if beside in known:
            found[beside] = row
        elif len(alike) == 1:
            found[alike[0]] = row
    return found


def _place(names: Sequence[str], known: Sequence[str]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _text_lines(file: IO[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines(file)):
        if len(line) > MAX_LINE_BYTES:
            raise DatasetError(f"a line can have at most {MAX_LINE_BYTES:,} bytes")
        yield line.decode("utf-8-sig" if number == 0 else "utf-8")
