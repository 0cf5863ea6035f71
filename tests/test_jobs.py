import time
from collections.abc import Callable

import filelock
import psutil
import pytest

from digitrec import jobs
from digitrec.configuration import TrainingConfig
from digitrec.errors import ConfigurationError, ModelError
from digitrec.model_store import ModelStore
from digitrec.progress import read_progress
from digitrec.runs import Run, RunState

pytestmark = pytest.mark.usefixtures("live_runs")

LONG = TrainingConfig(epochs=100, batch_size=1024)


def wait_until(condition: Callable[[], object], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def kinds(run: Run) -> list[str]:
    return [event["event"] for event in run.events()]


def test_a_run_is_followed_while_it_trains_and_stopped_with_what_it_learned(
    store: ModelStore,
) -> None:
    run = jobs.start(store, LONG, "long")
    assert run.state().is_live
    wait_until(lambda: "step" in kinds(run))
    assert run.state() == RunState.RUNNING
    assert store.live_run() is not None
    wait_until(lambda: "epoch" in kinds(run))
    run.request_stop()
    wait_until(lambda: not run.state().is_live)
    assert run.state() == RunState.STOPPED
    report = run.report()
    assert report is not None
    assert report["stopped"]
    assert 1 <= report["epochs_done"] < 100
    assert report["test_accuracy"] > 0.5
    assert store.load_recognizer("long")
    assert store.live_run() is None


def test_one_trains_and_the_others_wait_in_line(store: ModelStore) -> None:
    first = jobs.start(store, LONG, "first")
    wait_until(lambda: "started" in kinds(first))
    second = jobs.start(store, LONG, "second")
    third = jobs.start(store, TrainingConfig(epochs=100, batch_size=1024), "third")
    time.sleep(2)
    assert [run.state() for run in (first, second, third)] == ["running", "waiting", "waiting"]
    second.request_stop()
    wait_until(lambda: second.state() == RunState.STOPPED)
    assert not second.has_model
    first.request_stop()
    wait_until(lambda: "started" in kinds(third))
    assert first.state() == RunState.STOPPED


def test_a_run_that_was_killed_is_interrupted_and_goes_on_from_its_checkpoint(
    store: ModelStore,
) -> None:
    run = jobs.start(store, TrainingConfig(epochs=4, batch_size=1024), "killed")
    wait_until(lambda: kinds(run).count("epoch") >= 2)
    (process,) = [p for p in psutil.Process().children(recursive=True) if "killed" in p.cmdline()]
    process.kill()
    wait_until(lambda: run.state() == RunState.INTERRUPTED)
    done = kinds(run).count("epoch")
    jobs.resume(store, run)
    wait_until(lambda: run.state() == RunState.FINISHED)
    started = [event for event in run.events() if event["event"] == "started"]
    assert started[1]["epochs_done"] >= done
    progress = read_progress(run.events())
    assert progress is not None
    assert [end["epoch"] for end in progress.epoch_ends][-1] == 4
    assert len(progress.epoch_ends) in (3, 4)
    report = run.report()
    assert report is not None
    assert report["epochs_done"] == 4
    assert report["test_accuracy"] > 0.97


def test_a_resumed_run_that_is_stopped_in_line_keeps_its_checkpoint(store: ModelStore) -> None:
    run = store.create_run(LONG, "patient")
    run.checkpoint_path.write_bytes(b"ten epochs")
    with filelock.FileLock(store.models_dir / ".training.lock"):
        jobs.resume(store, run)
        wait_until(lambda: run.state() == RunState.WAITING)
        run.request_stop()
        wait_until(lambda: not run.state().is_live)
    assert run.checkpoint_path.read_bytes() == b"ten epochs"
    assert run.can_be_resumed(run.state())
    assert not run.stop_requested()


def test_only_an_interrupted_run_is_resumed(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="'seed-cnn' is finished; only an interrupted run"):
        jobs.resume(store, store.run("seed-cnn"))


def test_a_name_that_is_taken_starts_nothing(store: ModelStore) -> None:
    with pytest.raises(ConfigurationError, match="already"):
        jobs.start(store, LONG, "seed-cnn")
    assert store.live_run() is None


def test_a_run_outlives_the_process_that_started_it(store: ModelStore) -> None:
    import subprocess
    import sys

    code = (
        "from digitrec import jobs; from digitrec.configuration import TrainingConfig;"
        "from digitrec.model_store import ModelStore; from pathlib import Path;"
        f"jobs.start(ModelStore(Path({str(store.models_dir)!r})), "
        "TrainingConfig(epochs=100, batch_size=1024), 'orphan')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    run = store.run("orphan")
    wait_until(lambda: "step" in kinds(run))
    assert run.state() == RunState.RUNNING
    run.request_stop()
    wait_until(lambda: run.state() == RunState.STOPPED)
