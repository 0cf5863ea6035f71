"""Small pictures made fit to be looked at."""

import numpy as np
import numpy.typing as npt
from PIL import Image


def enlarged(digit: npt.NDArray[np.uint8], factor: int) -> Image.Image:
    """Return uint8 (28, 28) as a picture in which every pixel is a square.

    Args:
        digit: White ink (255) on black (0).
        factor: The squares' side in pixels.
    """
    height, width = digit.shape
    size = (width * factor, height * factor)
    return Image.fromarray(digit).resize(size, Image.Resampling.NEAREST)
