"""Which digit a model would learn most from next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from digitrec.labels import LABELS, NO_DIGIT

# With this many drawings of a digit, more of it help less than drawings of another.
ENOUGH = 5


class NextDigit(NamedTuple):
    """A label to draw next.

    Attributes:
        label: The label.
        wrong: How many of its drawings the model gets wrong.
        unsure: How many it reads correctly but is unsure about, if it gets none wrong.
        apart_from: The digit that the model mistakes for this one, if that is the reason.
    """

    label: int
    wrong: int = 0
    unsure: int = 0
    apart_from: int | None = None


def next_digit(
    counts: Mapping[int, int], mistakes: Sequence[tuple[int, int]], unsure: Mapping[int, int]
) -> NextDigit | None:
    """Return the label that the model would learn most from next.

    Of the labels with fewer than ``ENOUGH`` drawings, that is the one it gets wrong most often,
    else the one it mistakes others for most often, since it has to learn both to tell them apart,
    else the one it is unsure about most often, else the digit with the fewest drawings.

    Args:
        counts: How many drawings there are of each label.
        mistakes: The label and the model's answer of each drawing that it gets wrong.
        unsure: How many drawings of each label it reads correctly but is unsure about.

    Returns:
        The label; None if there is no drawing yet, or there are enough of each digit.
    """
    short = [label for label in LABELS if counts.get(label, 0) < ENOUGH]
    if not any(counts.values()):
        return None
    wrong = Counter(label for label, _ in mistakes)
    if (label := _most(wrong, short)) is not None:
        return NextDigit(label, wrong=wrong[label])
    for (label, answer), _ in Counter(mistakes).most_common():
        if NO_DIGIT not in (label, answer) and answer in short:
            return NextDigit(answer, apart_from=label)
    if (label := _most(unsure, short)) is not None:
        return NextDigit(label, unsure=unsure[label])
    digits = [label for label in short if label != NO_DIGIT]
    fewest = min(digits, key=lambda label: counts.get(label, 0), default=None)
    return None if fewest is None else NextDigit(fewest)


def _most(of: Mapping[int, int], labels: Sequence[int]) -> int | None:
    """Return the label with the highest count; None if all are zero."""
    label = max(labels, key=lambda label: of.get(label, 0), default=None)
    return label if label is not None and of.get(label, 0) else None


def has_enough_misread(counts: Mapping[int, int], wrong: Mapping[int, int]) -> bool:
    """Return whether there are enough drawings of a label that the model gets wrong."""
    return any(wrong.get(label, 0) and count >= ENOUGH for label, count in counts.items())
