"""A preview of augmented training pictures."""

import numpy as np

from digitrec.arrays import Digits
from digitrec.datasets.mnist import load_mnist

DIGITS = 8


def augmented_digits(rounds: int, seed: int) -> Digits:
    """Augment eight of MNIST's training digits as a run does.

    This imports TensorFlow, so the app calls it in another process (``in_processes``).

    Returns:
        uint8 (rounds, 8, 28, 28), white ink (255) on black (0): the same digits in each round,
        augmented differently.
    """
    from digitrec.training.augmentation import augment

    mnist = load_mnist()
    chosen = np.random.default_rng(seed).choice(len(mnist.x_train), DIGITS, replace=False)
    digits = mnist.x_train[chosen[np.argsort(mnist.y_train[chosen])], ..., None]
    inputs = np.tile(digits, (rounds, 1, 1, 1)) / np.float32(255)
    augmented = augment(inputs, np.array([seed, 0], np.int64)).numpy()
    return (augmented * 255).round().astype(np.uint8).reshape(rounds, DIGITS, 28, 28)
