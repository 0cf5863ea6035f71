"""Finds the pixel scale on which a network was trained, by trying several."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from digitrec.arrays import Digits, Floats
from digitrec.datasets.mnist import Mnist

# The last pictures of MNIST's training set are used; the test set is kept for the evaluation.
TRIED = 2000
# If unscaled pixels reach this accuracy, nothing else is tried.
GOOD_ACCURACY = 0.97
# Another scale must reach this accuracy and reduce the errors to at most this share.
MIN_ACCURACY = 0.5
MAX_ERROR_RATIO = 2 / 3


class Scale(NamedTuple):
    """A pixel scale.

    Attributes:
        words: The conversion in words.
        factor: Pixels from 0 (black) to 1 (white ink) are multiplied by it.
        offset: Added to the pixels after that.
    """

    words: str
    factor: float
    offset: float


UNSCALED = Scale("", 1.0, 0.0)
OTHERS = (
    Scale("scaled to 0–255", 255.0, 0.0),
    Scale("inverted to black ink on white", -1.0, 1.0),
    Scale("inverted to black ink on white, scaled to 0–255", -255.0, 255.0),
    Scale("scaled to −1–1", 2.0, -1.0),
    Scale("inverted to black ink on white, scaled to −1–1", -2.0, 1.0),
    Scale("standardized with MNIST's mean and deviation", 1 / 0.3081, -0.1307 / 0.3081),
)

Predict = Callable[[Digits, Scale], Floats]


def find_scale(predict: Predict, mnist: Mnist) -> Scale:
    """Return the scale with the best accuracy, preferring unscaled pixels.

    Args:
        predict: Returns the network's outputs, float32 (n, classes), for uint8 (n, 28, 28) and a
            scale.
        mnist: The pictures to try.
    """
    pictures, labels = mnist.x_train[-TRIED:], mnist.y_train[-TRIED:]

    def accuracy(scale: Scale) -> float:
        return float(np.mean(predict(pictures, scale)[:, :10].argmax(axis=1) == labels))

    unscaled = accuracy(UNSCALED)
    if unscaled >= GOOD_ACCURACY:
        return UNSCALED
    best_accuracy, best = max((accuracy(scale), scale) for scale in OTHERS)
    is_better = 1 - best_accuracy <= MAX_ERROR_RATIO * (1 - unscaled)
    return best if best_accuracy >= MIN_ACCURACY and is_better else UNSCALED


def are_probabilities(outputs: Floats, tolerance: float = 1e-3) -> bool:
    """Return whether a network's outputs are probabilities that add up to 1."""
    sums_to_one = bool((np.abs(outputs.sum(axis=1) - 1) < tolerance).all())
    return sums_to_one and bool(outputs.min() >= 0)
