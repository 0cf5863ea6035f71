import numpy as np
import pytest

from digitrec.evaluation import confusion_matrix, evaluate_probabilities


def test_rows_are_labels_and_columns_answers() -> None:
    matrix = confusion_matrix(np.array([3, 3, 7], np.uint8), np.array([3, 8, 7]))
    assert matrix.shape == (10, 10)
    assert (matrix[3, 3], matrix[3, 8], matrix[8, 3], matrix[7, 7]) == (1, 1, 0, 1)


def test_accuracy_and_loss_are_those_of_the_probabilities() -> None:
    probabilities = np.full((2, 10), 0.05)
    probabilities[0, 4], probabilities[1, 2] = 0.55, 0.55
    measured = evaluate_probabilities(np.array([4, 9]), probabilities)
    assert measured["accuracy"] == 0.5
    assert measured["loss"] == pytest.approx(-(np.log(0.55) + np.log(0.05)) / 2)
    assert measured["count"] == 2
    assert np.sum(measured["confusion_matrix"]) == 2


def test_a_probability_of_nought_has_a_finite_loss() -> None:
    probabilities = np.zeros((1, 10))
    probabilities[0, 0] = 1
    assert np.isfinite(evaluate_probabilities(np.array([1]), probabilities)["loss"])
