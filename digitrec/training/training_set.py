"""What a run learns from and what it is measured on: MNIST, and what the run adds to it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from digitrec.arrays import Digits, Labels
from digitrec.datasets.mnist import Mnist
from digitrec.labels import NO_DIGIT
from digitrec.recipes.configuration import TrainingConfig
from digitrec.recipes.workload import added_counts, repeats
from digitrec.synthetic.corruptions import corrupted
from digitrec.synthetic.digits import styled_digits
from digitrec.synthetic.marks import marked_digits
from digitrec.synthetic.non_digits import non_digits
from digitrec.system.processes import in_processes

# Digits by rule that nothing was trained on, to calibrate with.
HELD_OUT_STYLED = 3_000


class Parts(NamedTuple):
    """The training pictures: uint8 (n, 28, 28) and labels uint8 (n,), twice.

    The first ``own`` of those that are learned from are MNIST's, the others were added. MNIST's
    count ``repeats`` times in an epoch.
    """

    x_train: Digits
    y_train: Labels
    x_val: Digits
    y_val: Labels
    own: int
    repeats: int = 1

    @property
    def examples(self) -> int:
        """How many pictures an epoch has."""
        return len(self.x_train) + (self.repeats - 1) * self.own


def split(mnist: Mnist, config: TrainingConfig) -> Parts:
    """Hold a random part of MNIST's training pictures out; take as many of the rest as wished."""
    order = np.random.default_rng(config.seed).permutation(len(mnist.x_train))
    held_out = round(len(order) * config.validation_split)
    taken = round((len(order) - held_out) * config.training_share)
    train_part, val_part = np.sort(order[held_out:][:taken]), np.sort(order[:held_out])
    return Parts(
        mnist.x_train[train_part],
        mnist.y_train[train_part],
        mnist.x_train[val_part],
        mnist.y_train[val_part],
        own=len(train_part),
    )


def with_additions(
    parts: Parts, config: TrainingConfig, progress: Callable[[float], None] | None = None
) -> Parts:
    """Add to the training pictures what the run asks for; label 10 is *no digit*.

    Args:
        parts: The pictures so far.
        config: What to add.
        progress: Called as the pictures are made with how many there are, 0 to 1.

    Raises:
        TrainingError: If the pictures can't be made.
    """
    x, y, seed = parts.x_train, parts.y_train, config.seed
    counts = added_counts(config)
    tasks: list[partial[tuple[Digits, Labels]]] = []
    if config.styles:
        tasks += [partial(styled_digits, counts.styled, seed), partial(marked_digits, x, y, seed)]
    if config.corruptions:
        chosen = np.random.default_rng(seed).choice(len(x), min(counts.corrupted, len(x)), False)
        tasks.append(partial(_spoilt_digits, x[chosen], y[chosen], seed))
    if config.non_digits:
        tasks.append(partial(_no_digits, counts.non_digits, seed))
    if not tasks:
        return parts
    pictures, labels = zip((x, y), *in_processes(tasks, progress), strict=True)
    return parts._replace(
        x_train=np.concatenate(pictures), y_train=np.concatenate(labels), repeats=repeats(config)
    )


def with_drawings(parts: Parts, x: Digits, y: Labels) -> Parts:
    """Add a person's drawings, each so often that they are a quarter of an epoch's pictures.

    Args:
        parts: The other pictures.
        x: uint8 (n, 28, 28), one or more.
        y: uint8 (n,).
    """
    rows = np.arange(max(parts.examples // 3, len(x))) % len(x)
    return parts._replace(
        x_train=np.concatenate([parts.x_train, x[rows]]),
        y_train=np.concatenate([parts.y_train, y[rows]]),
    )


def _spoilt_digits(x: Digits, y: Labels, seed: int) -> tuple[Digits, Labels]:
    return corrupted(x, seed), y


def _no_digits(count: int, seed: int) -> tuple[Digits, Labels]:
    return non_digits(count, seed), np.full(count, NO_DIGIT, np.uint8)


def held_out_digits(parts: Parts, config: TrainingConfig) -> tuple[Digits, Labels]:
    """Return digits that the run does not learn from, of all styles that it is to know."""
    if not config.styles:
        return parts.x_val, parts.y_val
    x, y = styled_digits(HELD_OUT_STYLED, config.seed + 1)
    return np.concatenate([parts.x_val, x]), np.concatenate([parts.y_val, y])
