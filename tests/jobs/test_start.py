import shutil
from concurrent.futures import ThreadPoolExecutor

import filelock
import psutil
import pytest

from digitrec.errors import ConfigurationError, ModelError
from digitrec.jobs.priority import NICENESS
from digitrec.jobs.queue import leave_queue, move_up
from digitrec.jobs.start import extend_run, resume_run, start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.events import Started
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run, RunState
from tests.support.patience import kinds, wait_for_end, wait_for_event, wait_for_run, wait_until
from tests.support.runs import epochs_of, events_of

SHIPPED = {"bn-cnn", "seed-cnn"}
LONG = TrainingConfig(epochs=200, batch_size=256, training_share=0.05)


def test_a_stopped_run_keeps_what_it_learned(
    store: ModelStore,
) -> None:
    run = start_run(store, LONG, "long")
    assert run.state().is_live
    wait_for_event(run, "step")
    assert run.state() == RunState.RUNNING
    assert store.live_run() is not None
    assert psutil.Process(run.process_id()).nice() >= NICENESS
    wait_for_event(run, "epoch")
    run.request_stop()
    wait_for_end(run)
    assert run.state() == RunState.STOPPED
    report = run.report()
    assert report is not None
    assert report.stopped
    assert 1 <= epochs_of(run) < 200
    assert report.test_accuracy > 0.5
    assert store.load_recognizer("long")
    assert store.live_run() is None


def test_one_run_trains_and_the_others_wait_in_the_queue(store: ModelStore) -> None:
    first = start_run(store, LONG, "first")
    wait_for_event(first, "started")
    second = start_run(store, LONG, "second")
    third = start_run(store, LONG, "third")
    fourth = start_run(store, LONG, "fourth")
    wait_for_event(first, "step", kinds(first).count("step") + 3)
    assert [run.state() for run in (first, second)] == ["running", "waiting"]
    assert [run.name for run in store.queue()] == ["second", "third", "fourth"]
    second.request_stop()
    wait_until(lambda: not second.path.exists())
    assert {run.name for run in store.trained_runs()} - SHIPPED == {"first", "third", "fourth"}
    move_up(store, fourth)
    assert [run.name for run in store.queue()] == ["fourth", "third"]
    move_up(store, fourth)
    assert [run.name for run in store.queue()] == ["fourth", "third"]
    first.request_pause()
    wait_for_event(fourth, "starting")
    assert first.state() == RunState.PAUSED
    assert first.checkpoint_path.exists()
    assert third.state() == RunState.WAITING
    assert "starting" not in kinds(third)


def test_a_killed_run_resumes_from_its_checkpoint(
    store: ModelStore,
) -> None:
    config = TrainingConfig(epochs=4, batch_size=128, training_share=0.1)
    run = start_run(store, config, "killed")
    wait_for_event(run, "epoch", 2)
    (process,) = [p for p in psutil.Process().children(recursive=True) if "killed" in p.cmdline()]
    process.kill()
    wait_for_end(run)
    assert run.state() == RunState.INTERRUPTED
    resume_run(store, run)
    wait_for_end(run)
    assert run.state() == RunState.FINISHED
    started = events_of(run, Started)
    assert started[1].epochs_done >= 1
    progress = read_progress(run.events())
    assert progress is not None
    assert [end.epoch for end in progress.epoch_ends] == [1, 2, 3, 4]
    report = run.report()
    assert report is not None
    assert report.epochs_done == 4
    assert report.test_accuracy > 0.95


def test_a_new_run_canceled_in_the_queue_leaves_nothing(store: ModelStore) -> None:
    with filelock.FileLock(store.models_dir / ".training.lock"):
        run = start_run(store, LONG, "Anna's network")
        run.request_stop()
        wait_until(lambda: not run.path.exists())
    assert {run.name for run in store.runs()} == SHIPPED
    assert not list(store.models_dir.glob("*etwork*"))
    assert store.trash.title() is None


def test_a_canceled_run_with_a_note_stays(store: ModelStore) -> None:
    plain, noted = (store.create_run(LONG, name) for name in ("plain", "noted"))
    noted.write_note("the one for the talk")
    for run in (plain, noted):
        leave_queue(run)
    assert not plain.path.exists()
    assert noted.state() == RunState.STOPPED


def test_a_resumed_run_canceled_in_the_queue_keeps_its_checkpoint(store: ModelStore) -> None:
    run = store.create_run(LONG, "patient")
    run.checkpoint_path.write_bytes(b"ten epochs")
    with filelock.FileLock(store.models_dir / ".training.lock"):
        resume_run(store, run)
        wait_for_run(run, lambda: run.state() == RunState.WAITING)
        run.request_stop()
        wait_for_end(run)
    assert run.checkpoint_path.read_bytes() == b"ten epochs"
    assert run.state() == RunState.PAUSED
    assert not run.stop_requested()


def test_a_finished_run_keeps_its_model_while_epochs_are_added(
    store: ModelStore, trained: Run
) -> None:
    trained.request_stop()  # Too late: it has ended.
    with filelock.FileLock(store.models_dir / ".training.lock"):
        extend_run(store, trained, 3)
        assert not trained.stop_requested()
        wait_for_run(trained, lambda: trained.state() == RunState.WAITING)
        assert trained.config() == TrainingConfig(epochs=3)
        assert trained.checkpoint_path.read_bytes() == trained.keras_path.read_bytes()
        assert store.load_recognizer("trained")
    wait_for_event(trained, "started", 2)
    started = events_of(trained, Started)[-1]
    assert (started.epochs_done, started.epochs) == (1, 3)
    assert trained.has_model


def test_canceling_added_epochs_in_the_queue_restores_the_run(
    store: ModelStore, trained: Run
) -> None:
    before = {path.name: path.stat().st_size for path in trained.path.iterdir()}
    with filelock.FileLock(store.models_dir / ".training.lock"):
        extend_run(store, trained, 9)
        wait_for_run(trained, lambda: trained.state() == RunState.WAITING)
        trained.request_stop()
        wait_for_end(trained)
    assert trained.state() == RunState.FINISHED
    assert trained.config() == TrainingConfig(epochs=1)
    assert trained.can_be_extended(trained.state())
    for name in ("train.log", "events.jsonl"):
        before.pop(name, None)
    assert before == {name: (trained.path / name).stat().st_size for name in before}
    assert not trained.checkpoint_path.exists()


def test_a_deleted_run_is_reported(store: ModelStore) -> None:
    run = store.create_run(LONG, "gone")
    shutil.rmtree(run.path)
    with pytest.raises(ModelError, match="run 'gone' no longer exists"):
        run.request_stop()
    with pytest.raises(ModelError, match="run 'gone' no longer exists"):
        run.request_pause()
    with pytest.raises(ModelError, match="run 'gone' no longer exists"):
        resume_run(store, run)


def test_resuming_a_run_twice_at_once_starts_one_process(store: ModelStore) -> None:
    run = store.create_run(LONG, "wanted")
    with filelock.FileLock(store.models_dir / ".training.lock"):
        with ThreadPoolExecutor(2) as pool:
            tries = [pool.submit(resume_run, store, run) for _ in range(2)]
        errors = [done.exception() for done in tries if done.exception()]
        assert [str(error) for error in errors] == [
            "run 'wanted' is waiting; only a paused or interrupted run can be resumed"
        ]
        assert kinds(run).count("resumed") == 1
        run.request_stop()
        wait_for_end(run)


def test_a_run_is_not_extended_to_epochs_it_has_done(store: ModelStore, trained: Run) -> None:
    with pytest.raises(ModelError, match="'trained' has already trained for 1 epoch; choose more"):
        extend_run(store, trained, 1)
    with pytest.raises(ConfigurationError, match="epochs must be"):
        extend_run(store, trained, 1000)
    assert trained.state() == RunState.FINISHED
    with pytest.raises(ModelError, match="'seed-cnn' can't be trained further"):
        extend_run(store, store.run("seed-cnn"), 100)


def test_only_an_interrupted_run_is_resumed(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="'seed-cnn' is finished; only a paused or interrupted"):
        resume_run(store, store.run("seed-cnn"))


def test_a_taken_name_starts_nothing(store: ModelStore) -> None:
    with pytest.raises(ConfigurationError, match="already"):
        start_run(store, LONG, "seed-cnn")
    assert store.live_run() is None


def test_a_run_outlives_the_process_that_started_it(store: ModelStore) -> None:
    import subprocess
    import sys

    code = (
        "from digitrec.jobs.start import start_run;"
        "from digitrec.recipes.parameters import TrainingConfig;"
        "from digitrec.runs.model_store import ModelStore; from pathlib import Path;"
        f"start_run(ModelStore(Path({str(store.models_dir)!r})), "
        "TrainingConfig(epochs=200, batch_size=256, training_share=0.05), 'orphan')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    run = store.run("orphan")
    wait_for_event(run, "step")
    assert run.state() == RunState.RUNNING
    run.request_stop()
    wait_for_end(run)
    assert run.state() == RunState.STOPPED
