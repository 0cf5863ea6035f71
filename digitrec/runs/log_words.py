"""What happened in a run, line by line, for people."""

from datetime import datetime

from digitrec.runs.events import Event
from digitrec.words import duration_words, epochs_words, percent

_PLAIN = {
    "created": "Created",
    "resumed": "Resumed",
    "starting": "Starting TensorFlow",
    "preparing": "Preparing the pictures to learn from",
    "evaluating": "Measuring the model on the test set and exporting it",
    "paused": "Paused",
}


def log_lines(events: list[Event]) -> list[str]:
    """Return a line with the time of day for each event that says something new."""
    return [
        f"{datetime.fromtimestamp(event['time']):%H:%M:%S}  {words}"
        for event in events
        if (words := _words(event))
    ]


def _words(event: Event) -> str | None:
    kind = event["event"]
    if kind == "started":
        return _beginning(event)
    if kind == "epoch":
        return _epoch(event)
    if kind in ("finished", "stopped"):
        accuracy = event.get("test_accuracy")
        if accuracy is None or not _is_figure(accuracy):
            return kind.capitalize()
        return f"{kind.capitalize()}: {percent(accuracy)} of the test set is right"
    if kind == "failed":
        return f"Failed: {event.get('message') or 'no reason given'}"
    return None if "done" in event else _PLAIN.get(kind)


def _beginning(event: Event) -> str:
    words = f"Training for {epochs_words(event['epochs'])} of {event['steps_per_epoch']:,} steps"
    return f"{words}, from epoch {event['epochs_done'] + 1}" if event["epochs_done"] else words


def _epoch(event: Event) -> str:
    figures = [f"loss {event['loss']:.4f}", f"accuracy {percent(event['accuracy'])}"]
    if _is_figure(event.get("val_accuracy")):
        figures.append(f"validation accuracy {percent(event['val_accuracy'])}")
    took = duration_words(event["duration_s"])
    return f"Epoch {event['epoch']}: {', '.join(figures)}, in {took}"


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float)
