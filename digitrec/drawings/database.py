"""Opens the drawings' database, and brings an older one up to date after copying it."""

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
from digitrec.system.atomic_files import make_folder
from digitrec.words import sentence

MIGRATIONS_DIR = Path(__file__).with_name("migrations")
# Any number, as long as all app servers take the same for the same thing.
MIGRATION_LOCK = 0x64696769
# Alembic has what it works on in its modules, for all threads.
_alembic = threading.Lock()
# So long one who writes waits for the others.
BUSY_MS = 10_000


def open_database(url: str) -> sa.Engine:
    """Return a database whose tables are those of ``digitrec.drawings.schema``.

    One of an older version is copied first: SQLite's file to another beside it, PostgreSQL's
    tables to a schema of their own.

    Args:
        url: SQLAlchemy URL.

    Raises:
        StoreError: If it can't be opened or brought up to date, or is of a newer version.
    """
    with explained("opened"):
        engine = _engine(url)
        try:
            if _revision(engine) != _newest():
                with _alone(engine):
                    _bring_up_to_date(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine


@contextmanager
def explained(done: str) -> Iterator[None]:
    """Turn the libraries' errors into a sentence: the database can't be ``done``."""
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
        _refuse_lost(file)
        if not file.exists():
            file.touch()
        watch_file(engine, file)
    sa.event.listen(engine, "connect", partial(_set_up, file))
    sa.event.listen(engine, "begin", _begin)
    return engine


def _file(url: sa.URL) -> Path | None:
    """Return the file that a database of SQLite's is in, if it is in one."""
    is_sqlite, name = url.get_backend_name() == "sqlite", url.database or ""
    is_file = is_sqlite and name and not name.startswith((":memory:", "file:"))
    return Path(name) if is_file else None


def _refuse_lost(file: Path) -> None:
    """Keep what SQLite wrote ahead for a file that is lost: for a new one it would be removed."""
    ahead = Path(f"{file}-wal")
    if not _size(file) and _size(ahead):
        raise StoreError(
            f"the drawings' database {file} is empty or gone, though {ahead.name} beside it is "
            f"not; put {file.name} back, or move {ahead.name} elsewhere to begin anew"
        )


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _set_up(file: Path | None, connection: Any, _: Any) -> None:
    """Let readers and one writer work side by side, and let a commit reach the disk."""
    connection.isolation_level = None  # Transactions begin in _begin, those of tables as well.
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
    """Let what will write wait for its turn now: halfway through, SQLite would refuse it."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """Let one app server at a time change the tables."""
    if file := _file(engine.url):
        with filelock.FileLock(f"{file}.migration.lock"):
            yield
    elif engine.dialect.name == "postgresql":
        # The lock ends with the transaction, however that ends.
        with engine.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            yield
    else:
        with nullcontext():
            yield


def _bring_up_to_date(engine: sa.Engine) -> None:
    revision = _revision(engine)
    if revision == _newest():
        return  # Another server was quicker.
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
