"""The drawings that a stroke reader learns from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from digitrec.arrays import Indices, Labels, Mask
from digitrec.labels import NO_DIGIT
from digitrec.runs.ink_sources import LearnedInk
from digitrec.synthetic.digits import draw_digit
from digitrec.synthetic.handwriting import Traces
from digitrec.synthetic.non_digits import draw_non_digit
from digitrec.system.processes import in_processes, tracked

# Drawings in drawn styles and drawn non-digits, and how many of them an epoch has.
STYLED, STYLED_PER_EPOCH = 30_000, 6_000
NON_DIGITS, NON_DIGITS_PER_EPOCH = 10_000, 3_000
# An epoch has each person's drawing at least this often, and at least this many of them.
INK_REPEATS, LEAST_INK = 2, 4_500


@dataclass(frozen=True)
class StrokeExamples:
    """Drawings by people and drawn ones.

    Attributes:
        drawings: The traces of each: those by people first, then styles, then non-digits.
        labels: uint8 (n,), 0 to 9, or 10 for non-digits.
        writers: The writer of each drawing by a person.
        key: Names the drawings by people: the same ones have the same key.
    """

    drawings: list[Traces]
    labels: Labels
    writers: list[str]
    key: str

    @property
    def ink_count(self) -> int:
        """How many drawings people made."""
        return len(self.writers)

    def epoch(self, learned: Mask, rng: np.random.Generator) -> Indices:
        """Return the rows of an epoch, in random order.

        Args:
            learned: bool (ink_count,), which of the drawings by people to learn from.
            rng: Random number generator.
        """
        ink = np.flatnonzero(learned)
        repeats = max(INK_REPEATS, -(-LEAST_INK // len(ink))) if len(ink) else 0
        styled = self.ink_count + rng.choice(STYLED, STYLED_PER_EPOCH, replace=False)
        others = rng.choice(NON_DIGITS, NON_DIGITS_PER_EPOCH, replace=False)
        rows = [np.tile(ink, repeats), styled, self.ink_count + STYLED + others]
        return rng.permutation(np.concatenate(rows))


def stroke_examples(
    ink: LearnedInk, seed: int, progress: Callable[[float], None] | None = None
) -> StrokeExamples:
    """Gather what a stroke reader learns from: drawings by people, and drawn ones.

    Args:
        ink: The drawings by people.
        seed: The seed of the drawn ones.
        progress: Called with the share of the drawn ones made so far, 0 to 1.

    Raises:
        TrainingError: If they can't be drawn.
    """
    tasks = [partial(_styled, STYLED, seed), partial(_non_digits, NON_DIGITS, seed)]
    styled, others = in_processes(tasks, progress)
    labels = [drawing.digit_label for drawing in ink.drawings]
    labels += [*np.arange(STYLED) % NO_DIGIT, *[NO_DIGIT] * NON_DIGITS]
    return StrokeExamples(
        [*(drawing.traces for drawing in ink.drawings), *styled, *others],
        np.array(labels, np.uint8),
        [drawing.writer for drawing in ink.drawings],
        ink.key,
    )


def _styled(count: int, seed: int) -> list[Traces]:
    rng = np.random.default_rng(seed)
    return [draw_digit(digit % NO_DIGIT, rng) for digit in tracked(range(count))]


def _non_digits(count: int, seed: int) -> list[Traces]:
    rng = np.random.default_rng(seed)
    return [draw_non_digit(rng) for _ in tracked(range(count))]
