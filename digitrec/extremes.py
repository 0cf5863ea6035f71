"""The greatest and the least value near each pixel, and what is connected.

Pillow's filters look at all of a window's pixels for each one, and its flood fill takes a step of
Python for each pixel.
"""

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def greatest_near(pixels: Pixels, size: int) -> Pixels:
    """Return the greatest value in the square window around each pixel.

    Args:
        pixels: uint8 (height, width).
        size: The window's side, an odd number.
    """
    for _ in ("rows", "columns"):
        padded = np.pad(pixels, ((size // 2, size // 2), (0, 0)))
        pixels = _greatest_of_next(padded, size).T
    return pixels


def least_near(pixels: Pixels, size: int) -> Pixels:
    """Return the least value in the square window around each pixel, as ``greatest_near`` does."""
    return 255 - greatest_near(255 - pixels, size)


def _greatest_of_next(pixels: Pixels, size: int) -> Pixels:
    """Return the greatest of each pixel and those below it, so many in all."""
    reached = 1
    while reached < size:
        step = min(reached, size - reached)
        pixels = np.maximum(pixels[:-step], pixels[step:])
        reached += step
    return pixels


def connected_parts(marks: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Number the parts that marked pixels form with those above, below and beside them.

    Args:
        marks: bool (height, width).

    Returns:
        The number of each pixel's part, (height, width): 0 where there is no mark, then 1 and more
        in the order of their first pixels.
    """
    edges = np.diff(np.pad(marks, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, begins = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    root = _united(len(rows), *_touching(rows, begins, ends, edges.shape[1]))
    _, number = np.unique(root, return_inverse=True)
    parts = np.zeros(marks.shape, np.intp)
    parts[marks] = np.repeat(number + 1, ends - begins)
    return parts


Numbers = npt.NDArray[np.intp]


def _touching(
    rows: Numbers, begins: Numbers, ends: Numbers, width: int
) -> tuple[list[int], list[int]]:
    """Return the pairs of runs that touch, one below the other."""
    above = (rows - 1) * width
    first = np.searchsorted(rows * width + ends, above + begins, side="right")
    behind = np.searchsorted(rows * width + begins, above + ends, side="left")
    count = np.maximum(behind - first, 0)
    lower = np.repeat(np.arange(len(rows)), count)
    upper = np.arange(len(lower)) - np.repeat(np.cumsum(count) - count, count) + first[lower]
    return upper.tolist(), lower.tolist()


def _united(count: int, upper: list[int], lower: list[int]) -> list[int]:
    """Return for each of some things the first of those that it is connected with by pairs."""
    root = list(range(count))

    def first(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for one, other in zip(upper, lower, strict=True):
        low, high = sorted((first(one), first(other)))
        root[high] = low
    return [first(one) for one in range(count)]
