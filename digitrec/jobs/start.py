"""Starts training processes."""

import dataclasses
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import filelock

from digitrec.drawings.accuracy import LabelledDrawings
from digitrec.errors import ModelError, TrainingError
from digitrec.jobs.priority import step_back
from digitrec.recipes.configuration import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR
from digitrec.system.atomic_files import make_folder
from digitrec.teaching.teaching import Progress, asked_before, teaching_config
from digitrec.words import epochs_words, system_reason

# With an arena for each of TensorFlow's threads, memory that one has freed is of no use to the
# others: the steps of the preset *Best* then took a tenth to a fifth more memory in all.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


def start_run(store: ModelStore, config: TrainingConfig, name: str | None = None) -> Run:
    """Start a training run in a process of its own, which outlives this one.

    Raises:
        ConfigurationError: If the name can't be one, or is taken.
        ModelError: If the run's folder can't be made.
        TrainingError: If the process can't be started.
    """
    with _starting(store):
        run = store.create_run(config, name)
        _spawn(store, run)
    return run


def start_teaching(
    store: ModelStore,
    drawings: LabelledDrawings,
    start_from: str,
    name: str | None = None,
    progress: Progress | None = None,
) -> Run:
    """Start a run that teaches a model with a person's labelled drawings.

    Args:
        store: Where the run goes.
        drawings: The drawings, as ``labelled_drawings`` has them.
        start_from: The model's name; it stays what it is.
        name: The run's name; None makes one of the time.
        progress: Called until the run is started, with how far that is, 0 to 1.

    Raises:
        ConfigurationError: If nothing is labelled, or the name can't be one or is taken.
        ModelError: If there is no such model, it is damaged, or the folder can't be made.
        TrainingError: If the process can't be started.
    """
    config = teaching_config(store, start_from)
    taught = asked_before(store, start_from, drawings, progress)
    with _starting(store):
        run = store.create_run(config, name, taught.write)
        _spawn(store, run)
    return run


def take_on_run(store: ModelStore, run: Run) -> None:
    """Make this process the one that works on a run: a new one, or one that is to go on.

    Raises:
        ModelError: If another process works on it, or it is over.
    """
    with _starting(store):
        last = run.last_event()
        is_new = last is not None and last.kind == "created" and not run.is_alive()
        # The app has prepared the run that it starts a process for.
        if not is_new and run.process_id() != os.getpid():
            prepare_to_resume(run)
        run.register_process(os.getpid())


def resume_run(store: ModelStore, run: Run) -> None:
    """Go on with a run from its last checkpoint, or from its beginning.

    Raises:
        ModelError: If the run is neither paused, interrupted nor failed.
        TrainingError: If the process can't be started.
    """
    with _starting(store):
        prepare_to_resume(run)
        _spawn(store, run)


def extend_run(store: ModelStore, run: Run, epochs: int) -> None:
    """Train a finished or stopped run's network on, until it has done so many epochs in all.

    A schedule falls over all epochs: the learning rate rises again to where a run of that length
    would be. The run's model stays what it was until the new one is finished.

    Raises:
        ConfigurationError: If that are too many epochs.
        ModelError: If the run can't be extended, or has done as many epochs already.
        TrainingError: If the run's folder can't be written or the process can't be started.
    """
    with _starting(store):
        _prepare_to_extend(run, epochs)
        _spawn(store, run)


def _prepare_to_extend(run: Run, epochs: int) -> None:
    config, state = run.config(), run.state()
    if config is None or not run.can_be_extended(state):
        raise ModelError(f"run {run.title!r} can't be trained further")
    done = run.results().epochs_done or config.epochs
    if epochs <= done:
        raise ModelError(
            f"run {run.title!r} has trained for {epochs_words(done)} already; choose more"
        )
    longer = dataclasses.replace(config, epochs=epochs)
    beginnings = [run.checkpoint_path]
    beginnings += [run.best_path] if config.early_stopping else []
    beginnings += [run.base_path] if config.start_from else []
    try:
        for path in beginnings:
            run.write_whole(path.name, lambda copy: shutil.copyfile(run.keras_path, copy))
        run.write_json("config.json", longer.to_dict())
        _mark_resumed(run, was=state, had_epochs=config.epochs)
    except OSError as error:
        raise TrainingError(
            f"run {run.title!r} can't be written: {system_reason(error)}"
        ) from error


def prepare_to_resume(run: Run) -> None:
    """Make a run ready to be taken up again.

    Raises:
        ModelError: If the run is neither paused, interrupted nor failed.
    """
    state = run.state()
    if not run.path.is_dir():
        raise ModelError(f"there is no run {run.title!r} any more")
    if not run.was_trained:
        raise ModelError(f"run {run.title!r} has no configuration, so it can't be trained")
    if not run.can_be_resumed(state):
        raise ModelError(
            f"run {run.title!r} is {state}; only a paused or interrupted run can be resumed"
        )
    _mark_resumed(run)


def _mark_resumed(run: Run, **before: Any) -> None:
    # Somebody may have asked it to stop when it had just ended.
    run.remove_requests()
    run.append_event("resumed", **before)


@contextmanager
def _starting(store: ModelStore) -> Iterator[None]:
    """Let one start at a time look at a run and register its process, whoever asks for it.

    Raises:
        ModelError: If nothing can be written beside the runs.
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
    step_back(process.pid)
    run.register_process(process.pid)
    # Collects the process when it ends, so that none is left behind half dead.
    threading.Thread(target=process.wait, daemon=True).start()
