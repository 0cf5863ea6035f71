"""Detects several digits side by side, which a single-digit network may read as one.

It may read 10 as 0, for example.
"""

import numpy as np

from digitrec.arrays import Digits, Mask

# Levels above this, of 255, are ink. A part is a digit of its own if it has at least this share of
# the height of all ink and this share of the ink. 12 of MNIST's 60,000 training pictures have two
# such parts, and none of 6,057 digits that 110 people drew with a pen on a tablet.
INK_LEVEL = 60
MIN_HEIGHT = 0.6
MIN_INK = 0.15

# The least empty space between parts, as a share of the height of all ink: one column in MNIST.
MIN_GAP = 0.05


def shows_multiple_digits(digit: Digits) -> bool:
    """Return whether two or more tall parts stand side by side, with empty columns between them.

    Args:
        digit: uint8 (28, 28), white ink (255) on black (0).
    """
    return has_several_tall_parts(digit > INK_LEVEL)


def has_several_tall_parts(ink: Mask) -> bool:
    """Return the same for ink at any scale.

    Args:
        ink: bool (height, width).
    """
    columns = np.flatnonzero(ink.any(axis=0))
    if not len(columns):
        return False
    height = _height(ink)
    gaps = np.flatnonzero(np.diff(columns) > max(1, MIN_GAP * height)) + 1
    begins, ends = columns[[0, *gaps]], columns[[*(gaps - 1), -1]] + 1
    least = MIN_INK * np.count_nonzero(ink)
    parts = [ink[:, begin:end] for begin, end in zip(begins, ends, strict=True)]
    tall = [p for p in parts if np.count_nonzero(p) >= least and _height(p) >= MIN_HEIGHT * height]
    return len(tall) > 1


def _height(ink: Mask) -> int:
    return int(np.ptp(np.flatnonzero(ink.any(axis=1)))) + 1
