"""Two models' answers to the same digits, and what became of a model that was trained further."""

from dataclasses import dataclass

import numpy as np

from digitrec.arrays import Floats, Labels
from digitrec.formatting import counted, percent
from digitrec.recognition.metrics import mcnemar
from digitrec.runs.results import Results
from digitrec.runs.run import Run
from digitrec.runs.test_answers import base_test_answers, kept_test_answers

# Chance explains a difference that it brings about more often than this.
LEVEL = 0.05
# The share of a model's additional mistakes that the most frequent one has, if it is worth naming.
MAIN_SHARE = 1 / 3


@dataclass(frozen=True)
class Difference:
    """How two models' answers differ.

    Attributes:
        accuracies: The accuracies of the first and the second model, 0 to 1.
        only_first: How many digits only the first reads correctly.
        only_second: How many digits only the second reads correctly.
        chance: How likely chance makes two equally good models differ this much, 0 to 1.
    """

    accuracies: tuple[float, float]
    only_first: int
    only_second: int
    chance: float


def difference(first: Floats, second: Floats, labels: Labels) -> Difference:
    """Compare two models' answers.

    Args:
        first: float32 (n, 10), the first model's probabilities.
        second: float32 (n, 10), the second model's.
        labels: uint8 (n,), the digits; n is at least 1.
    """
    rights = first.argmax(axis=1) == labels, second.argmax(axis=1) == labels
    return Difference(
        accuracies=(float(rights[0].mean()), float(rights[1].mean())),
        only_first=int((rights[0] & ~rights[1]).sum()),
        only_second=int((rights[1] & ~rights[0]).sum()),
        chance=mcnemar(*rights),
    )


def new_confusion(before: Results, after: Results) -> tuple[int, int] | None:
    """Return the mistake on the test set that became more frequent than any other.

    Args:
        before: The results of a model.
        after: Those of another.

    Returns:
        The label and the answer; None if it is less than ``MAIN_SHARE`` of the second model's
        additional mistakes.
    """
    more = np.array(after.confusion_matrix) - np.array(before.confusion_matrix)
    np.fill_diagonal(more, 0)
    label, answer = np.unravel_index(more.argmax(), more.shape)
    if more[label, answer] < max(1, MAIN_SHARE * more.sum()):
        return None
    return int(label), int(answer)


def change_by_training(run: Run, labels: Labels) -> str | None:
    """Compare a run's model with the one that it started from, in a sentence.

    Args:
        run: The run.
        labels: uint8 (10000,), the labels of the test set.

    Returns:
        The sentence; None for a new network, and if a run is too old to have the answers.

    Raises:
        ModelError: If one of the run's files is damaged.
    """
    config, before, after = run.config(), base_test_answers(run), kept_test_answers(run)
    if config is None or config.start_from is None or before is None or after is None:
        return None
    return change_words(
        run.title, run.title_beside(config.start_from), difference(before, after, labels)
    )


def change_words(title: str, base: str, change: Difference) -> str:
    """Say how a model differs from the one that it started from, which is the first of the two."""
    before, after = map(percent, change.accuracies)
    instead = "as before" if before == after else f"instead of {before}"
    return (
        f"{title} started from {base} and reads {after} of the test set {instead}: "
        f"{counted(change.only_second, 'digit')} changed from wrong to right, "
        f"{change.only_first:,} from right to wrong. {chance_words(change)}"
    ).strip()


def chance_words(found: Difference) -> str:
    """Say whether a difference may be chance; empty if there is none."""
    if found.only_first == found.only_second:
        return ""
    return chance_sentence(is_likely=found.chance >= LEVEL)


def chance_sentence(*, is_likely: bool) -> str:
    """Say whether chance may be the reason."""
    return "This may be chance." if is_likely else "This is unlikely to be chance."
