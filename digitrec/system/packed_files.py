"""Files to read from disk, from a ZIP or from a gzip, all in the same way."""

import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO

from digitrec.errors import DatasetError
from digitrec.system.archives import (
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    PIECE_BYTES,
    UNSUSPICIOUS_BYTES,
    open_member,
)

GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Member:
    """A file that can be opened more than once.

    Attributes:
        name: Its name; for a member of a ZIP, its path there.
        size: Its length in bytes.
        open: Opens it at the beginning.
    """

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]

    def head(self, size: int) -> bytes:
        """Return its first bytes, ``size`` at most."""
        with self.open() as file:
            return file.read(size)

    @contextmanager
    def open_verified(self) -> Iterator[IO[bytes]]:
        """Open it after reading it once: a ZIP's checksum is only verified at the end."""
        with self.open() as file:
            while file.read(PIECE_BYTES):
                pass
        with self.open() as file:
            yield file


def member_of_file(name: str, file: IO[bytes]) -> Member:
    """Return an open, seekable file as a member."""

    @contextmanager
    def at_start() -> Iterator[IO[bytes]]:
        file.seek(0)
        yield file

    return Member(name, file.seek(0, io.SEEK_END), at_start)


def member_of_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Member:
    """Return a file in a ZIP as a member, opened by ``archives.open_member``."""
    return Member(member.filename, member.file_size, partial(open_member, archive, member))


def unzipped(member: Member, stack: ExitStack) -> Member:
    """Unpack a ``.gz`` file into a temporary file.

    Args:
        member: The packed file.
        stack: Closing it deletes the temporary file.

    Raises:
        DatasetError: If it is damaged, or unpacks to too many bytes.
    """
    name = member.name.removesuffix(".gz")
    spool = stack.enter_context(_spool())
    limit = min(MAX_UNPACKED_BYTES, max(UNSUSPICIOUS_BYTES, MAX_RATIO * member.size))
    try:
        with member.open() as packed, gzip.GzipFile(fileobj=packed) as file:
            while piece := file.read(PIECE_BYTES):
                spool.write(piece)
                if spool.tell() > limit:
                    raise DatasetError(f"{member.name} unpacks to more than {limit:,} bytes")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DatasetError(f"{member.name} is damaged; download or pack it again") from error
    return member_of_file(name, spool)


def on_disk(member: Member, stack: ExitStack) -> Member:
    """Copy a member of a ZIP to a temporary file, which is seekable."""
    spool = stack.enter_context(_spool())
    with member.open() as file:
        for piece in iter(partial(file.read, PIECE_BYTES), b""):
            spool.write(piece)
    return member_of_file(member.name, spool)


def _spool() -> IO[bytes]:
    return tempfile.TemporaryFile()
