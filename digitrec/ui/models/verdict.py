"""Says whether two models differ in how well they read MNIST's test set."""

from digitrec.arrays import Floats
from digitrec.recognition.metrics import mcnemar, wilson_interval
from digitrec.runs.run import Run
from digitrec.runs.test_answers import TEST_PICTURES, kept_test_answers
from digitrec.ui.resources import mnist_test_set

# Chance explains a difference that it brings about more often than this.
LEVEL = 0.05


def verdict(first: Run, second: Run) -> str | None:
    """Say which of two models makes fewer mistakes, and whether chance explains the difference.

    Returns:
        A sentence; None if one of the runs has no model.

    Raises:
        ModelError: If one of the runs' files is damaged.
    """
    if not (first.has_model and second.has_model):
        return None
    better, worse = sorted((first, second), key=mistakes)
    difference, how = _difference(better, worse)
    return (
        f"On MNIST's test set, {better.title} makes {mistakes(better):,} mistakes in "
        f"{TEST_PICTURES:,} and {worse.title} {mistakes(worse):,}: {difference} ({how})."
    )


def mistakes(run: Run) -> int:
    """Return how many of the test set's digits a run's model misreads."""
    return round((1 - run.results().test_accuracy) * TEST_PICTURES)


def _difference(better: Run, worse: Run) -> tuple[str, str]:
    """Return what the difference amounts to, and how that was found out."""
    answers = kept_test_answers(better), kept_test_answers(worse)
    if answers[0] is None or answers[1] is None:
        overlap = _interval(worse)[1] >= _interval(better)[0]
        how = "their 95% intervals " + ("overlap" if overlap else "don't overlap")
        return _words(is_clear=not overlap), how
    share = _chance(answers[0], answers[1])
    how = "p < 0.001" if share < 0.001 else f"p = {share:.3f}"
    return _words(is_clear=share < LEVEL), f"McNemar's test, {how}"


def _interval(run: Run) -> tuple[float, float]:
    return wilson_interval(TEST_PICTURES - mistakes(run), TEST_PICTURES)


def _chance(first: Floats, second: Floats) -> float:
    labels = mnist_test_set()[1]
    return mcnemar(first.argmax(axis=1) == labels, second.argmax(axis=1) == labels)


def _words(*, is_clear: bool) -> str:
    return "a difference that chance doesn't explain" if is_clear else "too close to call"
