"""The pictures of a run: MNIST's, added ones and a person's drawings."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from digitrec.arrays import Digits, Labels
from digitrec.datasets.ink_files import InkDrawing
from digitrec.datasets.mnist import Mnist
from digitrec.labels import NO_DIGIT
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.workload import added_counts, mnist_repeats
from digitrec.synthetic.corruptions import corrupted
from digitrec.synthetic.digits import styled_digits
from digitrec.synthetic.marks import marked_digits
from digitrec.synthetic.non_digits import non_digits
from digitrec.synthetic.redrawn_ink import redrawn_ink
from digitrec.system.processes import in_processes

# How many generated digits are held out for the calibration.
HELD_OUT_STYLED = 3_000


class HeldOut(NamedTuple):
    """Digits that a network wasn't trained on.

    Attributes:
        digits: uint8 (n, 28, 28), 0 to 255.
        labels: uint8 (n,), 0 to 9.
    """

    digits: Digits
    labels: Labels


class TrainingSet(NamedTuple):
    """The training and validation pictures of a run.

    Attributes:
        x_train: uint8 (n, 28, 28), 0 to 255; MNIST's pictures come first.
        y_train: uint8 (n,), 0 to 10; 10 is *not a digit*.
        x_val: uint8 (m, 28, 28), 0 to 255; m may be 0.
        y_val: uint8 (m,), 0 to 9.
        mnist_count: How many of the training pictures are MNIST's.
        mnist_repeats: How often an epoch includes each of these; it includes the others once.
    """

    x_train: Digits
    y_train: Labels
    x_val: Digits
    y_val: Labels
    mnist_count: int
    mnist_repeats: int = 1

    @property
    def epoch_size(self) -> int:
        """How many pictures an epoch has."""
        return len(self.x_train) + (self.mnist_repeats - 1) * self.mnist_count

    def steps_per_epoch(self, batch_size: int) -> int:
        """Return how many batches an epoch has; the last one may be smaller."""
        return math.ceil(self.epoch_size / batch_size)


def split_mnist(mnist: Mnist, config: TrainingConfig) -> TrainingSet:
    """Hold out a random part of MNIST's training pictures, and use a share of the rest."""
    order = np.random.default_rng(config.seed).permutation(len(mnist.x_train))
    val_count = round(len(order) * config.validation_split)
    train_count = round((len(order) - val_count) * config.training_share)
    train_rows, val_rows = np.sort(order[val_count:][:train_count]), np.sort(order[:val_count])
    return TrainingSet(
        mnist.x_train[train_rows],
        mnist.y_train[train_rows],
        mnist.x_train[val_rows],
        mnist.y_train[val_rows],
        mnist_count=train_count,
    )


def with_added_pictures(
    training_set: TrainingSet,
    config: TrainingConfig,
    ink: Sequence[InkDrawing] = (),
    progress: Callable[[float], None] | None = None,
) -> TrainingSet:
    """Add the kinds of pictures that the configuration asks for.

    Args:
        training_set: MNIST's pictures.
        config: Which kinds to add.
        ink: Drawings by people to add.
        progress: Called with the share of the pictures made so far, 0 to 1.

    Raises:
        TrainingError: If the pictures can't be made.
    """
    x, y, seed = training_set.x_train, training_set.y_train, config.seed
    counts = added_counts(config)
    tasks: list[partial[tuple[Digits, Labels]]] = []
    if config.styles:
        tasks += [partial(styled_digits, counts.styled, seed), partial(marked_digits, x, y, seed)]
    if config.corruptions:
        chosen = np.random.default_rng(seed).choice(len(x), min(counts.noisy, len(x)), False)
        tasks.append(partial(_noisy_pictures, x[chosen], y[chosen], seed))
    if config.non_digits:
        tasks.append(partial(_labeled_non_digits, counts.non_digits, seed))
    if known := [drawing for drawing in ink if config.non_digits or drawing.digit_label < NO_DIGIT]:
        of_ink = np.array([drawing.digit_label for drawing in known], np.uint8)
        tasks.append(partial(redrawn_ink, [d.traces for d in known], of_ink, counts.ink, seed))
    if not tasks:
        return training_set
    pictures, labels = zip((x, y), *in_processes(tasks, progress), strict=True)
    return training_set._replace(
        x_train=np.concatenate(pictures),
        y_train=np.concatenate(labels),
        mnist_repeats=mnist_repeats(config),
    )


def with_drawings(training_set: TrainingSet, x: Digits, y: Labels) -> TrainingSet:
    """Add a person's drawings, repeated to make up a quarter of an epoch.

    Args:
        training_set: The other pictures.
        x: uint8 (n, 28, 28), 0 to 255; at least one.
        y: uint8 (n,), 0 to 10.
    """
    rows = np.arange(max(training_set.epoch_size // 3, len(x))) % len(x)
    return training_set._replace(
        x_train=np.concatenate([training_set.x_train, x[rows]]),
        y_train=np.concatenate([training_set.y_train, y[rows]]),
    )


def held_out_digits(training_set: TrainingSet, config: TrainingConfig) -> HeldOut | None:
    """Return digits in all styles of the run that it wasn't trained on.

    This is None without a validation split.
    """
    x, y = training_set.x_val, training_set.y_val
    if not len(x):
        return None
    if not config.styles:
        return HeldOut(x, y)
    x_styled, y_styled = styled_digits(HELD_OUT_STYLED, config.seed + 1)
    return HeldOut(np.concatenate([x, x_styled]), np.concatenate([y, y_styled]))


def _noisy_pictures(x: Digits, y: Labels, seed: int) -> tuple[Digits, Labels]:
    return corrupted(x, seed), y


def _labeled_non_digits(count: int, seed: int) -> tuple[Digits, Labels]:
    return non_digits(count, seed), np.full(count, NO_DIGIT, np.uint8)
