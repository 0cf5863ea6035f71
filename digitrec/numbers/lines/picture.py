"""A line's picture as the line reader sees it."""

import numpy as np
from PIL import Image

from digitrec.arrays import Floats, Pixels
from digitrec.numbers.lines.symbols import HEIGHT, PAPER_LEVEL

# Paper and ink are the levels at these percentiles of a line's darkness.
PAPER_PERCENTILE, INK_PERCENTILE = 35, 99
LEAST_CONTRAST = 1e-3


def line_picture(darkness: Floats) -> Pixels:
    """Scale a line to the height that the reader expects, and its paper and ink to fixed levels.

    Args:
        darkness: float32 (height, width), higher where it is darker, in any unit.

    Returns:
        uint8 (40, n).
    """
    height, width = darkness.shape
    size = (max(1, round(width * HEIGHT / height)), HEIGHT)
    how = Image.Resampling.BOX if height > HEIGHT else Image.Resampling.BICUBIC
    return normalized(np.asarray(Image.fromarray(darkness).resize(size, how)))


def normalized(darkness: Floats) -> Pixels:
    """Bring paper and ink to fixed levels, uint8."""
    paper, ink = np.percentile(darkness, [PAPER_PERCENTILE, INK_PERCENTILE])
    shares = (darkness - paper) / max(ink - paper, LEAST_CONTRAST)
    levels = PAPER_LEVEL + (255 - PAPER_LEVEL) * shares
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)
