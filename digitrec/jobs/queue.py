"""The queue of runs: one trains at a time, and the others wait."""

import dataclasses
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import filelock

from digitrec.runs.events import Resumed
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run

POLL_S = 0.25


class StoppedInQueueError(Exception):
    """The run was asked to stop while it was in the queue."""


@contextmanager
def training_turn(store: ModelStore, run: Run) -> Iterator[None]:
    """Wait until the run is first in the queue and no other run trains; then hold the lock.

    Raises:
        StoppedInQueueError: If the run is asked to stop while it waits.
    """
    lock = filelock.FileLock(store.models_dir / ".training.lock")
    while True:
        if run.stop_requested():
            raise StoppedInQueueError
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
    queue = [other.name for other in store.queue()]
    return run.name in queue and queue.index(run.name) > 0


def move_up(store: ModelStore, run: Run) -> None:
    """Swap a waiting run with the one before it, if there is one."""
    queue = store.queue()
    names = [other.name for other in queue]
    if run.name in names[1:]:
        earlier = queue[names.index(run.name) - 1]
        position = run.queue_position()
        run.append_event("moved", place=earlier.queue_position())
        earlier.append_event("moved", place=position)


def leave_queue(run: Run) -> None:
    """Return a canceled run to the state it had before it joined the queue; remove a new one."""
    config = run.config()
    resumed = [event for event in run.events() if isinstance(event, Resumed)]
    last = resumed[-1] if resumed else None
    if config is not None and last is not None and last.had_epochs is not None:
        shorter = dataclasses.replace(config, epochs=last.had_epochs)
        run.write_json("config.json", shorter.to_dict())
        run.remove_resume_files()
        run.append_event(last.was, test_accuracy=run.results().test_accuracy)
    elif run.checkpoint_path.exists():
        run.append_event("paused")
    else:
        run.append_event("stopped")
        if not (run.has_model or run.note()):
            _remove(run)
    run.release()


def _remove(run: Run) -> None:
    """Atomically remove a run that has learned nothing."""
    with suppress(OSError):  # If one of its files is in use, the run stays, as a stopped one.
        gone = run.path.rename(run.path.with_name(".new") / uuid.uuid4().hex)
        shutil.rmtree(gone, ignore_errors=True)
