"""Which digit a model would learn most from next."""

from collections.abc import Mapping
from typing import NamedTuple

from digitrec.labels import LABELS, NO_DIGIT

# With this many drawings of a digit, more of it help less than drawings of another.
ENOUGH = 5


class NextDigit(NamedTuple):
    """A label to draw next.

    Attributes:
        label: The label.
        wrong: How many of its drawings the model gets wrong; 0 if it has the fewest drawings.
    """

    label: int
    wrong: int


def next_digit(counts: Mapping[int, int], wrong: Mapping[int, int]) -> NextDigit | None:
    """Return the label that the model would learn most from next.

    That is the label it gets wrong most often, as long as it has fewer than ``ENOUGH`` drawings,
    else the digit with the fewest drawings.

    Args:
        counts: How many drawings there are of each label.
        wrong: How many of them the model gets wrong.

    Returns:
        The label; None if there is no drawing yet, or there are enough of each digit.
    """
    short = [label for label in LABELS if counts.get(label, 0) < ENOUGH]
    if not any(counts.values()):
        return None
    if misread := [label for label in short if wrong.get(label, 0)]:
        worst = max(misread, key=lambda label: wrong[label])
        return NextDigit(worst, wrong[worst])
    digits = [label for label in short if label != NO_DIGIT]
    fewest = min(digits, key=lambda label: counts.get(label, 0), default=None)
    return None if fewest is None else NextDigit(fewest, 0)
