"""Measures a sample of the validation pictures within an epoch.

Its curve shows a person how a long epoch goes. The whole validation split is measured after each
epoch; early stopping and the results depend on that alone.
"""

import keras
import numpy as np
import tensorflow as tf

from digitrec.training.fit import Fit

# The more pictures, the smoother the curve; but each takes time.
SAMPLE = 500
# Pictures in one forward pass, to save memory.
PART = 250
# The sample may take this share of the training time.
TIME_SHARE = 0.015
# Recognizing a picture takes this share of the time that training on it takes, with seed-cnn and
# bn-cnn alike.
FORWARD_SHARE = 0.25


class ValidationSample:
    """A fixed sample of a run's validation pictures.

    Args:
        fit: The fit.
    """

    def __init__(self, fit: Fit) -> None:
        x, y = fit.training_set.x_val, fit.training_set.y_val
        rows = np.linspace(0, len(x) - 1, min(SAMPLE, len(x))).astype(int)
        self._images = tf.constant(x[rows][..., None] / np.float32(255))
        self._labels = tf.constant(y[rows])
        self._steps_per_epoch = fit.steps_per_epoch
        self._times = times_per_epoch(fit.training_set.epoch_size) if len(rows) else 0

    def set_model(self, model: keras.Model) -> None:
        """Set the network, and compile its answers."""
        self._ask = tf.function(lambda pictures: model(pictures, training=False))

    def is_due(self, step: int, before: int) -> bool:
        """Return whether to measure it at a step.

        Args:
            step: The step, from 1.
            before: The step of the last event in the epoch; 0 at its beginning.
        """
        done, earlier = (at * self._times // self._steps_per_epoch for at in (step, before))
        return done > earlier

    def measure(self) -> dict[str, float]:
        """Return the sample's loss and accuracy. Nothing of the network changes."""
        parts = range(0, len(self._labels), PART)
        answers = tf.concat([self._ask(self._images[at : at + PART]) for at in parts], axis=0)
        losses = keras.losses.sparse_categorical_crossentropy(self._labels, answers)
        right = answers.numpy().argmax(axis=1) == self._labels.numpy()
        return {
            "val_loss": round(float(tf.reduce_mean(losses)), 6),
            "val_accuracy": round(float(right.mean()), 6),
        }


def times_per_epoch(epoch_size: int) -> int:
    """Return how often an epoch measures the sample, at evenly spaced steps, the last included.

    Args:
        epoch_size: Pictures in an epoch.

    Returns:
        0 if the epoch is too short for more than once.
    """
    times = int(TIME_SHARE * epoch_size / (FORWARD_SHARE * SAMPLE))
    return times if times > 1 else 0
