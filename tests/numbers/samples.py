"""Numbers for tests: the digits of ``tests.support.digits`` side by side."""

import numpy as np

from digitrec.arrays import Points
from digitrec.ink.strokes import drawn_with
from digitrec.numbers.composition import ComposedNumber
from tests.support.digits import traces_of


def write(text: str, *, gap: float = 12, height: float = 120, pen: float = 8) -> ComposedNumber:
    """Write digits from left to right; ``gap`` is the space between boxes, in pixels."""
    traces: list[Points] = []
    owners: list[int] = []
    left = 20.0
    for number, character in enumerate(text):
        digit = traces_of(int(character))
        points = np.concatenate(digit)
        corner, extent = points.min(axis=0), np.ptp(points, axis=0)
        scale = height / extent[1]
        traces += [(trace - corner) * scale + [left, 30] for trace in digit]
        owners += [number] * len(digit)
        left += float(extent[0] * scale) + pen + gap
    return ComposedNumber(drawn_with(pen, traces), owners)
