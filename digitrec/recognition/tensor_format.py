"""From pictures to a LiteRT model's input tensor, and from its output tensor to probabilities."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitrec.arrays import Digits, Floats, Values

PIXELS = 28 * 28


@dataclass(frozen=True)
class TensorFormat:
    """How a network expects its input, and what its output means.

    The defaults are those of digitrec's own networks: pixels from 0 (black) to 1 (white ink) in,
    probabilities out.

    Attributes:
        factor: Pixels from 0 to 1 are multiplied by it.
        offset: Added to the pixels after that.
        softmax: Whether the network returns logits, so that a softmax must be applied.
    """

    factor: float = 1.0
    offset: float = 0.0
    softmax: bool = False

    def tensor(self, pictures: Digits, tensor_details: dict[str, Any]) -> Values:
        """Convert pictures to an input tensor.

        Args:
            pictures: uint8 (n, 28, 28), white ink (255) on black.
            tensor_details: LiteRT's details of the input: 784 numbers per picture in any shape, or
                (28, 28, 3) for color; any dtype.
        """
        shape = tuple(int(size) for size in tensor_details["shape"][1:])
        values = pictures.astype(np.float32) / np.float32(255)
        if (self.factor, self.offset) != (1.0, 0.0):
            values = values * np.float32(self.factor) + np.float32(self.offset)
        if is_color(shape):
            values = np.repeat(values[..., None], 3, axis=-1)
        return _quantized(values.reshape(len(pictures), *shape), tensor_details)

    def answers(self, tensor: Values, tensor_details: dict[str, Any]) -> Floats:
        """Convert an output tensor to probabilities, float32 (n, classes)."""
        scale, zero = tensor_details["quantization"]
        values = tensor.reshape(len(tensor), -1).astype(np.float32)
        if scale and tensor_details["dtype"] is not np.float32:
            values = (values - np.float32(zero)) * np.float32(scale)
        if not self.softmax:
            return values
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)


# The format of digitrec's own networks.
OWN = TensorFormat()


def is_color(shape: tuple[int, ...]) -> bool:
    """Return whether a shape is that of a color picture of 28 x 28 pixels."""
    return shape == (28, 28, 3)


def takes_digits(shape: tuple[int, ...]) -> bool:
    """Return whether a picture of 28 x 28 pixels fits a shape."""
    return math.prod(shape) == PIXELS or is_color(shape)


def _quantized(values: Floats, tensor_details: dict[str, Any]) -> Values:
    kind = np.dtype(tensor_details["dtype"])
    if kind.kind not in "iu":
        return values.astype(kind)
    scale, zero = tensor_details["quantization"]
    if scale:
        values = values / np.float32(scale) + np.float32(zero)
    limits = np.iinfo(kind)
    return np.clip(np.rint(values), limits.min, limits.max).astype(kind)
