"""Trainings as small as a test needs, in the test's own process."""

import functools
from dataclasses import replace

import keras
import numpy as np
import pytest

from digitrec.datasets.mnist import Mnist, load_mnist
from digitrec.exchange import input_scale
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run
from digitrec.training import prepare_fit, train
from digitrec.training.conversion import convert
from digitrec.training.fit import Fit
from digitrec.training.training_set import TrainingSet

# Nine steps an epoch of the small MNIST.
TINY = TrainingConfig(epochs=1, batch_size=60, training_share=0.1)


@functools.cache
def small_mnist() -> Mnist:
    """A tenth of MNIST's pictures, but the last of all to train on: imports try scales on those."""
    mnist = load_mnist()
    return Mnist(
        mnist.x_train[-6000:], mnist.y_train[-6000:], mnist.x_test[:1000], mnist.y_test[:1000]
    )


def use_small_mnist(patch: pytest.MonkeyPatch) -> Mnist:
    """Let trainings and imports of the test's own process use a tenth of MNIST."""
    mnist = small_mnist()
    for module in (prepare_fit, train, convert):
        patch.setattr(module, "load_mnist", lambda: mnist)
    patch.setattr(input_scale, "TRIED", 500)
    return mnist


def linear_network() -> keras.Model:
    """One layer of softmax, always with the same weights, compiled."""
    keras.utils.set_random_seed(5)
    network = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    )
    network.compile(
        keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return network


def tiny_fit(run: Run, config: TrainingConfig = TINY, *, epochs_done: int = 0) -> Fit:
    """A fit of two steps an epoch that has come to the end of an epoch."""
    x, y = np.zeros((4, 28, 28), np.uint8), np.arange(4, dtype=np.uint8)
    training_set = TrainingSet(x, y, x, y, mnist_count=4)
    fit = Fit(run, replace(config, batch_size=2), training_set, None, linear_network())
    fit.model.optimizer.iterations.assign(epochs_done * fit.steps_per_epoch)
    return fit


class AskedToPause(Run):
    """A run that is asked to pause at some of its steps: pairs of epoch and step."""

    pauses: tuple[tuple[int, int], ...] = ()

    def pause_requested(self) -> bool:
        progress = read_progress(self.events())
        assert progress is not None
        last = progress.steps[-1]
        return (last.epoch, last.step) in self.pauses
