"""Runs whose files say what a test needs them to say, and what such files are read as."""

import json
from typing import Any, TypeVar

import msgspec

from digitrec.runs.events import EpochEnd, Event, Started, Step
from digitrec.runs.results import Results
from digitrec.runs.run import Run

Kind = TypeVar("Kind", bound=Event)

STARTED = Started("started", 0.0, epochs=2, epochs_done=0, steps_per_epoch=10)


def step(epoch: int = 1, number: int = 1, time: float = 0.0, **values: Any) -> Step:
    """Return what the event of a step is read as."""
    metrics = {"loss": 0.5, "accuracy": 0.8, "images_per_second": 100} | values
    return Step("step", time, epoch=epoch, step=number, **metrics)


def epoch_end(epoch: int = 1, **values: Any) -> EpochEnd:
    """Return what the event of an epoch's end is read as."""
    metrics = {"loss": 0.5, "accuracy": 0.8, "val_loss": None, "val_accuracy": None} | values
    return EpochEnd("epoch", 0.0, epoch=epoch, duration_s=9.0, **metrics)


def events_of(run: Run, kind: type[Kind]) -> list[Kind]:
    """Return the events of one kind that a run has."""
    return [event for event in run.events() if isinstance(event, kind)]


def results(**values: Any) -> Results:
    """Return what a report is read as that has what each must have, and some more."""
    needed = {"test_accuracy": 0.91, "parameters": 3, "confusion_matrix": [[0] * 10] * 10}
    return msgspec.convert(needed | values, Results)


def report_of(run: Run) -> dict[str, Any]:
    """Return all that a run's ``report.json`` holds, as it stands there."""
    return json.loads((run.path / "report.json").read_text())


def rewrite_report(run: Run, **values: Any) -> None:
    """Let a run's report say something else, be it possible or not."""
    run.write_json("report.json", report_of(run) | values)


def epochs_of(run: Run) -> float:
    """Return how many epochs a run that left a model was trained for."""
    done = run.results().epochs_done
    assert done is not None
    return done
