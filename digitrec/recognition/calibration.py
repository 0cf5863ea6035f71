"""Calibrates a model's confidence on held-out digits."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from msgspec import Meta

from digitrec.arrays import Floats
from digitrec.recognition.answers import LEAST_PROBABILITY, interpret

TEMPERATURES = np.geomspace(0.2, 5, 161)
# This share of the held-out digits is accepted as digits.
KEPT_SHARE = 0.995


@dataclass(frozen=True)
class Calibration:
    """Calibration of a network, fitted on the validation split.

    Attributes:
        temperature: The logits of the ten digits are divided by it (Guo, Pleiss, Sun,
            Weinberger: On calibration of modern neural networks, 2017).
        digit_threshold: Pictures with a lower digit score are *not a digit*, 0 to 1.
    """

    temperature: Annotated[float, Meta(gt=0)] = 1.0
    digit_threshold: Annotated[float, Meta(ge=0, le=1)] = 0.0


UNCALIBRATED = Calibration()


def calibrate(
    outputs: Floats, labels: npt.NDArray[np.integer], digit_scores: Floats | None = None
) -> Calibration:
    """Choose the temperature with the lowest cross-entropy, and the threshold for *not a digit*.

    Args:
        outputs: float32 (n, 10) or (n, 11), a network's probabilities for held-out digits.
        labels: (n,) the digits, 0 to 9.
        digit_scores: float32 (n,), their scores; None for a network without a non-digit class.
    """
    losses = [
        cross_entropy(interpret(outputs, temperature).probabilities, labels)
        for temperature in TEMPERATURES
    ]
    threshold = 0.0 if digit_scores is None else float(np.quantile(digit_scores, 1 - KEPT_SHARE))
    return Calibration(float(TEMPERATURES[int(np.argmin(losses))]), threshold)


def cross_entropy(probabilities: Floats, labels: npt.NDArray[np.integer]) -> float:
    """Return the mean cross-entropy of probabilities, float32 (n, 10), in nats."""
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.clip(of_label, LEAST_PROBABILITY, 1)).mean())
