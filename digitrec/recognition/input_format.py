"""What a LiteRT file of any program is given, and how its answer is read."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitrec.arrays import Digits, Floats, Values

PIXELS = 28 * 28


@dataclass(frozen=True)
class Feeding:
    """How pictures become a network's input, and its output probabilities.

    digitrec's own networks take pixels from 0 (black) to 1 (white ink) as they are.

    Attributes:
        factor: Pixels from 0 to 1 are multiplied by it.
        offset: This is added to them then.
        softmax: Whether the network answers with logits, which a softmax turns into
            probabilities.
    """

    factor: float = 1.0
    offset: float = 0.0
    softmax: bool = False

    def tensor(self, pictures: Digits, described: dict[str, Any]) -> Values:
        """Return pictures as an input tensor.

        Args:
            pictures: uint8 (n, 28, 28), white ink (255) on black.
            described: The input, as LiteRT describes it; 784 numbers a picture in any shape, or
                three times as many as colors, of any type.
        """
        shape = tuple(int(size) for size in described["shape"][1:])
        values = pictures.astype(np.float32) / np.float32(255)
        if (self.factor, self.offset) != (1.0, 0.0):
            values = values * np.float32(self.factor) + np.float32(self.offset)
        if is_color(shape):
            values = np.repeat(values[..., None], 3, axis=-1)
        return _quantized(values.reshape(len(pictures), *shape), described)

    def answers(self, tensor: Values, described: dict[str, Any]) -> Floats:
        """Return an output tensor as float32 (n, classes), probabilities."""
        scale, zero = described["quantization"]
        values = tensor.reshape(len(tensor), -1).astype(np.float32)
        if scale and described["dtype"] is not np.float32:
            values = (values - np.float32(zero)) * np.float32(scale)
        if not self.softmax:
            return values
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


# How digitrec's own networks are fed.
OWN = Feeding()


def is_color(shape: tuple[int, ...]) -> bool:
    """Tell whether it is the shape of a colored picture of 28 x 28 pixels."""
    return shape == (28, 28, 3)


def takes_digits(shape: tuple[int, ...]) -> bool:
    """Tell whether a picture of 28 x 28 pixels can be brought into a shape."""
    return math.prod(shape) == PIXELS or is_color(shape)


def _quantized(values: Floats, described: dict[str, Any]) -> Values:
    kind = np.dtype(described["dtype"])
    if kind.kind not in "iu":
        return values.astype(kind)
    scale, zero = described["quantization"]
    if scale:
        values = values / np.float32(scale) + np.float32(zero)
    limits = np.iinfo(kind)
    return np.clip(np.rint(values), limits.min, limits.max).astype(kind)
