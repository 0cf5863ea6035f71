"""ZIP archives: written as a stream, and read without trusting their content."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from digitrec.errors import DatasetError

PIECE_BYTES = 1 << 16
# Python's list of members takes 0.6 kB for each.
MAX_MEMBERS = 300_000
MAX_UNPACKED_BYTES = 2_000_000_000
# Only a ZIP bomb is compressed this much: arrays and tables of drawings reach a ratio of 20.
MAX_RATIO = 100
UNSUSPICIOUS_BYTES = 50_000_000
# The compression methods that zipfile unpacks in pieces of bounded size.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENTRY_MAGIC = b"PK\1\2"
ENCRYPTED_FLAG = 1


class ZipStream:
    """A ZIP that is sent while it is written; only the list of its members stays in memory."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._archive = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED)

    def add(
        self, name: str, content: Iterable[bytes], *, size: int = 0, made: datetime | None = None
    ) -> Iterator[bytes]:
        """Yield the archive up to the end of a new member.

        Args:
            name: The member's name.
            content: Its content, in pieces.
            size: Approximate size in bytes; needed from 2 GB on.
            made: Its modification time.
        """
        member = zipfile.ZipInfo(name)
        if made and 1980 <= made.year <= 2107:  # The years that a ZIP can store.
            member.date_time = made.timetuple()[:6]
        member.compress_type = zipfile.ZIP_DEFLATED
        member.file_size = size
        with self._archive.open(member, "w") as file:
            for piece in content:
                file.write(piece)
                yield self._outlet.taken()
        yield self._outlet.taken()

    def end(self) -> Iterator[bytes]:
        """Yield the rest of the archive."""
        self._archive.close()
        yield self._outlet.taken()


class _Outlet(io.RawIOBase):
    """Holds what was written until it is fetched."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes, /) -> int:  # type: ignore[override]
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        written = bytes(self._written)
        self._written.clear()
        return written


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file from the beginning in pieces."""
    file.seek(0)
    return iter(lambda: file.read(PIECE_BYTES), b"")


def open_zip(file: IO[bytes], name: str) -> zipfile.ZipFile:
    """Open an untrusted ZIP.

    Raises:
        DatasetError: If it is damaged, has too many members, or unpacks to too many bytes.
    """
    if _count_entries(file) > MAX_MEMBERS:
        raise DatasetError(f"{name} has more than {MAX_MEMBERS:,} files in it")
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # zipfile raises almost anything for a damaged list of members.
        raise DatasetError(f"{name} isn't a ZIP, or is damaged") from error
    if not all(archive.namelist()):
        raise DatasetError(f"{name} is damaged: a file in it has no name")
    members, size = archive.infolist(), file.seek(0, io.SEEK_END)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise DatasetError(f"{name} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")
    if unpacked > max(UNSUSPICIOUS_BYTES, MAX_RATIO * size):
        raise DatasetError(f"{name} unpacks to more than {MAX_RATIO} times its size")
    if sum(member.compress_size for member in members) > size:
        raise DatasetError(f"{name} is damaged: the files in it overlap")
    return archive


@contextmanager
def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Open a member for reading; zipfile never returns more than its stated size.

    Raises:
        DatasetError: If it is a link, encrypted, damaged, or uses an unusual compression.
    """
    name = member.filename[:200]
    if stat.S_ISLNK(member.external_attr >> 16):
        raise DatasetError(f"{name} is a symbolic link, which isn't supported")
    if member.flag_bits & ENCRYPTED_FLAG:
        raise DatasetError(f"{name} is encrypted")
    if member.compress_type not in METHODS:
        raise DatasetError(f"{name} uses a compression method that isn't supported")
    try:
        file = archive.open(member)
    except Exception as error:  # zipfile raises almost anything for a damaged header.
        raise DatasetError(f"{name} is damaged") from error
    try:
        with file:
            yield file
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise DatasetError(f"{name} is damaged") from error


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Read a whole member.

    Raises:
        DatasetError: If it has more than ``limit`` bytes, or for the reasons of ``open_member``.
    """
    if member.file_size > limit:
        raise DatasetError(f"expected at most {limit:,} bytes, got {member.file_size:,}")
    with open_member(archive, member) as file:
        return file.read()


def _count_entries(file: IO[bytes]) -> int:
    """Estimate the number of members before zipfile reads their list into memory."""
    count, tail = 0, b""
    for piece in pieces(file):
        count += (tail + piece).count(ENTRY_MAGIC)
        tail = piece[-len(ENTRY_MAGIC) + 1 :]
    return count
