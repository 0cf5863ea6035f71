"""How much work something is, as a multiple of work that is known: the same on any machine."""

import functools
import time

import numpy as np
from PIL import Image, ImageFilter

# So many times the known work is the most that an input may cost.
MOST = 20.0


def known_work_s() -> float:
    """Return the processor time that a piece of Python, NumPy and Pillow takes now."""
    begin = time.thread_time()
    sum(number % 7 for number in range(500_000))
    noise = np.random.default_rng(0).integers(0, 256, (200, 200), np.uint8)
    for _ in range(50):
        for row in noise:
            np.flatnonzero(row > 99)
    Image.fromarray(noise).filter(ImageFilter.MedianFilter(7))
    return time.thread_time() - begin


_usual_work_s = functools.cache(known_work_s)


def is_soon(took_s: float) -> bool:
    """Tell whether what took that much processor time is little enough work.

    If it isn't by what this machine usually does, the known work is measured anew: others may have
    slowed it down meanwhile.
    """
    return took_s < MOST * _usual_work_s() or took_s < MOST * known_work_s()
