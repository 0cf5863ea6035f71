"""The events of a run: a file with one JSON object a line, which only grows."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

Event = dict[str, Any]

# The last event is looked for in so many bytes; an event is a line of about 400.
TAIL_BYTES = 16_384

# What an event of a kind must have, all of it numbers from 0; one that lacks it is left out.
_FIELDS = {
    "started": ("epochs", "epochs_done", "steps_per_epoch"),
    "step": ("epoch", "step", "loss", "accuracy", "images_per_second"),
    "epoch": ("epoch", "loss", "accuracy", "duration_s"),
    "moved": ("place",),
}
# What it may have, as a number from 0 as well. None stands for what was not measured, which only
# a whole epoch says.
_OPTIONAL = {
    "preparing": ("done",),
    "started": ("steps_done",),
    "step": ("learning_rate", "trained_s"),
    "resumed": ("had_epochs",),
}
_MEASURED = {"epoch": ("val_loss", "val_accuracy")}
# Nothing is divided by nought.
_FROM_ONE = {"started": ("epochs", "steps_per_epoch")}
# Times, durations and counts are below that, and dates up to there can be told: the year 2255.
LIMIT = 9e9


class EventFile:
    """Reads and writes a file of events; read again, it parses only what is new.

    Args:
        path: The file, which need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parsed_bytes = 0
        self._events: list[Event] = []

    def read(self) -> list[Event]:
        """Return all events so far; a line that is still being written is left out."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._parsed_bytes)
                fresh = file.read()
        except OSError:
            return []
        whole, _, _ = fresh.rpartition(b"\n")
        if whole:
            self._parsed_bytes += len(whole) + 1
            self._events += _parse(whole.split(b"\n"))
        return list(self._events)

    def first(self) -> Event | None:
        """Return the first event without reading the others; None if it is lost."""
        try:
            with self._path.open("rb") as file:
                return next(_parse([file.readline()]), None)
        except OSError:
            return None

    def last(self) -> Event | None:
        """Return the last event without reading those before it; None if there is none."""
        try:
            with self._path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
                lines = file.read().split(b"\n")
        except OSError:
            return None
        return next(_parse(reversed(lines[:-1])), None)

    def append(self, event: str, **values: Any) -> None:
        """Append one event with the time of day, so that it is there for every reader."""
        line = json.dumps({"event": event, "time": time.time(), **values}, allow_nan=False)
        with self._path.open("ab+") as file:
            # A line that a crash cut off must not swallow this one.
            file.seek(max(0, file.tell() - 1))
            torn = file.read(1) not in (b"", b"\n")
            file.write((b"\n" if torn else b"") + line.encode() + b"\n")


def _parse(lines: Iterable[bytes]) -> Iterator[Event]:
    """Read lines in their order; what is no event is left out."""
    for line in lines:
        with suppress(ValueError):
            event = json.loads(line)
            if _is_event(event):
                yield event


def _is_event(event: Any) -> bool:
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return False
    kind = event["event"]
    needed = [event.get(field) for field in ("time", *_FIELDS.get(kind, ()))]
    needed += [event[field] for field in _OPTIONAL.get(kind, ()) if field in event]
    measured = [event.get(field, "") for field in _MEASURED.get(kind, ())]
    needed += [figure for figure in measured if figure is not None]
    return (
        all(_is_figure(figure) for figure in needed)
        and all(event[field] >= 1 for field in _FROM_ONE.get(kind, ()))
        and (kind != "step" or _are_answers(event.get("answers", [])))
    )


def _are_answers(answers: Any) -> bool:
    """Tell whether they are digits with their probabilities."""
    return isinstance(answers, list) and all(
        isinstance(answer, list) and len(answer) == 2 and all(map(_is_figure, answer))
        for answer in answers
    )


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value < LIMIT
