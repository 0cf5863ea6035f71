"""Starts, resumes and extends runs, each in a process of its own."""

import dataclasses
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import filelock

from digitrec.drawings.accuracy import LabeledDrawings
from digitrec.errors import ModelError, TrainingError
from digitrec.formatting import epochs_words, system_reason
from digitrec.jobs.priority import lower_priority
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR
from digitrec.system.atomic_files import make_folder
from digitrec.teaching.taught_drawings import Progress, drawings_to_teach
from digitrec.teaching.teaching_run import teaching_config

# By default glibc gives each thread its own heap, and threads can't reuse each other's freed
# memory: training with the preset *Best* took 10 to 20% more memory.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


def start_run(
    store: ModelStore,
    config: TrainingConfig,
    name: str | None = None,
    fill: Callable[[Run], None] | None = None,
) -> Run:
    """Start a training run in its own process, which outlives this one.

    Args:
        store: The store to create the run in.
        config: The run's parameters.
        name: Its name; None for a numbered one.
        fill: Adds more files to the run's folder.

    Raises:
        ConfigurationError: If the name is invalid or taken.
        ModelError: If the run's folder can't be created.
        TrainingError: If the process can't be started.
    """
    with _starting(store):
        run = store.create_run(config, name, fill)
        _spawn(store, run)
    return run


def start_teaching(
    store: ModelStore,
    drawings: LabeledDrawings,
    start_from: str,
    name: str | None = None,
    progress: Progress | None = None,
) -> Run:
    """Start a run that teaches a model with a person's labeled drawings.

    Args:
        store: The models and runs.
        drawings: What ``labeled_drawings`` returned.
        start_from: The name of the model to teach, which itself stays unchanged.
        name: The new run's name; None for the next numbered name, such as taught-001.
        progress: Called with the progress, 0 to 1, until the run has started.

    Raises:
        ConfigurationError: If no drawing is labeled, or the name is invalid or taken.
        ModelError: If the model doesn't exist or is damaged, or the folder can't be created.
        TrainingError: If the process can't be started.
    """
    config = teaching_config(store, start_from)
    taught = drawings_to_teach(store, start_from, drawings, progress)
    with _starting(store):
        run = store.create_run(config, name, taught.write)
        _spawn(store, run)
    return run


def claim_run(store: ModelStore, run: Run) -> None:
    """Make this process the one that works on a new run or a run to resume.

    Raises:
        ModelError: If another process works on the run, or the run can't be resumed.
    """
    with _starting(store):
        last = run.last_event()
        is_new = last is not None and last.kind == "created" and not run.is_alive()
        # The app has already prepared the run if it started this process.
        if not is_new and run.process_id() != os.getpid():
            prepare_to_resume(run)
        run.register_process(os.getpid())


def resume_run(store: ModelStore, run: Run) -> None:
    """Resume a run from its last checkpoint, or from the start if it has none.

    Raises:
        ModelError: If the run is neither paused, interrupted nor failed.
        TrainingError: If the process can't be started.
    """
    with _starting(store):
        prepare_to_resume(run)
        _spawn(store, run)


def extend_run(store: ModelStore, run: Run, epochs: int) -> None:
    """Add epochs to a finished or stopped run.

    The schedule is stretched over all epochs, so the learning rate rises again to its value in
    a run of the new length. The run keeps its model until the new one is finished.

    Args:
        store: The models and runs.
        run: The run.
        epochs: How many epochs the run should have in total.

    Raises:
        ConfigurationError: If there are too many epochs.
        ModelError: If the run can't be extended, or has already done that many epochs.
        TrainingError: If the run's folder can't be written or the process can't be started.
    """
    with _starting(store):
        _prepare_to_extend(run, epochs)
        _spawn(store, run)


def _prepare_to_extend(run: Run, epochs: int) -> None:
    config, state = run.config(), run.state()
    if config is None or not run.can_be_extended(state):
        raise ModelError(f"run {run.short_title!r} can't be trained further")
    done = run.results().epochs_done or config.epochs
    if epochs <= done:
        raise ModelError(
            f"run {run.title!r} has already trained for {epochs_words(done)}; choose more"
        )
    longer = dataclasses.replace(config, epochs=epochs)
    resume_files = [run.checkpoint_path]
    resume_files += [run.best_path] if config.early_stopping else []
    resume_files += [run.base_path] if config.start_from else []
    try:
        for path in resume_files:
            run.write_atomically(path.name, lambda copy: shutil.copyfile(run.keras_path, copy))
        run.write_json("config.json", longer.to_dict())
        _mark_resumed(run, was=state, had_epochs=config.epochs)
    except OSError as error:
        raise TrainingError(
            f"run {run.title!r} can't be written: {system_reason(error)}"
        ) from error


def prepare_to_resume(run: Run) -> None:
    """Check that a run can be resumed, and mark it as resumed.

    Raises:
        ModelError: If the run is neither paused, interrupted nor failed.
    """
    state = run.state()
    if not run.path.is_dir():
        raise ModelError(f"run {run.title!r} no longer exists")
    if not run.was_trained:
        raise ModelError(f"run {run.title!r} has no configuration, so it can't be trained")
    if not run.can_be_resumed(state):
        raise ModelError(
            f"run {run.short_title!r} is {state}; only a paused or interrupted run can be resumed"
        )
    _mark_resumed(run)


def _mark_resumed(run: Run, **before: Any) -> None:
    # A request to stop may have come when the run had just ended.
    run.remove_requests()
    run.append_event("resumed", **before)


@contextmanager
def _starting(store: ModelStore) -> Iterator[None]:
    """Hold the lock for starting runs, so that no run gets two processes.

    Raises:
        ModelError: If the runs' folder can't be written.
    """
    lock = filelock.FileLock(store.models_dir / ".starting.lock")
    try:
        make_folder(store.models_dir)
        lock.acquire()
    except OSError as error:
        raise ModelError(f"no run can be started: {system_reason(error)}") from error
    try:
        yield
    finally:
        lock.release()


def _spawn(store: ModelStore, run: Run) -> None:
    command = [sys.executable, "-m", "digitrec", "train", "--run", run.name]
    command += ["--models-dir", str(store.models_dir)]
    try:
        with run.log_path.open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=PROJECT_DIR,
                env=os.environ | ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        run.append_event("failed", message=f"the training process can't be started: {error}")
        raise TrainingError(f"the training process can't be started: {error}") from error
    lower_priority(process.pid)
    run.register_process(process.pid)
    # Waits for the process, so that it doesn't become a zombie when it ends.
    threading.Thread(target=process.wait, daemon=True).start()
