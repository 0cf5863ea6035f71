import numpy as np
import pytest

from digitrec.arrays import Floats
from digitrec.datasets.mnist import load_mnist
from digitrec.recipes.parameters import TrainingConfig
from digitrec.reports.difference import (
    Difference,
    chance_words,
    change_by_training,
    change_words,
    difference,
)
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.runs.test_answers import keep_test_answers

LABELS = np.array([1, 2, 3, 4], np.uint8)


def answers(*digits: int) -> Floats:
    return np.eye(10, dtype=np.float32)[list(digits)]


def test_digits_that_only_one_model_reads_are_counted() -> None:
    found = difference(answers(1, 2, 0, 0), answers(1, 0, 3, 4), LABELS)
    assert found == Difference((0.5, 0.75), only_first=1, only_second=2, chance=1.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            Difference((0.9837, 0.9879), 37, 79, 0.0001),
            "New started from Old and reads 98.79% of the test set instead of 98.37%: 79 digits "
            "changed from wrong to right, 37 from right to wrong. This is unlikely to be chance.",
        ),
        (
            Difference((0.99, 0.9901), 0, 1, 1.0),
            "New started from Old and reads 99.01% of the test set instead of 99.00%: 1 digit "
            "changed from wrong to right, 0 from right to wrong. This may be chance.",
        ),
        (
            Difference((0.99, 0.99), 5, 5, 1.0),
            "New started from Old and reads 99.00% of the test set as before: 5 digits changed "
            "from wrong to right, 5 from right to wrong.",
        ),
    ],
)
def test_a_change_is_put_in_a_sentence(change: Difference, words: str) -> None:
    assert change_words("New", "Old", change) == words


def test_chance_is_blamed_up_to_a_twentieth() -> None:
    assert chance_words(Difference((0.5, 0.6), 1, 2, 0.05)) == "This may be chance."
    assert chance_words(Difference((0.5, 0.6), 1, 2, 0.049)) == "This is unlikely to be chance."


def test_a_run_is_compared_with_the_model_that_it_started_from(
    store: ModelStore, mine: Run
) -> None:
    labels = load_mnist().y_test
    run = store.create_run(TrainingConfig(start_from="seed-cnn"), "further")
    assert change_by_training(run, labels) is None
    keep_test_answers(run.test_answers_path, answers(*labels))
    assert change_by_training(run, labels) == (
        "further started from Tutorial network and reads 100.00% of the test set instead of "
        "99.60%: 40 digits changed from wrong to right, 0 from right to wrong. This is "
        "unlikely to be chance."
    )
    assert change_by_training(mine, labels) is None
