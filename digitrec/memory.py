"""Memory that a process has no more use for."""

import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Free what nothing refers to and, under Linux, return it to the system.

    The GNU C library keeps freed memory for later: after a training more than 100 MB.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
