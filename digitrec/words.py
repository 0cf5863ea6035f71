"""Figures in words, written the same way on every page, in the shell and in the report."""

# How ``st.dataframe`` and the charts write what ``percentage`` returns.
PERCENT = "%.2f%%"


def percent(share: float) -> str:
    """Return a share as people read it: ``89.47%``.

    Only what is exactly all or nothing reads ``100.00%`` or ``0.00%``: anything between them
    reads ``99.99%`` at most, and ``<0.01%`` at least.

    Args:
        share: 0 to 1.
    """
    words = f"{percentage(share):.2f}%"
    return "<0.01%" if share > 0 and words == "0.00%" else words


def percentage(share: float) -> float:
    """Return the number that ``percent`` writes, for charts: 0 to 100, with two decimals."""
    rounded = round(share * 100, 2)
    return rounded if share >= 1 else min(rounded, 99.99)


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, whose plural ends in *s*: ``1 drawing``, ``1,200 drawings``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
