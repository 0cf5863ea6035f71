"""The log of a run for people, one line per event."""

from datetime import datetime

from digitrec.formatting import duration_words, epochs_words, percent
from digitrec.runs.events import Ended, EpochEnd, Event, LearningStrokes, Preparing, Started

_PLAIN = {
    "created": "Created",
    "resumed": "Resumed",
    "starting": "Starting TensorFlow",
    "preparing": "Preparing the training pictures",
    "strokes": "Training the stroke reader",
    "evaluating": "Measuring the model on the test set and exporting it",
    "paused": "Paused",
}


def log_lines(events: list[Event]) -> list[str]:
    """Return a line with the time for each event worth showing."""
    return [
        f"{datetime.fromtimestamp(event.time):%H:%M:%S}  {words}"
        for event in events
        if (words := _text(event))
    ]


def _text(event: Event) -> str | None:
    match event:
        case Started():
            return _beginning(event)
        case EpochEnd():
            return _epoch(event)
        case Preparing(done=float(done)) | LearningStrokes(done=done) if done:
            return None
        case Ended(kind="failed"):
            return f"Failed: {event.message or 'no reason given'}"
        case Ended(kind="finished" | "stopped"):
            return _ended(event)
    return _PLAIN.get(event.kind)


def _beginning(event: Started) -> str:
    words = f"Training for {epochs_words(event.epochs)} of {event.steps_per_epoch:,} steps"
    return f"{words}, from epoch {event.epochs_done + 1}" if event.epochs_done else words


def _epoch(event: EpochEnd) -> str:
    metrics = [f"loss {event.loss:.4f}", f"accuracy {percent(event.accuracy)}"]
    if event.val_accuracy is not None:
        metrics.append(f"validation accuracy {percent(event.val_accuracy)}")
    return f"Epoch {event.epoch}: {', '.join(metrics)}, in {duration_words(event.duration_s)}"


def _ended(event: Ended) -> str:
    words = event.kind.capitalize()
    if event.test_accuracy is None:
        return words
    return f"{words}: {percent(event.test_accuracy)} accuracy on the test set"
