"""Limits processor time to a multiple of a reference workload, so it holds on any machine."""

import functools
import time

import numpy as np
from PIL import Image, ImageFilter

# An input may take at most this many times as long as the reference workload.
MOST = 20.0


def known_work_s() -> float:
    """Return the processor time that a mix of Python, NumPy and Pillow takes right now."""
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
    """Return whether this much processor time is within the limit.

    If it isn't, the reference workload is measured again, since the machine may be busier now.
    """
    return took_s < MOST * _usual_work_s() or took_s < MOST * known_work_s()
