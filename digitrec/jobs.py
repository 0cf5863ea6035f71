"""Starts training processes, and lets one of them train at a time."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import filelock

from digitrec.configuration import TrainingConfig
from digitrec.errors import ModelError, TrainingError
from digitrec.model_store import ModelStore
from digitrec.runs import Run, RunState
from digitrec.settings import PROJECT_DIR

POLL_S = 0.25


def start(store: ModelStore, config: TrainingConfig, name: str | None = None) -> Run:
    """Start a training run in a process of its own, which outlives this one.

    Raises:
        ConfigurationError: If the name can't be one, or is taken.
        ModelError: If the run's folder can't be made.
        TrainingError: If the process can't be started.
    """
    run = store.create_run(config, name)
    _spawn(store, run)
    return run


def resume(store: ModelStore, run: Run) -> None:
    """Go on with a run from its last checkpoint, or from its beginning.

    Raises:
        ModelError: If the run is neither interrupted nor failed on its way.
        TrainingError: If the process can't be started.
    """
    prepare_to_resume(run)
    _spawn(store, run)


def prepare_to_resume(run: Run) -> None:
    """Make a run ready to be taken up again.

    Raises:
        ModelError: If the run is neither interrupted nor failed on its way.
    """
    state = run.state()
    if not run.can_be_resumed(state):
        raise ModelError(f"run {run.name!r} is {state}; only an interrupted run can be resumed")
    run.remove_stop_request()
    run.append_event("resumed")


def _spawn(store: ModelStore, run: Run) -> None:
    command = [sys.executable, "-m", "digitrec", "train", "--run", run.name]
    command += ["--models-dir", str(store.models_dir)]
    try:
        with run.log_path.open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=PROJECT_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        run.append_event("failed", message=f"the training process can't be started: {error}")
        raise TrainingError(f"the training process can't be started: {error}") from error
    run.register_process(process.pid)
    # Collects the process when it ends, so that none is left behind half dead.
    threading.Thread(target=process.wait, daemon=True).start()


class StoppedInLineError(Exception):
    """The run was asked to stop before its turn came."""


@contextmanager
def training_turn(store: ModelStore, run: Run) -> Iterator[None]:
    """Wait until no other run trains and none that came earlier waits; then hold the place.

    Raises:
        StoppedInLineError: If the run is asked to stop meanwhile.
    """
    lock = filelock.FileLock(store.models_dir / ".training.lock")
    while True:
        if run.stop_requested():
            raise StoppedInLineError
        if not _earlier_waits(store, run):
            try:
                lock.acquire(timeout=0)
                break
            except filelock.Timeout:
                pass
        time.sleep(POLL_S)
    try:
        yield
    finally:
        lock.release()


def _earlier_waits(store: ModelStore, run: Run) -> bool:
    mine = (run.created_at(), run.name)
    return any(
        (other.created_at(), other.name) < mine and other.state() == RunState.WAITING
        for other in store.runs()
        if other.is_alive()
    )
