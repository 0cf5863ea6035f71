"""How much a configuration is to do: how many pictures it learns from, and how long each takes."""

from typing import NamedTuple

from digitrec.recipes.configuration import TrainingConfig

STYLED = 60_000
CORRUPTED = 40_000
NON_DIGITS = 20_000
# The zeros, ones and sevens among MNIST's digits, which can be marked.
MARKED_SHARE = 0.316
# Beside additions MNIST's own pictures count twice, so that they are nearly half of all.
REPEATS = 2
# Beside a person's drawings, which are to be learned in a minute, so many times fewer are added.
FEWER_BESIDE_DRAWINGS = 30
# Microseconds for each picture, by `python -m benchmarks.estimate`.
LEARN_US = {"seed-cnn": 217.0, "bn-cnn": 914.0, "bn-cnn-wide": 2700.0}
VARY_US = 60.0
# With hard examples alone, a picture takes so much of that on average.
HARD_SHARE = 0.45


def learned_picture_count(config: TrainingConfig) -> int:
    """Return about how many pictures an epoch of a run has, without making them."""
    own = round(60_000 * (1 - config.validation_split) * config.training_share)
    counts = added_counts(config)
    added = 0
    if config.styles:
        added += counts.styled + round(MARKED_SHARE * own)
    if config.corruptions:
        added += min(counts.corrupted, own)
    if config.non_digits:
        added += counts.non_digits
    learned = repeats(config) * own + added if added else own
    return round(learned * 4 / 3) if config.drawings else learned


def repeats(config: TrainingConfig) -> int:
    """Return how often MNIST's own pictures count in an epoch where others are added."""
    # A teaching has little time for MNIST: rather more of its pictures than the same ones again.
    return 1 if config.drawings else REPEATS


class Added(NamedTuple):
    """How many pictures of each kind a run adds to MNIST's, if it asks for them."""

    styled: int
    corrupted: int
    non_digits: int


def added_counts(config: TrainingConfig) -> Added:
    """Return how many pictures of each kind a run adds, of the kinds that it asks for."""
    fewer = FEWER_BESIDE_DRAWINGS if config.drawings else 1
    return Added(STYLED // fewer, CORRUPTED // fewer, NON_DIGITS // fewer)


def picture_seconds(config: TrainingConfig) -> float:
    """Return how long each picture of an epoch takes on the reference machine, in seconds."""
    learn_us = LEARN_US[config.network] * config.ensemble
    if config.hard_examples:
        learn_us *= HARD_SHARE
    return (learn_us + (VARY_US if config.augmentation else 0)) / 1e6
