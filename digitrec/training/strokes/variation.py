"""Varies how a drawing is drawn: the order, direction and spacing of its points, and its shape.

A left-handed person draws many strokes the other way, and a mouse leaves fewer points than a pen.
"""

import math
from collections.abc import Sequence

import numpy as np

from digitrec.arrays import Doubles, Floats, Points
from digitrec.ink.pen_path import fit_box, path_features, pen_path
from digitrec.synthetic.handwriting import Rng, chance

# The shares of drawings whose strokes are in another order, and that are drawn from end to start;
# and of strokes that are drawn the other way.
REORDERED = 0.15
RETRACED = 0.15
REVERSED = 0.1
# The share of drawings with fewer points, and how few of them are left at least.
THINNED = 0.2
LEAST_KEPT = 0.2
# Standard deviations.
TURN_RAD = 0.14
SLANT = 0.22
STRETCH = 0.16
FINE_WAVE = 0.018
COARSE_WAVE = 0.04
JITTER = 0.004


def varied_features(drawings: Sequence[Sequence[Points]], rng: Rng) -> Floats:
    """Return the network's input for drawings, each varied at random: float32 (n, 96, 9).

    Args:
        drawings: The traces of each, float64 (n, 2), in any unit.
        rng: Random number generator.
    """
    paths = np.stack([pen_path(redrawn(traces, rng)) for traces in drawings])
    return path_features(bent(fit_box(paths[..., :2].astype(np.float64)), rng), paths[..., 2])


def redrawn(traces: Sequence[Points], rng: Rng) -> list[Points]:
    """Return the same drawing with its strokes in another order, direction or spacing.

    Args:
        traces: float64 (n, 2) each.
        rng: Random number generator.
    """
    order = rng.permutation(len(traces)) if chance(rng, REORDERED) else range(len(traces))
    changed = [traces[i] for i in order]
    if chance(rng, RETRACED):
        changed = [trace[::-1] for trace in reversed(changed)]
    if chance(rng, THINNED):
        kept = rng.uniform(LEAST_KEPT, 1)
        changed = [_thinned(trace, kept, rng) for trace in changed]
    return [trace[::-1] if chance(rng, REVERSED) else trace for trace in changed]


def _thinned(trace: Points, kept: float, rng: Rng) -> Points:
    inner = rng.random(len(trace)) < kept
    inner[[0, -1]] = True
    return trace[inner]


def bent(places: Doubles, rng: Rng) -> Doubles:
    """Turn, slant, stretch and bend paths at random.

    Args:
        places: float64 (n, 96, 2), as ``fit_box`` returns them.
        rng: Random number generator.

    Returns:
        The same, in their new boxes.
    """
    count = len(places)
    x, y = np.moveaxis(places * np.exp(rng.normal(0, STRETCH, (count, 1, 2))), -1, 0)
    x = x + rng.normal(0, SLANT, (count, 1)) * y
    turn = rng.normal(0, TURN_RAD, (count, 1))
    cos, sin = np.cos(turn), np.sin(turn)
    moved = np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)
    along = np.linspace(0, 1, places.shape[1])[None, :, None]
    for _ in range(2):
        moved += _wave(along, (0.5, 3.0), FINE_WAVE, count, rng)
    moved += _wave(moved[..., ::-1], (0.4, 1.2), COARSE_WAVE, count, rng)
    return fit_box(moved + rng.normal(0, JITTER, moved.shape))


def _wave(
    at: Doubles, frequencies: tuple[float, float], amplitude: float, count: int, rng: Rng
) -> Doubles:
    frequency = rng.uniform(*frequencies, (count, 1, 2))
    phase = rng.uniform(0, 2 * math.pi, (count, 1, 2))
    size = np.abs(rng.normal(0, amplitude, (count, 1, 2)))
    return size * np.sin(2 * math.pi * frequency * at + phase)
