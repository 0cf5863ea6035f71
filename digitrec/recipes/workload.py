"""The workload of a configuration: how many pictures it trains on, and the time for each."""

from typing import NamedTuple

from digitrec.recipes.parameters import TrainingConfig

MNIST = 60_000
STYLED = 60_000
NOISY = 40_000
NON_DIGITS = 20_000
INK = 40_000
# The share of zeros, ones and sevens in MNIST, which *Other styles* adds marks to.
MARKED_SHARE = 0.316
# With added pictures, an epoch includes each MNIST picture twice: nearly half of it is MNIST's.
MNIST_REPEATS = 2
# Teaching should take about a minute, so it divides the number of added pictures by this.
FEWER_BESIDE_DRAWINGS = 30
# Microseconds per picture, measured with `python -m benchmarks.estimate`.
TRAIN_US = {"seed-cnn": 217.0, "bn-cnn": 914.0, "bn-cnn-wide": 2700.0, "res-cnn": 1900.0}
AUGMENT_US = 60.0
# With hard examples only, a picture takes this share of the time.
HARD_SHARE = 0.45


def pictures_per_epoch(config: TrainingConfig) -> int:
    """Estimate how many pictures an epoch has, without making them."""
    mnist = round(MNIST * (1 - config.validation_split) * config.training_share)
    counts = added_counts(config)
    added = 0
    if config.styles:
        added += counts.styled + round(MARKED_SHARE * mnist)
    if config.corruptions:
        added += min(counts.noisy, mnist)
    if config.non_digits:
        added += counts.non_digits
    if config.ink:
        added += counts.ink
    learned = mnist_repeats(config) * mnist + added if added else mnist
    return round(learned * 4 / 3) if config.drawings else learned


def mnist_repeats(config: TrainingConfig) -> int:
    """Return how often an epoch includes each MNIST picture if others are added."""
    # Teaching can use only a few of MNIST's pictures, and different pictures help more than
    # repeated ones.
    return 1 if config.drawings else MNIST_REPEATS


class Added(NamedTuple):
    """How many pictures of each kind a run adds, if its configuration asks for them."""

    styled: int
    noisy: int
    non_digits: int
    ink: int


def added_counts(config: TrainingConfig) -> Added:
    """Return how many pictures of each kind a run would add."""
    fewer = FEWER_BESIDE_DRAWINGS if config.drawings else 1
    return Added(STYLED // fewer, NOISY // fewer, NON_DIGITS // fewer, INK // fewer)


def picture_seconds(config: TrainingConfig) -> float:
    """Return the seconds that each picture of an epoch takes on the reference machine."""
    train_us = TRAIN_US[config.network] * config.ensemble
    if config.hard_examples:
        train_us *= HARD_SHARE
    return (train_us + (AUGMENT_US if config.augmentation else 0)) / 1e6
