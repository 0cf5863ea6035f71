"""Ten test digits whose predictions a run logs after each epoch.

One of each digit; each is one that seed-cnn recognizes after training, but with low confidence.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from digitrec.datasets.mnist import load_mnist

INDICES = (7216, 716, 2098, 449, 115, 3558, 1014, 1039, 947, 359)


@cache
def watched_digits() -> npt.NDArray[np.uint8]:
    """Return the digits 0 to 9 in order: uint8 (10, 28, 28), white ink (255) on black."""
    return load_mnist().x_test[list(INDICES)]
