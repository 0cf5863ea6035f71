"""Opens the drawings' database, and backs up and migrates older ones."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import filelock
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from digitrec.drawings.file_watch import explain, watch_file
from digitrec.errors import StoreError
from digitrec.formatting import sentence
from digitrec.system.atomic_files import make_folder

MIGRATIONS_DIR = Path(__file__).with_name("migrations")
# An arbitrary number that all app servers share.
MIGRATION_LOCK = 0x64696769
# Alembic keeps its state in module globals, so one thread at a time may use it.
_alembic = threading.Lock()
# How long a writer waits for another one.
BUSY_MS = 10_000


def open_database(url: str) -> sa.Engine:
    """Open a database and migrate it to the tables of ``digitrec.drawings.schema``.

    A database of an older version is backed up first: an SQLite file to a copy beside it,
    PostgreSQL's tables to a separate schema.

    Args:
        url: SQLAlchemy URL.

    Raises:
        StoreError: If it can't be opened or migrated, or a newer version of digitrec made it.
    """
    with store_errors("opened"):
        engine = _engine(url)
        try:
            if _revision(engine) != _newest():
                with _migration_lock(engine):
                    _migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine


@contextmanager
def store_errors(done: str) -> Iterator[None]:
    """Turn the libraries' errors into a ``StoreError``: the database can't be ``done``."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, sqlite3.Error, ImportError, OSError, ValueError) as error:
        from_system = isinstance(error, OSError) and error.strerror
        reason = sentence(error) if from_system else _first_line(error)
        raise StoreError(f"the drawings' database can't be {done}: {reason}") from error


def _engine(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed, pool_pre_ping=True)
    engine = sa.create_engine(parsed)
    file = _file(parsed)
    if file:
        make_folder(file.parent)
        _check_stray_wal(file)
        if not file.exists():
            file.touch()
        watch_file(engine, file)
    sa.event.listen(engine, "connect", partial(_set_up, file))
    sa.event.listen(engine, "begin", _begin)
    return engine


def _file(url: sa.URL) -> Path | None:
    """Return the file of an SQLite database; None for other databases and those in memory."""
    is_sqlite, name = url.get_backend_name() == "sqlite", url.database or ""
    is_file = is_sqlite and name and not name.startswith((":memory:", "file:"))
    return Path(name) if is_file else None


def _check_stray_wal(file: Path) -> None:
    """Refuse to create a database beside an existing write-ahead log, which SQLite would delete."""
    ahead = Path(f"{file}-wal")
    if not _size(file) and _size(ahead):
        raise StoreError(
            f"the drawings' database {file} is empty or missing, but {ahead.name} beside it isn't; "
            f"put {file.name} back, or move {ahead.name} elsewhere to start over"
        )


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _set_up(file: Path | None, connection: Any, _: Any) -> None:
    """Let readers work beside one writer, and have every commit reach the disk."""
    connection.isolation_level = None  # _begin begins all transactions, also for changes of tables.
    pragmas = (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        if file:
            explain(error, file)
        raise


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _begin(connection: sa.Connection) -> None:
    """Begin a transaction; a writer waits here, because SQLite would refuse it halfway through."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _migration_lock(engine: sa.Engine) -> Iterator[None]:
    """Let one app server at a time change the tables."""
    if file := _file(engine.url):
        with filelock.FileLock(f"{file}.migration.lock"):
            yield
    elif engine.dialect.name == "postgresql":
        # The lock is released with the transaction, even after an error.
        with engine.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            yield
    else:
        with nullcontext():
            yield


def _migrate(engine: sa.Engine) -> None:
    revision = _revision(engine)
    if revision == _newest():
        return  # Another server has migrated it.
    if revision is not None:
        if revision not in _known():
            raise StoreError(
                "the drawings' database was made by a newer version of digitrec (its revision is "
                f"{revision}, this version knows {_newest()}); update digitrec, or set "
                "DIGITREC_DATABASE_URL to another database"
            )
        if file := _file(engine.url):
            _copy_file(file, revision)
    with _alembic, engine.execution_options(writes=True).begin() as connection:
        if revision is not None and engine.dialect.name == "postgresql":
            _copy_tables(connection, revision)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS_DIR))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _known() -> list[str]:
    return [script.revision for script in ScriptDirectory(str(MIGRATIONS_DIR)).walk_revisions()]


def _newest() -> str:
    return _known()[0]


def _copy_file(file: Path, revision: str) -> None:
    copy = file.with_name(f"{file.stem}-{revision}-{_stamp()}{file.suffix}")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _copy_tables(connection: sa.Connection, revision: str) -> None:
    schema = f"drawings_{revision}_{_stamp()}".replace("-", "_")
    connection.execute(sa.schema.CreateSchema(schema))
    for table in sa.inspect(connection).get_table_names():
        connection.exec_driver_sql(f'CREATE TABLE "{schema}"."{table}" AS TABLE "{table}"')


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
