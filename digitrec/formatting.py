"""Writes numbers, durations and errors the same way on pages, in the shell and in reports."""

import errno
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.errors import DigitrecError, one_line
from digitrec.settings import load_settings

# The format of ``percentage`` in ``st.dataframe`` and charts.
PERCENT = "%.2f%%"
_ADVICE = {
    errno.ENOSPC: "free some space and try again",
    errno.EDQUOT: "free some space and try again",
    errno.EIO: "the disk may be failing; back it up",
}
_REFUSALS = {errno.EROFS, errno.EACCES, errno.EPERM}


def percent(share: float) -> str:
    """Format a share as ``89.47%``.

    Only exactly 1 and 0 give ``100.00%`` and ``0.00%``: everything between is shown as
    ``99.99%`` at most and ``<0.01%`` at least.

    Args:
        share: 0 to 1.
    """
    words = f"{percentage(share):.2f}%"
    return "<0.01%" if share > 0 and words == "0.00%" else words


def percentage(share: float) -> float:
    """Return the number that ``percent`` shows, for charts: 0 to 100, two decimals."""
    rounded = round(share * 100, 2)
    return rounded if share >= 1 else min(rounded, 99.99)


def counted(count: int, noun: str) -> str:
    """Return a count with its noun (plural in *s*): ``1 drawing``, ``1,200 drawings``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def decimal(value: float) -> str:
    """Format a small number with two digits and without an exponent: ``0.000062``."""
    return np.format_float_positional(value, precision=2, fractional=False, trim="-")


def duration_words(seconds: float) -> str:
    """Format a duration: ``1 h 5 min``, ``37 min``, ``2 min 30 s``, ``8 s``."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    if minutes >= 10:
        return f"{minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def epochs_words(epochs: float) -> str:
    """Format a number of epochs: ``5 epochs``, ``1 epoch``, ``2.4 epochs``, ``7% of an epoch``."""
    if 0 < epochs < 1:
        return f"{min(max(1, round(epochs * 100)), 99)}% of an epoch"
    shown = f"{round(epochs, 1):g}"
    return "1 epoch" if shown == "1" else f"{shown} epochs"


def sentence(error: Exception) -> str:
    """Describe an error in one line; errors from libraries are preceded by their class."""
    if isinstance(error, DigitrecError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        name = f"{Path(str(error.filename)).name}: " if error.filename else ""
        return one_line(name + system_reason(error))
    reason = str(error).splitlines()[0] if str(error) else "no reason given"
    return one_line(f"{type(error).__name__}: {reason}")


def system_reason(error: OSError) -> str:
    """Return the operating system's reason for an error, and what to do about it."""
    reason = error.strerror or type(error).__name__
    refused = error.errno in _REFUSALS
    advice = _permission(error.filename) if refused else _ADVICE.get(error.errno or 0)
    return f"{reason}; {advice}" if advice else reason


def _permission(path: Any) -> str:
    """Say where digitrec needs permission to write, or how to choose another place."""
    home = load_settings().configured_folder(Path(path)) if isinstance(path, str | Path) else None
    if home is None:
        return "digitrec needs permission to read and write there"
    folder, variable = home
    return f"let digitrec write to {folder}, or set {variable} to another place"
