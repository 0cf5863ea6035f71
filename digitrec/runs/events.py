"""The events of a run: an append-only file with one JSON object per line."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

# The last event is looked for in this many bytes. An event has about 400.
TAIL_BYTES = 16_384
# Larger than any time, duration or count. As a timestamp, it is in the year 2255.
LIMIT = 9_000_000_000

NonNegative = Annotated[float, Meta(ge=0, lt=LIMIT)]
Count = Annotated[int, Meta(ge=0, lt=LIMIT)]
FromOne = Annotated[int, Meta(ge=1, lt=LIMIT)]


class Event(Struct, frozen=True):
    """An event. Kinds with more fields have their own types below.

    Attributes:
        kind: What happened, such as ``created``. Kinds of later versions are read as plain events.
        time: When, in seconds since 1970.
    """

    kind: str = msgspec.field(name="event")
    time: NonNegative


class Resumed(Event, frozen=True):
    """``resumed``: the run is queued again.

    Attributes:
        had_epochs: The planned epochs before more were added; None if none were.
        was: The state before epochs were added, ``finished`` or ``stopped``.
    """

    had_epochs: FromOne | None = None
    was: str = "finished"


class Moved(Event, frozen=True):
    """``moved``: a person moved the run within the queue.

    Attributes:
        place: The new place; smaller ones come first.
    """

    place: NonNegative


class Preparing(Event, frozen=True):
    """``preparing``: training pictures are generated.

    Attributes:
        done: The share that is done, 0 to 1; None at the start.
    """

    done: NonNegative | None = None


class LearningStrokes(Event, frozen=True):
    """``strokes``: the network that reads strokes is trained.

    Attributes:
        done: The share that is done, 0 to 1.
    """

    done: NonNegative


class Started(Event, frozen=True):
    """``started``: the training loop starts.

    Attributes:
        epochs: Planned epochs.
        epochs_done: Whole epochs that were done before.
        steps_per_epoch: Batches in one epoch.
        steps_done: Steps that were done before; None in the oldest runs.
    """

    epochs: FromOne
    epochs_done: Count
    steps_per_epoch: FromOne
    steps_done: Count | None = None


class Step(Event, frozen=True):
    """``step``: metrics of the steps since the last such event.

    Attributes:
        epoch: The epoch, from 1.
        step: The last of these steps in the epoch, from 1.
        loss: Their mean cross-entropy.
        accuracy: Their accuracy, 0 to 1.
        images_per_second: Training pictures per second.
        learning_rate: The learning rate of the last step; None in the oldest runs.
        trained_s: Seconds of training so far; None in the oldest runs.
        answers: Digit and probability for each of the ``watched_digits``, and last for the run's
            watched drawing, if it has one.
        val_loss: The loss on a sample of the validation split; None if it wasn't measured.
        val_accuracy: The accuracy on that sample, 0 to 1; None if it wasn't measured.
    """

    epoch: Count
    step: Count
    loss: NonNegative
    accuracy: NonNegative
    images_per_second: Count
    learning_rate: NonNegative | None = None
    trained_s: NonNegative | None = None
    answers: list[tuple[Count, NonNegative]] = []
    val_loss: NonNegative | None = None
    val_accuracy: NonNegative | None = None


class EpochEnd(Event, frozen=True):
    """``epoch``: an epoch has ended.

    Attributes:
        epoch: The epoch, from 1.
        loss: Its mean cross-entropy.
        accuracy: Its accuracy, 0 to 1.
        val_loss: The loss on the validation split; None without one.
        val_accuracy: The accuracy on the validation split; None without one.
        duration_s: How long it took.
    """

    epoch: Count
    loss: NonNegative
    accuracy: NonNegative
    val_loss: NonNegative | None
    val_accuracy: NonNegative | None
    duration_s: NonNegative


class Ended(Event, frozen=True):
    """``paused``, ``finished``, ``stopped`` or ``failed``: the run's process has ended.

    Attributes:
        test_accuracy: The accuracy on MNIST's test set, 0 to 1; None without a model.
        message: Why the run failed; empty if it didn't.
    """

    test_accuracy: NonNegative | None = None
    message: str = ""


ENDS = ("paused", "finished", "stopped", "failed")
_any_kind = msgspec.json.Decoder(Event)
_of_kind = {
    kind: msgspec.json.Decoder(type_)
    for kind, type_ in {
        "resumed": Resumed,
        "moved": Moved,
        "preparing": Preparing,
        "strokes": LearningStrokes,
        "started": Started,
        "step": Step,
        "epoch": EpochEnd,
        **dict.fromkeys(ENDS, Ended),
    }.items()
}


class EventFile:
    """Reads and writes a file of events. Reading again only parses new lines.

    Args:
        path: The file, which may not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parsed_bytes = 0
        self._events: list[Event] = []

    def read(self) -> list[Event]:
        """Return all events so far, without a line that is still being written."""
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
        """Return the first event without reading the others; None if there is none."""
        try:
            with self._path.open("rb") as file:
                return next(_parse([file.readline()]), None)
        except OSError:
            return None

    def last(self) -> Event | None:
        """Return the last event without reading the others; None if there is none."""
        try:
            with self._path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
                lines = file.read().split(b"\n")
        except OSError:
            return None
        return next(_parse(reversed(lines[:-1])), None)

    def append(self, kind: str, **values: Any) -> None:
        """Append an event with the current time."""
        line = json.dumps({"event": kind, "time": time.time(), **values}, allow_nan=False)
        with self._path.open("ab+") as file:
            # Keep this event apart from a line that a crash cut off.
            file.seek(max(0, file.tell() - 1))
            torn = file.read(1) not in (b"", b"\n")
            file.write((b"\n" if torn else b"") + line.encode() + b"\n")


def _parse(lines: Iterable[bytes]) -> Iterator[Event]:
    """Parse lines, skipping those that aren't events."""
    for line in lines:
        with suppress(msgspec.DecodeError):
            yield _event(line)


def _event(line: bytes) -> Event:
    event = _any_kind.decode(line)
    try:
        return _of_kind.get(event.kind, _any_kind).decode(line)
    except msgspec.ValidationError:
        if event.kind in ENDS:  # The run ended, even if the rest of the event is damaged.
            return Ended(event.kind, event.time)
        raise
