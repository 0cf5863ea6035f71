"""Ends every process that a test leaves behind: with the test, or with pytest if that is killed.

Processes inherit a mark in their environment. Nothing else tells whose they are: runs leave
the session of whoever starts them and outlive it on purpose.
"""

import os
import subprocess
import sys
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil
import pytest

from digitrec.settings import PROJECT_DIR

MARK = "DIGITREC_TEST"
# This pytest process, of those that run side by side; what a test starts has more behind it.
PROCESS = uuid.uuid4().hex

_starts = {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec"}
_started = False
_guard = pytest.StashKey[subprocess.Popen[bytes]]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start a process that outlives this one, even a killed one, and cleans up after it."""
    without_mark = {name: value for name, value in os.environ.items() if name != MARK}
    session.config.stash[_guard] = subprocess.Popen(
        [sys.executable, "-m", "tests.support.leftovers", PROCESS],
        cwd=PROJECT_DIR, env=without_mark, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.environ[MARK] = PROCESS
    # Most tests start nothing, and looking through all processes takes some milliseconds.
    sys.addaudithook(_note_start)


def _note_start(event: str, _: tuple[Any, ...]) -> None:
    global _started  # noqa: PLW0603
    _started = _started or event in _starts


@pytest.fixture(autouse=True)
def ends_what_it_starts() -> Iterator[None]:
    """End the processes that the test started, whatever came of it."""
    global _started  # noqa: PLW0603
    _started = False
    mark = f"{PROCESS}/{uuid.uuid4().hex}"
    with _marked(mark):
        yield
    if _started:
        end_processes(mark)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Let what several tests share, as a database's server, live on after the first of them."""
    if fixturedef.scope == "function":
        return (yield)
    with _marked(PROCESS):
        return (yield)


@contextmanager
def _marked(mark: str) -> Iterator[None]:
    before = os.environ[MARK]
    os.environ[MARK] = mark
    try:
        yield
    finally:
        os.environ[MARK] = before


def end_processes(mark: str) -> None:
    """Kill all processes whose mark begins with this one, and what they start meanwhile."""
    while left := [process for process in psutil.process_iter() if _has(process, mark)]:
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left)


def _has(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK, "").startswith(mark)
    except psutil.Error:
        return False  # It is gone, or another user's.


if __name__ == "__main__":
    sys.stdin.read()  # Until pytest ends.
    end_processes(sys.argv[1])
