"""Finds the drawings in uploaded files, whose format is detected from their content."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

from digitrec.datasets.array_files import NPY_MAGIC, Array, idx_array, is_idx, npy_array
from digitrec.datasets.pixel_format import PIXELS
from digitrec.drawings.files import pixel_csv
from digitrec.drawings.files.arrays import array_sources
from digitrec.drawings.files.incoming import Item, Refused, Source, is_picture
from digitrec.drawings.files.json_lines import read_json_lines, read_labels
from digitrec.drawings.files.label_table import PICTURE_ENDINGS, is_label_table
from digitrec.drawings.files.parquet import PARQUET_MAGIC, parquet_source
from digitrec.drawings.files.picture_folders import is_sidecar, picture_source
from digitrec.drawings.files.pixel_rows import drawings_of
from digitrec.drawings.files.unreadable import why_not, why_not_zip
from digitrec.errors import BadInputError, DatasetError
from digitrec.system.archives import open_zip
from digitrec.system.packed_files import (
    GZIP_MAGIC,
    Member,
    member_of_file,
    member_of_zip,
    on_disk,
    unzipped,
)

# Enough for a row of pixels written as fractions with all digits.
HEAD_BYTES = 40_000
ZIP_MAGICS = (b"PK\3\4", b"PK\5\6")

File = Path | IO[bytes]


@dataclass
class Found:
    """What was found in files.

    Attributes:
        sources: The drawings.
        refused: What can't be read or isn't used.
    """

    sources: list[Source] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def can_transpose(self) -> bool:
        """Whether any of the drawings can have rows and columns swapped."""
        return any(source.can_transpose for source in self.sources)

    def items(self, is_transposed: bool) -> Iterator[Item]:
        """Yield the refused items and the drawings; after an error the rest of a file is refused.

        Args:
            is_transposed: Whether to swap the rows and columns of drawings that come as pixels.

        Raises:
            BadInputError: If there is only one file, and nothing in it can be read.
        """
        yield from self.refused
        has_begun = bool(self.refused) or len(self.sources) > 1
        for source in self.sources:
            try:
                for item in source.drawings(is_transposed):
                    if not has_begun and isinstance(item, Refused) and item.name == source.name:
                        raise DatasetError(f"{item.name}: {item.reason}")
                    has_begun = True
                    yield item
            except BadInputError as error:
                if not has_begun:
                    raise
                yield Refused(source.name, str(error))


@contextmanager
def found_in(files: Sequence[tuple[str, File]]) -> Iterator[Found]:
    """Find the drawings in files that were uploaded together.

    Labels may be in any of them; those of a ZIP's pictures must be in the ZIP.

    Args:
        files: Names with paths, or with seekable files that are open for reading.

    Yields:
        The drawings; read them inside the context.

    Raises:
        BadInputError: If nothing can be read.
    """
    with ExitStack() as stack:
        members = [_opened(name, file, stack) for name, file in files]
        name = members[0].name if len(members) == 1 else f"these {len(members)} files"
        search = _Search(stack)
        search.add_all(members)
        yield search.found(name)


def _opened(name: str, file: File, stack: ExitStack) -> Member:
    try:
        opened = stack.enter_context(
            file.open("rb") if isinstance(file, Path) else nullcontext(file)
        )
        return member_of_file(name, opened)
    except OSError as error:
        raise DatasetError(f"{name} can't be read: {error.strerror or error}") from error


class _Search:
    """Sorts files by content; files that may belong together are matched at the end."""

    def __init__(self, stack: ExitStack, zip_name: str = "") -> None:
        self._stack = stack
        self._zip_name = zip_name
        self._found = Found()
        self._arrays: list[Array] = []
        self._broken: DatasetError | None = None
        self._pictures: list[Member] = []
        self._extras: list[Member] = []

    def add_all(self, members: Sequence[Member]) -> None:
        for member in members:
            try:
                self._add(member)
            except BadInputError as error:
                self._found.refused.append(Refused(member.name, str(error)))

    def found(self, name: str) -> Found:
        """Return what was found, with labels matched to pictures."""
        self._use_arrays(name)
        if self._pictures:
            source, unused = picture_source(self._pictures, self._extras, name)
            self._found.sources.append(source)
            self._found.refused += unused
        else:
            self._found.refused += [Refused(m.name, _no_pixels(m)) for m in self._extras]
        if not self._found.sources:
            raise DatasetError(_summary(self._found.refused, name))
        return self._found

    def _use_arrays(self, name: str) -> None:
        if not self._arrays and not self._broken:
            return
        try:
            if self._broken:  # Otherwise pictures could be saved without their labels.
                raise self._broken
            sources, unused = array_sources(self._arrays, name)
        except DatasetError as error:
            self._found.refused.append(Refused(name, str(error)))
        else:
            self._found.sources += sources
            self._found.refused += unused

    def _add(self, member: Member) -> None:
        if self._zip_name and member.name.lower().endswith(PICTURE_ENDINGS):
            self._pictures.append(member)  # Opening thousands just to look would be slow.
            return
        head = member.head(HEAD_BYTES)
        if head.startswith(GZIP_MAGIC):
            member = unzipped(member, self._stack)
            head = member.head(HEAD_BYTES)
        if head.startswith(ZIP_MAGICS):
            self._add_zip(member)
        elif head.startswith(NPY_MAGIC) or member.name.endswith(".npy") or is_idx(head):
            self._add_array(member, head)
        elif head.startswith(PARQUET_MAGIC):
            self._found.sources.append(parquet_source(self._seekable(member)))
        elif is_picture(head):
            self._pictures.append(member)
        else:
            self._add_text(member, head)

    def _add_array(self, member: Member, head: bytes) -> None:
        try:
            self._arrays.append(idx_array(member) if is_idx(head) else npy_array(member))
        except DatasetError as error:
            self._broken = self._broken or error

    def _add_text(self, member: Member, head: bytes) -> None:
        text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if self._zip_name and is_sidecar(member):
            self._extras.append(member)
        elif text.startswith(b"{"):
            self._found.sources.append(_json_source(member))
        elif b"\0" in head or not text:
            raise DatasetError(why_not(member.name, head))
        elif pixel_csv.is_pixel_csv(text):
            self._found.sources.append(_table_source(member))
        elif is_label_table(member, text):
            self._extras.append(member)
        else:
            raise DatasetError(why_not(member.name, head))

    def _add_zip(self, member: Member) -> None:
        if self._zip_name:
            member = on_disk(member, self._stack)
        archive = self._stack.enter_context(
            open_zip(self._stack.enter_context(member.open()), member.name)
        )
        members = [member_of_zip(archive, m) for m in archive.infolist() if not _is_left_out(m)]
        is_npz = members and all(m.name.endswith(".npy") for m in members)
        if self._zip_name and not is_npz:
            raise DatasetError(f"{member.name} is a ZIP in a ZIP; upload it by itself")
        if words := why_not_zip(archive.namelist()):
            raise DatasetError(f"{member.name} {words}")
        search = _Search(self._stack, member.name)
        search.add_all(members)
        inside = search.found(member.name)
        self._found.sources += inside.sources
        self._found.refused += inside.refused

    def _seekable(self, member: Member) -> Member:
        return on_disk(member, self._stack) if self._zip_name else member


def _is_left_out(member: zipfile.ZipInfo) -> bool:
    """Return whether a member is a folder, or a file that the operating system added."""
    path = PurePosixPath(member.filename)
    is_hidden = path.name.startswith(".") or path.name == "Thumbs.db"
    return member.is_dir() or is_hidden or "__MACOSX" in path.parts


def _json_source(member: Member) -> Source:
    return Source(
        member.name,
        partial(_read, member, read_labels),
        lambda _: _read(member, read_json_lines),
        can_transpose=False,
    )


def _table_source(member: Member) -> Source:
    with member.open() as file:
        form = pixel_csv.table_form(file, member.name)
    return Source(
        member.name,
        partial(_read, member, pixel_csv.read_labels, form),
        lambda transposed: drawings_of(_read(member, pixel_csv.read_rows, form), transposed),
    )


def _read(member: Member, read: Callable[..., Iterator[Any]], *arguments: Any) -> Iterator[Any]:
    with member.open() as file:
        yield from read(file, *arguments)


def _no_pixels(table: Member) -> str:
    return (
        f"{table.name} isn't a table of {PIXELS} columns of pixels; if it has the labels of "
        "pictures, add the pictures too"
    )


def _summary(refused: Sequence[Refused], name: str) -> str:
    """Say why nothing can be read."""
    if not refused:
        return f"{name} has no files in it"
    first = refused[0]
    is_named = PurePosixPath(first.name).stem in first.reason
    words = first.reason if is_named else f"{first.name}: {first.reason}"
    return (
        words if len(refused) == 1 else f"{words}; {len(refused) - 1:,} more can't be read either"
    )
