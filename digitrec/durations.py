"""Durations in words."""


def duration_words(seconds: float) -> str:
    """Return a duration as a person says it: ``1 h 5 min``, ``37 min``, ``2 min 30 s``, ``8 s``."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    if minutes >= 10:
        return f"{minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
