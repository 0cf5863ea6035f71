"""The events of a run: a file with one JSON object a line, which only grows."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

# The last event is looked for in so many bytes; an event is a line of about 400.
TAIL_BYTES = 16_384
# Times, durations and counts are below that, and dates up to there can be told: the year 2255.
LIMIT = 9_000_000_000

Figure = Annotated[float, Meta(ge=0, lt=LIMIT)]
Count = Annotated[int, Meta(ge=0, lt=LIMIT)]
FromOne = Annotated[int, Meta(ge=1, lt=LIMIT)]


class Event(Struct, frozen=True):
    """What every event says; some kinds say more, and have a type of their own below.

    Attributes:
        kind: What happened, such as ``created``. A kind that a later version has is just an event.
        time: When, in seconds since 1970.
    """

    kind: str = msgspec.field(name="event")
    time: Figure


class Resumed(Event, frozen=True):
    """``resumed``: the run waits for its turn again.

    Attributes:
        had_epochs: The epochs that it was to take before it was given more; None if it got none.
        was: Where it stood before that, ``finished`` or ``stopped``.
    """

    had_epochs: FromOne | None = None
    was: str = "finished"


class Moved(Event, frozen=True):
    """``moved``: a person gave the run another place in the queue.

    Attributes:
        place: A smaller one comes earlier.
    """

    place: Figure


class Preparing(Event, frozen=True):
    """``preparing``: pictures are made to learn from.

    Attributes:
        done: The share that is made, 0 to 1; None at the beginning.
    """

    done: Figure | None = None


class Started(Event, frozen=True):
    """``started``: the first step comes next.

    Attributes:
        epochs: Epochs that the run is to take.
        epochs_done: Whole epochs that it took before.
        steps_per_epoch: Batches in one epoch.
        steps_done: Steps that it took before; the oldest runs lack it.
    """

    epochs: FromOne
    epochs_done: Count
    steps_per_epoch: FromOne
    steps_done: Count | None = None


class Step(Event, frozen=True):
    """``step``: some steps were taken since the last such event.

    Attributes:
        epoch: The epoch, from 1.
        step: The last of these steps in the epoch, from 1.
        loss: Their mean cross-entropy.
        accuracy: The share of their pictures that was right, 0 to 1.
        images_per_second: Pictures learned from in a second.
        learning_rate: That of the last step; this and what follows the oldest runs lack.
        trained_s: Seconds of training so far.
        answers: Digit and probability for each of the ``watched_digits``.
    """

    epoch: Count
    step: Count
    loss: Figure
    accuracy: Figure
    images_per_second: Count
    learning_rate: Figure | None = None
    trained_s: Figure | None = None
    answers: list[tuple[Count, Figure]] = []


class EpochEnd(Event, frozen=True):
    """``epoch``: an epoch is over.

    Attributes:
        epoch: The epoch, from 1.
        loss: Its mean cross-entropy.
        accuracy: The share of its pictures that was right, 0 to 1.
        val_loss: The loss on the validation part; None without one.
        val_accuracy: The accuracy on the validation part; None without one.
        duration_s: How long it took.
    """

    epoch: Count
    loss: Figure
    accuracy: Figure
    val_loss: Figure | None
    val_accuracy: Figure | None
    duration_s: Figure


class Ended(Event, frozen=True):
    """``paused``, ``finished``, ``stopped`` or ``failed``: no process works on the run any more.

    Attributes:
        test_accuracy: The share of MNIST's test set that its model reads right, 0 to 1.
        message: Why it failed; empty if it did not.
    """

    test_accuracy: Figure | None = None
    message: str = ""


ENDS = ("paused", "finished", "stopped", "failed")
_any_kind = msgspec.json.Decoder(Event)
_of_kind = {
    kind: msgspec.json.Decoder(type_)
    for kind, type_ in {
        "resumed": Resumed,
        "moved": Moved,
        "preparing": Preparing,
        "started": Started,
        "step": Step,
        "epoch": EpochEnd,
        **dict.fromkeys(ENDS, Ended),
    }.items()
}


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

    def append(self, kind: str, **values: Any) -> None:
        """Append one event with the time of day, so that it is there for every reader."""
        line = json.dumps({"event": kind, "time": time.time(), **values}, allow_nan=False)
        with self._path.open("ab+") as file:
            # A line that a crash cut off must not swallow this one.
            file.seek(max(0, file.tell() - 1))
            torn = file.read(1) not in (b"", b"\n")
            file.write((b"\n" if torn else b"") + line.encode() + b"\n")


def _parse(lines: Iterable[bytes]) -> Iterator[Event]:
    """Read lines in their order; what is no event is left out."""
    for line in lines:
        with suppress(msgspec.DecodeError):
            yield _event(line)


def _event(line: bytes) -> Event:
    event = _any_kind.decode(line)
    try:
        return _of_kind.get(event.kind, _any_kind).decode(line)
    except msgspec.ValidationError:
        if event.kind in ENDS:  # That a run ended is true, whatever is wrong with the rest.
            return Ended(event.kind, event.time)
        raise
