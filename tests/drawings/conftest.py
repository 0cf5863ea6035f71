"""Databases for drawings: an SQLite file, and a real PostgreSQL server."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from digitrec.drawings.store import DrawingStore
from tests.browser.conftest import free_port
from tests.support.patience import HANG_S, wait_until


def server_program(name: str) -> str | None:
    """Find a program of the server; Debian's aren't in the PATH."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(places[-1]) if places else shutil.which(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A private server; yields its URL without the database's name."""
    initdb, server = server_program("initdb"), server_program("postgres")
    if initdb is None or server is None:
        pytest.skip("no PostgreSQL server found; 'apt-get install postgresql' installs one")
    place = Path(tempfile.mkdtemp(prefix="digitrec-postgres-"))
    # The server refuses to run as root.
    who: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(place, "postgres")
    data, port = place / "data", free_port()
    subprocess.run(
        [initdb, "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, cwd=place, **who,
    )  # fmt: skip
    process = subprocess.Popen(
        [server, "-D", data, "-p", str(port), "-k", place, "-h", "127.0.0.1", "-F"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=place, **who,
    )  # fmt: skip
    url = f"postgresql://postgres@127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(url), lambda: process.poll() is None)
        yield url
    finally:
        process.send_signal(signal.SIGQUIT)  # Shut down immediately; the data isn't needed.
        process.wait(HANG_S)
        shutil.rmtree(place, ignore_errors=True)


def answers(url: str) -> bool:
    """Return whether the server accepts connections."""
    return psycopg.pq.PGconn.ping(f"{url}/postgres".encode()) == psycopg.pq.Ping.OK


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deeper' / 'drawings.sqlite3'}"
    server: str = request.getfixturevalue("postgres")
    empty(f"{server}/postgres")
    return f"{server.replace('postgresql', 'postgresql+psycopg')}/postgres"


def empty(database: str) -> None:
    """Empty a PostgreSQL database, which is 50 times as fast as creating one."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace "
            "WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        for (schema,) in schemas.fetchall():
            connection.execute(f'DROP SCHEMA "{schema}" CASCADE'.encode())
        connection.execute("CREATE SCHEMA public")


@pytest.fixture
def drawings(url: str) -> Iterator[DrawingStore]:
    store = DrawingStore(url)
    yield store
    store.close()
