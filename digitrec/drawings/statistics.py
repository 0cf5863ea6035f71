"""What the labeled drawings say of the models, and of the hand that drew them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digitrec.labels import LABELS
from digitrec.recognition.metrics import wilson_interval

# The accuracy over time is that of so many drawings at a time, or of a fortieth if that is more.
LEAST_WINDOW = 25
WINDOWS = 40


@dataclass(frozen=True)
class Outcome:
    """A labeled drawing and what the model said of it.

    Attributes:
        number: The drawing's number.
        created_at: When it was saved, UTC.
        model: The model's name.
        label: What the person says it is, one of ``LABELS``.
        answer: What the model said, the same way.
        confidence: The probability of the digit that it said, 0 to 1.
    """

    number: int
    created_at: datetime
    model: str
    label: int
    answer: int
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether the model said what the person says."""
        return self.answer == self.label


@dataclass(frozen=True)
class Share:
    """How many of a kind are right.

    Attributes:
        name: What they have in common.
        right: How many are right.
        count: Of how many; at least one.
    """

    name: str
    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """The share that is right, 0 to 1."""
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the accuracy, by Wilson."""
        return wilson_interval(self.right, self.count)


def window(count: int) -> int:
    """Return of how many drawings at a time the accuracy over time is taken."""
    return max(LEAST_WINDOW, count // WINDOWS)


def accuracy_over_time(outcomes: Sequence[Outcome]) -> list[tuple[datetime, float]]:
    """Return after each drawing the share of the last ``window`` that is right.

    Args:
        outcomes: The oldest first.

    Returns:
        Times and shares; none before there are as many drawings.
    """
    size = window(len(outcomes))
    right, shares = 0, []
    for i, outcome in enumerate(outcomes):
        right += outcome.is_right - (i >= size and outcomes[i - size].is_right)
        if i + 1 >= size:
            shares.append((outcome.created_at, right / size))
    return shares


def by_model(outcomes: Sequence[Outcome]) -> list[Share]:
    """Return how many of what each model recognized is right, the best model first."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.model].append(outcome.is_right)
    shares = [Share(model, sum(right), len(right)) for model, right in groups.items()]
    return sorted(shares, key=lambda share: (-share.accuracy, share.name))


def confusion_matrix(outcomes: Sequence[Outcome]) -> list[list[int]]:
    """Return how often each label, a row, got each answer, a column: 11 by 11."""
    counts = Counter((outcome.label, outcome.answer) for outcome in outcomes)
    return [[counts[label, answer] for answer in LABELS] for label in LABELS]


def most_unusual(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """Return the drawings of which the models thought least likely what they are.

    The wrong and confident come first, then the wrong, then the right but unsure.
    """
    return sorted(outcomes, key=_plausibility)[:count]


def _plausibility(outcome: Outcome) -> float:
    return outcome.confidence if outcome.is_right else -outcome.confidence
