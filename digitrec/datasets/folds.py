"""Folds of writers, to measure on people whom a network hasn't learned from."""

import hashlib
from collections.abc import Sequence

import numpy as np

from digitrec.arrays import Indices

FOLDS = 5
# A network that learns from pictures of ink does without the writers of this fold.
HELD_OUT_FOLD = 0


def folds_of(writers: Sequence[str]) -> Indices:
    """Return the fold of each drawing, 0 to 4: a hash of its writer's name."""
    hashes = [hashlib.sha256(writer.encode()).hexdigest() for writer in writers]
    return np.array([int(one, 16) % FOLDS for one in hashes], np.intp)


def can_be_divided(writers: Sequence[str]) -> bool:
    """Return whether each fold has a writer."""
    return len(np.unique(folds_of(writers))) == FOLDS


def held_out(writers: Sequence[str]) -> Indices:
    """Return the rows of the fold that is held out; none if a fold has no writers."""
    if not can_be_divided(writers):
        return np.array([], np.intp)
    return np.flatnonzero(folds_of(writers) == HELD_OUT_FOLD)
