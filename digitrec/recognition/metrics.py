"""Metrics of a model's answers: accuracy, calibration, confusion matrix, intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Mask, Scores

DIGITS = 10


def confusion_matrix(
    labels: npt.NDArray[np.integer], answers: npt.NDArray[np.integer]
) -> npt.NDArray[np.int64]:
    """Count answers by label.

    Args:
        labels: (n,) digits 0 to 9, the true labels.
        answers: (n,) digits 0 to 9, the model's answers.

    Returns:
        int64 (10, 10): rows are labels, columns answers.
    """
    flat = labels.astype(np.int64) * DIGITS + answers.astype(np.int64)
    return np.bincount(flat, minlength=DIGITS * DIGITS).reshape(DIGITS, DIGITS)


def evaluate_probabilities(
    labels: npt.NDArray[np.integer], probabilities: Scores
) -> dict[str, Any]:
    """Compute the metrics of a model's answers.

    Args:
        labels: (n,) digits 0 to 9.
        probabilities: (n, 10), rows add up to 1.

    Returns:
        ``count``, ``accuracy``, ``loss`` (mean cross-entropy in nats), ``calibration_error``
        (expected, 15 bins) and ``confusion_matrix`` (nested lists; rows are labels, columns
        answers).
    """
    of_label = probabilities[np.arange(len(labels)), labels]
    answers = probabilities.argmax(axis=1)
    return {
        "count": len(labels),
        "accuracy": float((answers == labels).mean()),
        "loss": float(-np.log(np.clip(of_label, 1e-7, 1)).mean()),
        "calibration_error": expected_calibration_error(
            answers == labels, probabilities.max(axis=1)
        ),
        "confusion_matrix": confusion_matrix(labels, answers).tolist(),
    }


def expected_calibration_error(right: Mask, confidences: Scores, bins: int = 15) -> float:
    """Return the expected calibration error, 0 to 1.

    The mean gap between confidence and accuracy over bins of equal width, weighted by their
    counts (Guo, Pleiss, Sun, Weinberger: On calibration of modern neural networks, 2017).
    """
    of_bin = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = np.bincount(of_bin, weights=confidences - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(right))


def wrong_and_confident(right: Mask, confidences: Scores, threshold: float) -> float:
    """Return the share of answers that are wrong with at least the threshold's confidence."""
    return float((~right & (confidences >= threshold)).mean())


def mean_over_groups(right: Mask, groups: Sequence[str]) -> tuple[float, float, float]:
    """Return the mean accuracy over groups and its 95% confidence interval (normal)."""
    _, of_answer = np.unique(groups, return_inverse=True)
    shares = np.bincount(of_answer, weights=right) / np.bincount(of_answer)
    mean = float(shares.mean())
    error = float(shares.std(ddof=1) / np.sqrt(len(shares))) if len(shares) > 1 else 0.0
    return mean, max(0.0, mean - 1.96 * error), min(1.0, mean + 1.96 * error)


def confusion_pairs(
    labels: npt.NDArray[np.integer], answers: npt.NDArray[np.integer]
) -> list[tuple[int, int, int]]:
    """Return (label, answer, count) of the wrong answers, most frequent first."""
    matrix = confusion_matrix(labels, answers)
    np.fill_diagonal(matrix, 0)
    pairs = [
        (int(row), int(column), int(matrix[row, column])) for row, column in np.argwhere(matrix)
    ]
    return sorted(pairs, key=lambda pair: -pair[2])


def auroc(positive: Scores, negative: Scores) -> float:
    """Return the area under the ROC curve.

    It is the probability that a positive scores higher than a negative, with ties counting half
    (Hanley, McNeil: The meaning and use of the area under a ROC curve, 1982).

    Args:
        positive: (n,) scores, n > 0.
        negative: (m,) scores, m > 0.
    """
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left")
    not_above = np.searchsorted(ordered, positive, "right")
    return float((below + not_above).mean() / 2 / len(negative))


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95% confidence interval of the share ``right`` / ``count``.

    Unlike the normal interval it isn't too narrow near 0 and 1 (Wilson: Probable inference, the
    law of succession, and statistical inference, 1927).

    Args:
        right: 0 to ``count``.
        count: 1 or more.
    """
    share, z2 = right / count, 1.96**2
    center = share + z2 / (2 * count)
    reach = 1.96 * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    return (center - reach) / (1 + z2 / count), (center + reach) / (1 + z2 / count)


def mcnemar(first: Mask, second: Mask) -> float:
    """Return how likely chance alone makes two models differ at least this much, 0 to 1.

    If they are equally good, each picture that only one of them reads is as likely to be the one's
    as the other's (McNemar: Note on the sampling error of the difference between correlated
    proportions or percentages, 1947; exact, by the binomial distribution, two-sided).

    Args:
        first: bool (n,), which pictures the first model reads.
        second: bool (n,), which of the same pictures the second model reads.
    """
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    count = only_first + only_second
    ways = total = 1
    for fewer in range(min(only_first, only_second)):
        ways = ways * (count - fewer) // (fewer + 1)
        total += ways
    return min(1.0, 2 * total / 2**count)


@dataclass(frozen=True)
class DigitMetrics:
    """How well one digit is recognized.

    Attributes:
        digit: 0 to 9.
        count: Pictures with this label.
        precision: Share of the answers with this digit that are right, 0 to 1; 0 without any.
        recall: Share of its pictures that are recognized, 0 to 1; 0 without any.
        f1: Harmonic mean of precision and recall (van Rijsbergen: Information retrieval, 1979).
    """

    digit: int
    count: int
    precision: float
    recall: float
    f1: float


def metrics_by_digit(matrix: npt.NDArray[np.integer]) -> list[DigitMetrics]:
    """Return precision, recall and F1 of each digit.

    Args:
        matrix: (10, 10), as returned by ``confusion_matrix``.
    """
    shown, named = matrix.sum(axis=1), matrix.sum(axis=0)
    right = matrix.diagonal()
    precision = right / np.maximum(named, 1)
    recall = right / np.maximum(shown, 1)
    f1 = 2 * right / np.maximum(shown + named, 1)
    return [
        DigitMetrics(digit, int(shown[digit]), *(float(x[digit]) for x in (precision, recall, f1)))
        for digit in range(DIGITS)
    ]


@dataclass(frozen=True)
class ReliabilityBin:
    """The answers whose confidence lies in one range.

    Attributes:
        low: Lower end of the range, 0 to 1.
        high: Upper end of the range, 0 to 1.
        count: Number of answers; at least 1.
        confidence: Their mean confidence, 0 to 1.
        accuracy: Their accuracy, 0 to 1.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability_bins(right: Mask, confidences: Scores, bins: int = 15) -> list[ReliabilityBin]:
    """Return the bins of a reliability diagram, without empty ones.

    Args:
        right: (n,) whether each answer is right.
        confidences: (n,) 0 to 1.
        bins: Number of bins of equal width (15 as in Guo, Pleiss, Sun, Weinberger: On calibration
            of modern neural networks, 2017).
    """
    of_bin = np.minimum((confidences * bins).astype(int), bins - 1)
    return [
        ReliabilityBin(
            low=number / bins,
            high=(number + 1) / bins,
            count=int((of_bin == number).sum()),
            confidence=float(confidences[of_bin == number].mean()),
            accuracy=float(right[of_bin == number].mean()),
        )
        for number in np.unique(of_bin).tolist()
    ]
