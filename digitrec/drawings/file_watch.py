"""Watches the file of an SQLite database, and explains SQLite's errors."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from digitrec.errors import StoreError

_NOT_ALLOWED = (
    "can't be written; let digitrec write to it and its folder, or set DIGITREC_DATABASE_URL to "
    "another place"
)
_DAMAGED = (
    "is damaged; copy it and the files beside it, then replace it with a backup, or recover what "
    "can be read with sqlite3's command .recover"
)
# What is wrong and what to do, by SQLite's error code.
_FAULTS = {
    sqlite3.SQLITE_BUSY: "is locked by another program; close it, or try again later",
    sqlite3.SQLITE_LOCKED: "is locked by another program; close it, or try again later",
    sqlite3.SQLITE_FULL: "can't grow, because the disk is full; free some space and try again",
    sqlite3.SQLITE_IOERR: "is on a disk that is full or failing; free some space and try again",
    sqlite3.SQLITE_READONLY: _NOT_ALLOWED,
    sqlite3.SQLITE_PERM: _NOT_ALLOWED,
    sqlite3.SQLITE_CANTOPEN: _NOT_ALLOWED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}


def watch_file(engine: sa.Engine, file: Path) -> None:
    """Keep connections from recreating a deleted file or writing to it, and explain errors.

    Otherwise drawings could be saved to a deleted file, which Linux keeps only for the processes
    that have it open.
    """

    def connect(*_: Any) -> None:
        _identity(file)

    def connected(_: Any, record: sa.pool.ConnectionPoolEntry) -> None:
        record.info["identity"] = _identity(file)

    def checkout(_: Any, record: sa.pool.ConnectionPoolEntry, __: Any) -> None:
        if record.info["identity"] != _identity(file):
            raise sa.exc.DisconnectionError  # The pool then connects to the new file.

    def fault(context: sa.engine.ExceptionContext) -> None:
        explain(context.original_exception, file)

    sa.event.listen(engine, "do_connect", connect)
    sa.event.listen(engine, "connect", connected)
    sa.event.listen(engine, "checkout", checkout)
    sa.event.listen(engine, "handle_error", fault)


def explain(error: BaseException, file: Path) -> None:
    """Raise a ``StoreError`` if it is one of SQLite's errors that a person can fix."""
    code = (
        getattr(error, "sqlite_errorcode", 0) & 0xFF
    )  # The primary code, without the extended one.
    if code in _FAULTS:
        raise StoreError(f"the drawings' database {file} {_FAULTS[code]} ({error})") from error


def _identity(file: Path) -> tuple[int, int]:
    """Return what identifies the file, even if another one has replaced it.

    Raises:
        StoreError: If the file is gone.
    """
    try:
        found = file.stat()
    except OSError as error:
        raise StoreError(
            f"the drawings' database {file} is gone; put it back, or restart the app to start "
            "a new one"
        ) from error
    return found.st_dev, found.st_ino
