"""Statistics of the labeled drawings: accuracy, confusions and unusual drawings."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digitrec.labels import LABELS
from digitrec.recognition.metrics import wilson_interval

# Accuracy over time is a moving average over 25 drawings or 1/40 of all, whichever is more.
LEAST_WINDOW = 25
WINDOWS = 40
# A right answer with at least this confidence isn't unusual.
USUAL = 0.9


@dataclass(frozen=True)
class Outcome:
    """A labeled drawing and the model's answer.

    Attributes:
        number: The drawing's number.
        created_at: When it was saved, UTC.
        model: The model's name.
        label: The person's label, one of ``LABELS``.
        answer: The model's answer, one of ``LABELS``.
        confidence: The probability of the model's digit, 0 to 1.
    """

    number: int
    created_at: datetime
    model: str
    label: int
    answer: int
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether the model's answer is the label."""
        return self.answer == self.label


@dataclass(frozen=True)
class GroupAccuracy:
    """A group's accuracy.

    Attributes:
        name: The group's name.
        right: Number of correct answers.
        count: Number of answers, at least 1.
    """

    name: str
    right: int
    count: int

    @property
    def accuracy(self) -> float:
        """The share of correct answers, 0 to 1."""
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the accuracy (Wilson, 1927)."""
        return wilson_interval(self.right, self.count)


def window(count: int) -> int:
    """Return the size of the moving average for the accuracy over time."""
    return max(LEAST_WINDOW, count // WINDOWS)


def accuracy_over_time(outcomes: Sequence[Outcome]) -> list[tuple[datetime, float]]:
    """Return the accuracy of the last ``window`` drawings, after each drawing.

    Args:
        outcomes: The oldest first.

    Returns:
        Times and accuracies, from the drawing that fills the first window.
    """
    size = window(len(outcomes))
    right, shares = 0, []
    for i, outcome in enumerate(outcomes):
        right += outcome.is_right - (i >= size and outcomes[i - size].is_right)
        if i + 1 >= size:
            shares.append((outcome.created_at, right / size))
    return shares


def by_model(outcomes: Sequence[Outcome]) -> list[GroupAccuracy]:
    """Return each model's correct answers, the best model first."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.model].append(outcome.is_right)
    shares = [GroupAccuracy(model, sum(right), len(right)) for model, right in groups.items()]
    return sorted(shares, key=lambda share: (-share.accuracy, share.name))


def confusion_matrix(outcomes: Sequence[Outcome]) -> list[list[int]]:
    """Count answers, 11 by 11: a row for each label, a column for each answer."""
    counts = Counter((outcome.label, outcome.answer) for outcome in outcomes)
    return [[counts[label, answer] for answer in LABELS] for label in LABELS]


def most_unusual(outcomes: Sequence[Outcome], count: int) -> list[Outcome]:
    """Return the drawings whose labels the models found least likely.

    Confident mistakes come first, then unsure ones, then correct answers with a confidence below
    ``USUAL``.
    """
    unusual = (each for each in outcomes if not each.is_right or each.confidence < USUAL)
    return sorted(unusual, key=_plausibility)[:count]


def _plausibility(outcome: Outcome) -> float:
    return outcome.confidence if outcome.is_right else -outcome.confidence
