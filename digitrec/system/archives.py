"""ZIP archives: written piece by piece, and read without trusting them."""

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
# The list of them takes 0.6 kB of memory for each.
MAX_MEMBERS = 300_000
MAX_UNPACKED_BYTES = 2_000_000_000
# Nothing but a bomb is packed so tightly: arrays of drawings and tables take a twentieth at best.
MAX_RATIO = 100
UNSUSPICIOUS_BYTES = 50_000_000
# Those whose unpacking Python's zipfile does in bounded pieces.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENTRY_MARK = b"PK\1\2"
ENCRYPTED = 1


class ZipStream:
    """A ZIP that is given on while it is written; what is kept is the list of its members."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._archive = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED)

    def add(
        self, name: str, content: Iterable[bytes], *, size: int = 0, made: datetime | None = None
    ) -> Iterator[bytes]:
        """Yield the archive up to the end of a new member.

        Args:
            name: The member's name.
            content: What it holds, in pieces.
            size: How many bytes that is about, needed from 2 GB.
            made: When it was made.
        """
        member = zipfile.ZipInfo(name)
        if made and 1980 <= made.year <= 2107:  # A ZIP can't say anything else.
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
    """Holds what was written until it is taken."""

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
    """Yield a file from its beginning, piece by piece."""
    file.seek(0)
    return iter(lambda: file.read(PIECE_BYTES), b"")


def open_zip(file: IO[bytes], name: str) -> zipfile.ZipFile:
    """Open a ZIP that somebody else made.

    Raises:
        DatasetError: If it is damaged, or is, claims to be or unpacks to what is too large.
    """
    if _marks(file) > MAX_MEMBERS:
        raise DatasetError(f"{name} has more than {MAX_MEMBERS:,} files in it")
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # A damaged list of members makes zipfile raise nearly anything.
        raise DatasetError(f"{name} is no ZIP, or is damaged") from error
    if not all(archive.namelist()):
        raise DatasetError(f"{name} is damaged: a file in it has no name")
    members, size = archive.infolist(), file.seek(0, io.SEEK_END)
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise DatasetError(f"{name} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")
    if unpacked > max(UNSUSPICIOUS_BYTES, MAX_RATIO * size):
        raise DatasetError(f"{name} unpacks to more than {MAX_RATIO} times its size")
    if sum(member.compress_size for member in members) > size:
        raise DatasetError(f"{name} is damaged: the files in it lie over one another")
    return archive


@contextmanager
def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Open a member for reading; no more can be read from it than it claims to hold.

    Raises:
        DatasetError: If it is a link, encrypted, damaged or packed in an unusual way.
    """
    name = member.filename[:200]
    if stat.S_ISLNK(member.external_attr >> 16):
        raise DatasetError(f"{name} is a link, and links are not followed")
    if member.flag_bits & ENCRYPTED:
        raise DatasetError(f"{name} is encrypted")
    if member.compress_type not in METHODS:
        raise DatasetError(f"{name} is packed in another way than ZIP's usual one")
    try:
        file = archive.open(member)
    except Exception as error:  # A damaged header makes zipfile raise nearly anything.
        raise DatasetError(f"{name} is damaged") from error
    try:
        with file:
            yield file
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise DatasetError(f"{name} is damaged") from error


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Read a whole member.

    Raises:
        DatasetError: If it has more bytes than ``limit``, or as ``open_member`` says.
    """
    if member.file_size > limit:
        raise DatasetError(f"expected at most {limit:,} bytes, got {member.file_size:,}")
    with open_member(archive, member) as file:
        return file.read()


def _marks(file: IO[bytes]) -> int:
    """Count what may be an entry in the list of members, before zipfile reads it into memory."""
    count, tail = 0, b""
    for piece in pieces(file):
        count += (tail + piece).count(ENTRY_MARK)
        tail = piece[-len(ENTRY_MARK) + 1 :]
    return count
