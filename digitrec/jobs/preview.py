"""What training pictures look like once they are varied."""

import numpy as np

from digitrec.arrays import Digits
from digitrec.datasets.mnist import load_mnist

DIGITS = 8


def varied_digits(rounds: int, seed: int) -> Digits:
    """Vary eight of MNIST's training digits, as a run varies them.

    It brings TensorFlow with it, so the app asks a process of its own (``in_processes``).

    Returns:
        uint8 (rounds, 8, 28, 28): the same digits, varied anew in each round.
    """
    from digitrec.training.augmentation import augment

    mnist = load_mnist()
    chosen = np.random.default_rng(seed).choice(len(mnist.x_train), DIGITS, replace=False)
    digits = mnist.x_train[chosen[np.argsort(mnist.y_train[chosen])], ..., None]
    inputs = np.tile(digits, (rounds, 1, 1, 1)) / np.float32(255)
    varied = augment(inputs, np.array([seed, 0], np.int64)).numpy()
    return (varied * 255).round().astype(np.uint8).reshape(rounds, DIGITS, 28, 28)
