"""How good a model's answers are."""

from typing import Any

import numpy as np
import numpy.typing as npt

DIGITS = 10


def confusion_matrix(
    labels: npt.NDArray[np.integer], answers: npt.NDArray[np.integer]
) -> npt.NDArray[np.int64]:
    """Count the answers by label.

    Args:
        labels: (n,) digits 0 to 9, what the pictures show.
        answers: (n,) digits 0 to 9, what the model said.

    Returns:
        int64 (10, 10): row is the label, column the answer.
    """
    flat = labels.astype(np.int64) * DIGITS + answers.astype(np.int64)
    return np.bincount(flat, minlength=DIGITS * DIGITS).reshape(DIGITS, DIGITS)


def evaluate_probabilities(
    labels: npt.NDArray[np.integer], probabilities: npt.NDArray[np.floating]
) -> dict[str, Any]:
    """Measure a model's answers.

    Args:
        labels: (n,) digits 0 to 9.
        probabilities: (n, 10), rows that add up to 1.

    Returns:
        ``accuracy`` (share that is right), ``loss`` (mean cross-entropy in nats),
        ``confusion_matrix`` (lists; row label, column answer) and ``count``.
    """
    of_label = probabilities[np.arange(len(labels)), labels]
    answers = probabilities.argmax(axis=1)
    return {
        "count": len(labels),
        "accuracy": float((answers == labels).mean()),
        "loss": float(-np.log(np.clip(of_label, 1e-7, 1)).mean()),
        "confusion_matrix": confusion_matrix(labels, answers).tolist(),
    }
