"""Says whether two models differ in how well they read MNIST's test set."""

from typing import NamedTuple

from digitrec.formatting import counted
from digitrec.recognition.metrics import wilson_interval
from digitrec.reports.difference import LEVEL, Difference, chance_sentence, chance_words, difference
from digitrec.runs.run import Run
from digitrec.runs.test_answers import TEST_PICTURES, kept_test_answers
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import mnist_test_set


class Verdict(NamedTuple):
    """What the difference between two models amounts to.

    Attributes:
        words: In a few plain sentences.
        how: The test's result.
        term: The glossary's term that explains this.
    """

    words: str
    how: str
    term: str


def verdict(first: Run, second: Run) -> Verdict | None:
    """Say which of two models makes fewer mistakes, and whether that may be chance.

    Returns:
        The verdict; None if one of the runs has no model.

    Raises:
        ModelError: If one of the runs' files is damaged.
    """
    if not (first.has_model and second.has_model):
        return None
    better, worse = sorted((first, second), key=mistakes)
    counts = (
        f"On MNIST's test set, {better.title} makes {mistakes(better):,} mistakes in "
        f"{TEST_PICTURES:,} and {worse.title} {mistakes(worse):,}."
    )
    answers = kept_test_answers(better), kept_test_answers(worse)
    if answers[0] is None or answers[1] is None:
        return _by_intervals(counts, better, worse)
    found = difference(answers[0], answers[1], mnist_test_set()[1])
    words = f"{counts} {_only_words(better.title, worse.title, found)} {chance_words(found)}"
    p = "p < 0.001" if found.chance < 0.001 else f"p = {found.chance:.3f}"
    return Verdict(words.strip(), p, "McNemar's test")


def short_verdict(run: Run, other: Run) -> str:
    """Say in a sentence whether a run's model reads MNIST's test set better than another.

    Raises:
        ModelError: If one of the runs' files is damaged.
    """
    counts, title = (mistakes(run), mistakes(other)), plain(other.title)
    if counts[0] == counts[1]:
        made = counted(counts[0], "mistake")
        return f"**As good as {title}**: both make {made} on MNIST's test set."
    words = (
        f"{counted(counts[0], 'mistake')} on MNIST's {TEST_PICTURES:,} test digits instead of "
        f"{counts[1]:,}"
    )
    if _may_be_chance(run, other):
        return f"**About as good as {title}**: {words}, which may be chance."
    return f"**{'Better' if counts[0] < counts[1] else 'Worse'} than {title}**: {words}."


def _may_be_chance(first: Run, second: Run) -> bool:
    answers = kept_test_answers(first), kept_test_answers(second)
    if answers[0] is None or answers[1] is None:
        return _intervals_overlap(*sorted((first, second), key=mistakes))
    return difference(answers[0], answers[1], mnist_test_set()[1]).chance >= LEVEL


def mistakes(run: Run) -> int:
    """Return how many of the test set's digits a run's model misreads."""
    return round((1 - run.results().test_accuracy) * TEST_PICTURES)


def _only_words(better: str, worse: str, found: Difference) -> str:
    """Say how many digits each model alone reads correctly."""
    if not found.only_first and not found.only_second:
        return "They get the same digits right."
    return (
        f"{better} gets {counted(found.only_first, 'digit')} right that {worse} gets wrong, and "
        f"{worse} gets {found.only_second:,} right that {better} gets wrong."
    )


def _by_intervals(counts: str, better: Run, worse: Run) -> Verdict:
    """Compare two models of which one has no answers to the test set."""
    overlap = _intervals_overlap(better, worse)
    how = "the 95% intervals " + ("overlap" if overlap else "don't overlap")
    return Verdict(f"{counts} {chance_sentence(is_likely=overlap)}", how, "Interval")


def _intervals_overlap(better: Run, worse: Run) -> bool:
    return _interval(worse)[1] >= _interval(better)[0]


def _interval(run: Run) -> tuple[float, float]:
    return wilson_interval(TEST_PICTURES - mistakes(run), TEST_PICTURES)
