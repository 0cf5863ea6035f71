"""What a run learns from and what it is measured on: MNIST, and what the run adds to it."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from digitrec.configuration import TrainingConfig
from digitrec.datasets.mnist import Mnist
from digitrec.synthetic.corruptions import corrupted
from digitrec.synthetic.digits import styled_digits
from digitrec.synthetic.marks import marked_digits
from digitrec.synthetic.non_digits import non_digits

NO_DIGIT = 10
STYLED = 45_000
CORRUPTED = 20_000
NON_DIGITS = 20_000
# Digits by rule that nothing was trained on, to set the threshold of *no digit* with.
HELD_OUT_STYLED = 3_000

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]


class Parts(NamedTuple):
    """The training pictures: uint8 (n, 28, 28) and labels uint8 (n,), twice."""

    x_train: Images
    y_train: Labels
    x_val: Images
    y_val: Labels


def split(mnist: Mnist, config: TrainingConfig) -> Parts:
    """Hold a random part of MNIST's training pictures out for validation."""
    order = np.random.default_rng(config.seed).permutation(len(mnist.x_train))
    held_out = round(len(order) * config.validation_split)
    train_part, val_part = np.sort(order[held_out:]), np.sort(order[:held_out])
    return Parts(
        mnist.x_train[train_part],
        mnist.y_train[train_part],
        mnist.x_train[val_part],
        mnist.y_train[val_part],
    )


def with_additions(parts: Parts, config: TrainingConfig) -> Parts:
    """Add to the training pictures what the run asks for; label 10 is *no digit*."""
    x, y = parts.x_train, parts.y_train
    added = [(x, y)]
    if config.styles:
        added += [styled_digits(STYLED, config.seed), marked_digits(x, y, config.seed)]
    if config.corruptions:
        chosen = np.random.default_rng(config.seed).choice(len(x), min(CORRUPTED, len(x)), False)
        added.append((corrupted(x[chosen], config.seed), y[chosen]))
    if config.non_digits:
        drawn = non_digits(NON_DIGITS, config.seed)
        added.append((drawn, np.full(len(drawn), NO_DIGIT, np.uint8)))
    pictures, labels = zip(*added, strict=True)
    return parts._replace(x_train=np.concatenate(pictures), y_train=np.concatenate(labels))


def held_out_digits(parts: Parts, config: TrainingConfig) -> Images:
    """Return digits of all styles that the run does not learn from."""
    return np.concatenate([parts.x_val, styled_digits(HELD_OUT_STYLED, config.seed + 1)[0]])
