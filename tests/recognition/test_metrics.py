import numpy as np
import pytest

from digitrec.recognition.metrics import (
    auroc,
    confusion_matrix,
    confusion_pairs,
    evaluate_probabilities,
    expected_calibration_error,
    mcnemar,
    mean_over_groups,
    metrics_by_digit,
    reliability_bins,
    wilson_interval,
    wrong_and_confident,
)


def test_rows_are_labels_and_columns_answers() -> None:
    matrix = confusion_matrix(np.array([3, 3, 7], np.uint8), np.array([3, 8, 7]))
    assert matrix.shape == (10, 10)
    assert (matrix[3, 3], matrix[3, 8], matrix[8, 3], matrix[7, 7]) == (1, 1, 0, 1)


def test_accuracy_and_loss() -> None:
    probabilities = np.full((2, 10), 0.05)
    probabilities[0, 4], probabilities[1, 2] = 0.55, 0.55
    measured = evaluate_probabilities(np.array([4, 9]), probabilities)
    assert measured["accuracy"] == 0.5
    assert measured["loss"] == pytest.approx(-(np.log(0.55) + np.log(0.05)) / 2)
    assert measured["count"] == 2
    assert np.sum(measured["confusion_matrix"]) == 2


def test_a_probability_of_zero_has_a_finite_loss() -> None:
    probabilities = np.zeros((1, 10))
    probabilities[0, 0] = 1
    assert np.isfinite(evaluate_probabilities(np.array([1]), probabilities)["loss"])


def test_the_calibration_error_is_the_weighted_mean_gap_of_the_bins() -> None:
    right = np.array([True, False, True, True])
    confidences = np.array([0.95, 0.95, 0.5, 0.5])
    # 0.95 against 0.5 right, and 0.5 against 1.0 right, two answers each.
    assert expected_calibration_error(right, confidences) == pytest.approx(0.475)
    assert expected_calibration_error(np.array([True]), np.array([1.0])) == 0


def test_confident_errors_are_a_share_of_all_answers() -> None:
    right = np.array([False, False, True, True])
    assert wrong_and_confident(right, np.array([0.9, 0.89, 0.99, 0.1]), 0.9) == 0.25


def test_groups_have_equal_weight() -> None:
    mean, low, high = mean_over_groups(np.array([True, True, True, False]), ["a", "a", "a", "b"])
    assert mean == 0.5
    assert (low, high) == (0.0, 1.0)
    assert mean_over_groups(np.array([True, False]), ["a", "a"]) == (0.5, 0.5, 0.5)


def test_the_most_frequent_confusion_comes_first() -> None:
    labels, answers = np.array([4, 4, 1, 5]), np.array([9, 9, 7, 5])
    assert confusion_pairs(labels, answers) == [(4, 9, 2), (1, 7, 1)]


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1, 0.2], [0.9, 0.8], 0.0),
        ([0.5, 0.5], [0.5], 0.5),
        ([0.9, 0.4], [0.5, 0.3], 0.75),
    ],
)
def test_auroc_is_the_chance_that_a_positive_scores_more(
    positive: list[float], negative: list[float], expected: float
) -> None:
    assert auroc(np.array(positive), np.array(negative)) == expected


def test_evaluation_includes_the_calibration_error() -> None:
    probabilities = np.full((4, 10), 0.2 / 9)
    probabilities[:, 3] = 0.8
    measured = evaluate_probabilities(np.array([3, 3, 5, 5]), probabilities)
    assert measured["calibration_error"] == pytest.approx(0.3)


def test_the_wilson_interval_matches_published_values() -> None:
    # Newcombe: Two-sided confidence intervals for the single proportion, 1998, table I.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


def test_precision_and_recall_of_a_digit() -> None:
    matrix = np.zeros((10, 10), int)
    matrix[3, 3], matrix[3, 8], matrix[5, 3] = 6, 2, 3
    three, eight = metrics_by_digit(matrix)[3], metrics_by_digit(matrix)[8]
    assert (three.count, three.recall) == (8, 0.75)
    assert three.precision == pytest.approx(6 / 9)
    assert three.f1 == pytest.approx(2 * 0.75 * (6 / 9) / (0.75 + 6 / 9))
    assert (eight.count, eight.precision, eight.recall, eight.f1) == (0, 0, 0, 0)


def test_the_bins_add_up_to_the_calibration_error() -> None:
    chance = np.random.default_rng(1)
    confidences = chance.random(500)
    right = chance.random(500) < 0.7
    bins = reliability_bins(right, confidences)
    assert sum(part.count for part in bins) == 500
    gaps = sum(part.count * abs(part.accuracy - part.confidence) for part in bins) / 500
    assert gaps == pytest.approx(expected_calibration_error(right, confidences))
    assert all(part.low <= part.confidence <= part.high for part in bins)


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    (part,) = reliability_bins(np.array([True]), np.array([1.0]))
    assert (part.high, part.count, part.accuracy) == (1, 1, 1)


@pytest.mark.parametrize(
    ("only_first", "only_second", "share"),
    # The values are those of a two-sided binomial test.
    [(0, 0, 1.0), (5, 5, 1.0), (1, 5, 0.21875), (5, 1, 0.21875), (0, 10, 0.001953125)],
)
def test_the_share_of_chance_is_that_of_the_binomial_test(
    only_first: int, only_second: int, share: float
) -> None:
    first = np.array([True] * only_first + [False] * only_second + [True, False])
    second = np.array([False] * only_first + [True] * only_second + [True, False])
    assert mcnemar(first, second) == share


def test_the_share_of_chance_is_found_for_many_pictures() -> None:
    first = np.arange(60_000) % 2 == 0
    assert mcnemar(first, ~first) == 1.0
    assert mcnemar(np.ones(5_000, bool), np.zeros(5_000, bool)) == 0.0
