"""Ten digits of the test set whose answers a run notes as it learns.

One of each kind, chosen among those that seed-cnn gets right in the end and is not sure of.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from digitrec.datasets.mnist import load_mnist

INDICES = (7216, 716, 2098, 449, 115, 3558, 1014, 1039, 947, 359)


@cache
def watched_digits() -> npt.NDArray[np.uint8]:
    """Return the pictures: uint8 (10, 28, 28), white ink (255) on black, of 0 to 9 in turn."""
    return load_mnist().x_test[list(INDICES)]
