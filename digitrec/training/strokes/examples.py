"""The drawings that a stroke reader learns from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from digitrec.arrays import Indices, Labels, Mask
from digitrec.datasets.ink_files import InkDrawing, by_writer
from digitrec.labels import NO_DIGIT
from digitrec.numbers.composition import Spacing, compose
from digitrec.runs.ink_sources import LearnedInk
from digitrec.synthetic.digits import draw_digit
from digitrec.synthetic.handwriting import Traces
from digitrec.synthetic.non_digits import draw_non_digit
from digitrec.system.processes import in_processes, tracked

# Drawings in drawn styles and drawn non-digits, and how many of them an epoch has.
STYLED, STYLED_PER_EPOCH = 30_000, 6_000
NON_DIGITS, NON_DIGITS_PER_EPOCH = 10_000, 3_000
# Pairs of touching digits by one person, learned as non-digits. Without them, a one was read as
# part of the digit that it touches.
PAIRS = 2_000
# An epoch has each person's drawing at least this often, and at least this many of them.
INK_REPEATS, LEAST_INK = 2, 4_500


@dataclass(frozen=True)
class StrokeExamples:
    """Drawings by people and drawn ones.

    Attributes:
        drawings: The traces of each: those by people first, then pairs of their digits, styles and
            non-digits.
        labels: uint8 (n,), 0 to 9, or 10 for non-digits.
        writers: The writer of each drawing by a person, and of each pair.
        key: Names the drawings by people: the same ones have the same key.
    """

    drawings: list[Traces]
    labels: Labels
    writers: list[str]
    key: str

    @property
    def ink_count(self) -> int:
        """How many drawings people made, with the pairs."""
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
    side_by_side = _side_by_side(ink, seed)
    tasks = [
        partial(_styled, STYLED, seed),
        partial(_non_digits, NON_DIGITS, seed),
        partial(_touching, [(left.traces, right.traces) for left, right in side_by_side], seed),
    ]
    styled, others, pairs = in_processes(tasks, progress)
    labels = [drawing.digit_label for drawing in ink.drawings]
    labels += [NO_DIGIT] * len(pairs)
    labels += [*np.arange(STYLED) % NO_DIGIT, *[NO_DIGIT] * NON_DIGITS]
    return StrokeExamples(
        [*(drawing.traces for drawing in ink.drawings), *pairs, *styled, *others],
        np.array(labels, np.uint8),
        [drawing.writer for drawing in (*ink.drawings, *(left for left, _ in side_by_side))],
        ink.key,
    )


def _side_by_side(ink: LearnedInk, seed: int) -> list[tuple[InkDrawing, InkDrawing]]:
    """Choose pairs of digits that one person drew."""
    digits = (drawing for drawing in ink.drawings if drawing.digit_label < NO_DIGIT)
    with_several = [own for own in by_writer(digits).values() if len(own) > 1]
    if not with_several:
        return []
    rng = np.random.default_rng(seed)
    chosen = [with_several[place] for place in rng.choice(len(with_several), PAIRS)]
    places = [rng.choice(len(own), 2, replace=False) for own in chosen]
    return [(own[left], own[right]) for own, (left, right) in zip(chosen, places, strict=True)]


def _touching(pairs: Sequence[tuple[Traces, Traces]], seed: int) -> list[Traces]:
    rng = np.random.default_rng(seed)
    composed = [compose(pair, Spacing.TOUCHING, rng) for pair in tracked(pairs)]
    return [[stroke.points for stroke in number.strokes] for number in composed]


def _styled(count: int, seed: int) -> list[Traces]:
    rng = np.random.default_rng(seed)
    return [draw_digit(digit % NO_DIGIT, rng) for digit in tracked(range(count))]


def _non_digits(count: int, seed: int) -> list[Traces]:
    rng = np.random.default_rng(seed)
    return [draw_non_digit(rng) for _ in tracked(range(count))]
