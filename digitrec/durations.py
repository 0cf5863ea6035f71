"""Durations in words: of time, and of training."""


def duration_words(seconds: float) -> str:
    """Return a duration as a person says it: ``1 h 5 min``, ``37 min``, ``2 min 30 s``, ``8 s``."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    if minutes >= 10:
        return f"{minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def epochs_words(epochs: float) -> str:
    """Return a count of epochs: ``5 epochs``, ``1 epoch``, ``2.4 epochs``, ``7% of an epoch``."""
    if 0 < epochs < 1:
        return f"{min(max(1, round(epochs * 100)), 99)}% of an epoch"
    shown = f"{round(epochs, 1):g}"
    return "1 epoch" if shown == "1" else f"{shown} epochs"
