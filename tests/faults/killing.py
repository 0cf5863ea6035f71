"""Kills training processes at chosen moments, and checks what they leave behind."""

import io
import json
import os
import random
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import h5py
import psutil
import pytest

from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run, RunState
from digitrec.runs.test_answers import kept_test_answers
from tests.faults.pages import visit


class Moment(StrEnum):
    """What a training process does when it is killed."""

    START = "it starts"
    PREPARATION = "it makes its pictures"
    STEP = "it trains"
    CHECKPOINT = "it writes a checkpoint"
    NETWORK = "it writes the network"
    EXPORT = "it writes the export"
    MEASUREMENT = "it measures"
    ANSWERS = "it writes its answers"
    REPORT = "it writes the report"
    MOVES = "it moves the results into place"


_TEMPORARY = {
    Moment.CHECKPOINT: "-checkpoint.keras",
    Moment.NETWORK: "-.next-model.keras",
    Moment.EXPORT: "-.next-model.tflite",
    Moment.ANSWERS: "-.next-test_answers.npz",
    Moment.REPORT: "-report.json",
}
_EVENT = {
    Moment.PREPARATION: "preparing",
    Moment.STEP: "step",
    Moment.MEASUREMENT: "evaluating",
}
# The kill follows at most this many seconds after a moment is detected.
_LATER_S = {
    Moment.START: 5.0,
    Moment.PREPARATION: 1.0,
    Moment.STEP: 2.0,
    Moment.MEASUREMENT: 5.0,
    Moment.MOVES: 0.0005,
}
A_BIT_LATER_S = 0.003
# Python imports a module of this name when it starts. It kills its process some time after that
# began to write a file.
_KILLER = f"""
import os, random, signal, sys, threading, time

def kill_later():
    time.sleep(random.uniform(0, {A_BIT_LATER_S}))
    os.kill(os.getpid(), signal.SIGKILL)

def look(event, arguments):
    if event == "open" and str(arguments[0]).endswith(os.environ["DIGITREC_KILLED_AT"]):
        threading.Thread(target=kill_later).start()

sys.addaudithook(look)
"""


@contextmanager
def killed_at(moment: Moment, folder: Path) -> Iterator[None]:
    """Let the processes that are started here be killed while they write a file.

    Args:
        moment: Which file.
        folder: An empty one.
    """
    (folder / "sitecustomize.py").write_text(_KILLER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
        patch.setenv("DIGITREC_KILLED_AT", _TEMPORARY[moment])
        yield


def kill_at(run: Run, moment: Moment, rng: random.Random) -> bool:
    """Kill a run's process at a moment; return whether it lived that long."""
    pid = run.process_id()
    if pid is None:
        return False
    process, before = psutil.Process(pid), _changed(run)
    while not _is_at(run, moment, before):
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        time.sleep(0.0001)
    time.sleep(rng.uniform(0, _LATER_S.get(moment, A_BIT_LATER_S)))
    was_there = run.process_id() == pid
    if was_there:
        process.kill()
    while run.is_alive():
        time.sleep(0.01)
    return was_there


def _is_at(run: Run, moment: Moment, before: int) -> bool:
    if moment in _TEMPORARY:
        return any(name.endswith(_TEMPORARY[moment]) for name in os.listdir(run.path))
    if moment == Moment.MOVES:
        return _changed(run) != before
    last = run.last_event()
    return moment == Moment.START or (last is not None and last.kind == _EVENT[moment])


def _changed(run: Run) -> int:
    report = run.path / "report.json"
    return report.stat().st_mtime_ns if report.exists() else 0


def check_after_kill(store: ModelStore, run: Run) -> RunState:
    """Check that what a killed run left is intact and the pages show it; return its state."""
    assert run.name in [known.name for known in store.runs()]
    state = run.state()
    assert state in (RunState.INTERRUPTED, RunState.FINISHED), state
    assert run.can_be_resumed(state) or state == RunState.FINISHED
    check_files(run)
    if run.has_model:
        store.load_recognizer(run.name)
    for page in ("train", "models"):
        app = visit(f"networks/{page}", {"train_run": run.name}, run.name)
        assert not app.error, [error.value for error in app.error]
    return state


def check_files(run: Run) -> None:
    """Check that every file with its final name is complete."""
    *lines, _ = (run.path / "events.jsonl").read_bytes().split(b"\n")
    for line in lines:
        json.loads(line)
    run.config()
    run.report()
    kept_test_answers(run)
    for path in (run.keras_path, run.checkpoint_path, run.best_path, run.base_path):
        if path.exists():
            check_network(path)


def check_network(path: Path) -> None:
    """Check that a ``.keras`` file is complete."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as weights:
            assert weights.keys()


def check_finished(store: ModelStore, run: Run, epochs: int) -> None:
    """Check that a run did each epoch once, and left a model and no temporary files."""
    assert run.state() == RunState.FINISHED, run.events()[-1]
    progress = read_progress(run.events())
    assert progress is not None
    assert [end.epoch for end in progress.epoch_ends] == list(range(1, epochs + 1))
    assert run.results().epochs_done == epochs
    assert store.load_recognizer(run.name)
    hidden = [path.name for path in run.path.iterdir() if path.name.startswith(".")]
    assert hidden == []
    check_files(run)
