"""Lines, curves and arcs, and the random variation of handwriting."""

import math
from itertools import pairwise

import numpy as np

from digitrec.arrays import Digit, Points
from digitrec.ink.preprocessing import preprocess_traces

# Range of pen widths, in pixels of the 28 x 28.
PEN_WIDTHS = (1.5, 3.2)

# Where a pen goes; which pen is chosen when it is drawn.
Traces = list[Points]
Rng = np.random.Generator


def picture(traces: Traces, rng: Rng) -> Digit:
    """Draw strokes as a network input, with a pen of random width.

    Returns:
        uint8 (28, 28), white ink (255) on black.
    """
    return preprocess_traces(traces, rng.uniform(*PEN_WIDTHS))


def vary(traces: Traces, rng: Rng) -> Traces:
    """Randomly bend, slant, rotate and stretch a drawing."""
    amplitude = abs(rng.normal(0, 0.035, (2, 2)))
    frequency = rng.uniform(0.4, 1.3, (2, 2))
    phase = rng.uniform(0, 2 * math.pi, (2, 2))
    turn, slant = math.radians(rng.normal(0, 6)), rng.normal(0.12, 0.22)
    stretch = math.exp(rng.normal(0, 0.16))
    cos, sin = math.cos(turn), math.sin(turn)
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[stretch, -slant], [0, 1]])
    varied = []
    for points in traces:
        moved = _with_hooks(points, rng) + rng.normal(0, 0.012, 2)
        waves = [
            sum(
                amplitude[axis, k]
                * np.sin(2 * math.pi * frequency[axis, k] * moved[:, k] + phase[axis, k])
                for k in (0, 1)
            )
            for axis in (0, 1)
        ]
        varied.append((moved + np.stack(waves, axis=1)) @ matrix.T)
    return varied


def _with_hooks(points: Points, rng: Rng) -> Points:
    """Randomly add the small hooks where a pen is put down and lifted."""
    begin, end = (
        [rng.normal(0, 0.085, 2)] if chance(rng, 0.15) and len(points) > 1 else [] for _ in range(2)
    )
    return np.concatenate(
        [
            *(line(tuple(points[0] + hook), tuple(points[0])) for hook in begin),
            points,
            *(line(tuple(points[-1]), tuple(points[-1] + hook)) for hook in end),
        ]
    )


def line(*points: tuple[float, float]) -> Points:
    """Return straight lines through points, subdivided finely."""
    corners = np.array(points, float)
    parts = [
        np.linspace(a, b, max(2, math.ceil(np.hypot(*(b - a)) / 0.06)))
        for a, b in pairwise(corners)
    ]
    return np.concatenate(parts)


def curve(*points: tuple[float, float]) -> Points:
    """Return a Catmull-Rom spline through points."""
    p = np.array(points, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, 8)[:, None]
    parts = [
        0.5
        * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )
        for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False)
    ]
    return np.concatenate(parts)


def arc(  # noqa: PLR0913, PLR0917
    cx: float, cy: float, rx: float, ry: float, begin: float, end: float
) -> Points:
    """Return an elliptic arc; angles in degrees, clockwise on the screen from the right."""
    angle = np.radians(np.linspace(begin, end, max(6, int(abs(end - begin) / 12))))
    return np.stack([cx + rx * np.cos(angle), cy + ry * np.sin(angle)], axis=1)


def chance(rng: Rng, share: float) -> bool:
    """Return True with the given probability."""
    return bool(rng.random() < share)
