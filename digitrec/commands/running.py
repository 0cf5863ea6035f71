"""Trains in this process: waits in the queue, shows progress and prints the results."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from digitrec.commands.console import choose_backend, native_messages_to, stderr
from digitrec.commands.results import print_results
from digitrec.formatting import percent
from digitrec.jobs.queue import StoppedInQueueError, leave_queue, training_turn
from digitrec.jobs.start import claim_run
from digitrec.runs.events import Event, LearningStrokes, Preparing
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import Progress as RunProgress
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run, RunState


def train_and_print(store: ModelStore, run: Run, *, as_json: bool) -> int:
    """Train a run, print its results, and return the exit status."""
    title = run.title  # A canceled run is deleted.
    report = _train_in_turn(store, run)
    if report is None:
        was_paused = run.state() == RunState.PAUSED
        how = (
            f"is paused; resume it with --run {run.name!r}"
            if was_paused
            else "was canceled before it started"
        )
        print(f"digitrec: run {title!r} {how}", file=sys.stderr)
        return 0 if was_paused else 1
    print_results(run, report, as_json=as_json)
    return 0


def _train_in_turn(store: ModelStore, run: Run) -> dict[str, Any] | None:
    claim_run(store, run)
    _stop_gracefully_on_signals(run)
    try:
        with (
            _shown_progress(run),
            training_turn(store, run),
            native_messages_to(run.log_path),
        ):
            run.append_event("starting")
            choose_backend()
            from digitrec.training.train import train

            return train(run)
    except StoppedInQueueError:
        leave_queue(run)
        return None


def _stop_gracefully_on_signals(run: Run) -> None:
    """Stop the run at the first Ctrl-C or SIGTERM, and end the process at the second."""

    def stop(number: int, _: FrameType | None) -> None:
        run.request_stop()
        signal.signal(number, signal.SIG_DFL)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


@contextmanager
def _shown_progress(run: Run) -> Iterator[None]:
    """Show a progress bar that follows the run's events."""
    over = threading.Event()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=stderr()) as bar:
        task = bar.add_task("Waiting in the queue", total=1.0)
        thread = threading.Thread(target=_follow, args=(run, bar, task, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _follow(run: Run, bar: Progress, task: TaskID, over: threading.Event) -> None:
    while not over.wait(0.5):
        events = run.events()
        if run.state(events) == RunState.RUNNING:
            progress = read_progress(events)
            done = progress.fraction if progress else 0.0
            bar.update(task, completed=done, description=_text(progress, events))


def _text(progress: RunProgress | None, events: list[Event]) -> str:
    if progress is None or not progress.steps:
        return _beginning_text(events[-1])
    if isinstance(events[-1], LearningStrokes):
        return f"Learning strokes, {events[-1].done:.0%}"
    if progress.is_evaluating:
        return "Evaluating"
    last = progress.steps[-1]
    return (
        f"Epoch {progress.epoch}/{progress.epochs}, loss {last.loss:.4f}, "
        f"accuracy {percent(last.accuracy)}"
    )


def _beginning_text(last: Event) -> str:
    if not isinstance(last, Preparing):
        return "Starting"
    return "Preparing pictures" if last.done is None else f"Generating pictures, {last.done:.0%}"
