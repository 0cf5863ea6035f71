"""A model's answer for one drawing."""

from dataclasses import dataclass
from typing import NamedTuple

from digitrec.labels import NO_DIGIT

# What is at least this probable could also be the answer.
CLOSE = 0.1


class Opinion(NamedTuple):
    """What one of two voting networks says.

    Attributes:
        label: The digit, or ``NO_DIGIT``.
        probability: Its probability, 0 to 1.
    """

    label: int
    probability: float


@dataclass(frozen=True)
class Recognition:
    """A model's answer for one picture.

    Attributes:
        digit: The most probable digit, 0 to 9.
        confidence: Its probability, 0 to 1.
        probabilities: Probability of each digit, given that the picture shows one; they add up
            to 1.
        is_digit: Whether the picture shows a digit.
        digit_score: How much the picture looks like a digit, 0 to 1.
        not_digit: Probability of *not a digit*, 0 to 1; None for a model without that class.
        by_shape: What the network that reads pictures says; None if no other one voted.
        by_strokes: What the network that reads strokes says; None if it didn't vote.
    """

    digit: int
    confidence: float
    probabilities: tuple[float, ...]
    is_digit: bool
    digit_score: float
    not_digit: float | None = None
    by_shape: Opinion | None = None
    by_strokes: Opinion | None = None

    @property
    def shares(self) -> tuple[float, ...]:
        """Probabilities of all possible answers; they add up to 1.

        The ten digits come first, then *not a digit* if the model has that class. The model's
        answer has the highest probability.
        """
        if self.not_digit is None:
            return self.probabilities
        return (*(p * (1 - self.not_digit) for p in self.probabilities), self.not_digit)

    @property
    def label(self) -> int:
        """The answer as a label: the digit, or ``NO_DIGIT``."""
        return self.digit if self.is_digit else NO_DIGIT

    @property
    def is_disputed(self) -> bool:
        """Whether two networks voted and gave different answers."""
        return bool(
            self.by_shape and self.by_strokes and self.by_shape.label != self.by_strokes.label
        )
