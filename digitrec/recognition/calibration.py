"""Calibrates a model's confidence on held-out digits."""

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Floats
from digitrec.recognition.recognizer import Calibration, interpret

TEMPERATURES = np.geomspace(0.2, 5, 161)
# This share of the held-out digits is accepted as digits.
KEPT_SHARE = 0.995


def calibrate(
    outputs: Floats, labels: npt.NDArray[np.integer], digit_scores: Floats | None = None
) -> Calibration:
    """Choose the temperature with the lowest cross-entropy, and the threshold for *not a digit*.

    Args:
        outputs: float32 (n, 10) or (n, 11), a network's probabilities for held-out digits.
        labels: (n,) the digits, 0 to 9.
        digit_scores: float32 (n,), their scores; None for a network without a non-digit class.
    """
    losses = [_cross_entropy(outputs, labels, temperature) for temperature in TEMPERATURES]
    threshold = 0.0 if digit_scores is None else float(np.quantile(digit_scores, 1 - KEPT_SHARE))
    return Calibration(float(TEMPERATURES[int(np.argmin(losses))]), threshold)


def _cross_entropy(outputs: Floats, labels: npt.NDArray[np.integer], temperature: float) -> float:
    probabilities = interpret(outputs, temperature).probabilities
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.clip(of_label, 1e-9, 1)).mean())
