"""How datasets store pixels: range, ink color and orientation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Values
from digitrec.errors import DatasetError

SIDE = 28
PIXELS = SIDE * SIDE
# Pictures from which the format of a whole file is detected.
SAMPLE = 100
# The ink is black if the median along the edges is at least this light, of 255.
LIGHT = 192


@dataclass(frozen=True)
class PixelFormat:
    """How a file stores its pixels.

    Attributes:
        low: The value of the darkest pixel.
        high: The value of the lightest pixel.
        is_inverted: Whether the ink is black and the paper white.
        is_transposed: Whether rows and columns are swapped, as in EMNIST's files.
    """

    low: float = 0
    high: float = 255
    is_inverted: bool = False
    is_transposed: bool = False

    def digit(self, values: Values) -> npt.NDArray[np.uint8]:
        """Return a picture as uint8 (28, 28), white ink (255) on black (0).

        Args:
            values: The 784 numbers of a picture, any numeric dtype.

        Raises:
            DatasetError: If a number is below ``low`` or above ``high``.
        """
        if not (self.low <= values.min() and values.max() <= self.high):
            raise DatasetError(
                f"expected pixels from {self.low:g} to {self.high:g}, got {_outlier(values, self)}"
            )
        shares = (values.astype(np.float64) - self.low) / (self.high - self.low)
        digit = np.rint(shares * 255).astype(np.uint8).reshape(SIDE, SIDE)
        digit = 255 - digit if self.is_inverted else digit
        return np.ascontiguousarray(digit.T) if self.is_transposed else digit


def detect_pixel_format(sample: Sequence[Values], is_transposed: bool = False) -> PixelFormat:
    """Detect the pixel format from a file's first pictures: 0–255, 0–1 or −1–1.

    Args:
        sample: Pictures of 784 numbers each.
        is_transposed: Whether rows and columns are swapped.
    """
    pictures = [values for values in sample if values.max() > values.min()]
    if not pictures:
        return PixelFormat(is_transposed=is_transposed)
    high = 1 if np.median([values.max() for values in pictures]) <= 1 else 255
    low = -1 if high == 1 and np.median([values.min() for values in pictures]) < 0 else 0
    edges = np.stack([_edge(values) for values in pictures])
    is_inverted = bool((np.median(edges) - low) / (high - low) * 255 >= LIGHT)
    return PixelFormat(low, high, is_inverted, is_transposed)


def _edge(values: Values) -> Values:
    picture = values.reshape(SIDE, SIDE)
    return np.concatenate([picture[0], picture[-1], picture[1:-1, 0], picture[1:-1, -1]])


def _outlier(values: Values, expected: PixelFormat) -> str:
    wrong = values[~((values >= expected.low) & (values <= expected.high))]
    return f"{wrong[0]:g}"
