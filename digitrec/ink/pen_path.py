"""The pen's path as the input of a network that reads strokes.

The strokes are joined in the order in which they were drawn, by straight moves of the lifted pen,
and sampled at equal distances: how fast the pen was, and how many points it left, makes no
difference.
"""

from collections.abc import Sequence

import numpy as np

from digitrec.arrays import Doubles, Floats, Points

POINTS = 96
# x and y; direction; doubled direction, which is the same both ways; turn; whether it is lifted.
CHANNELS = 9
# Shorter distances count as none, in the units of the points.
NEGLIGIBLE = 1e-9


def pen_path(traces: Sequence[Points]) -> Floats:
    """Sample the pen's path at equal distances.

    Args:
        traces: The pen's traces, in any unit; y grows downward. At least one point.

    Returns:
        float32 (96, 3): x and y in the same unit, and 1 on the way from one trace to the next, else
        0. A dot is one point 96 times.
    """
    points = np.concatenate(traces)
    lifted = np.zeros(len(points))
    lifted[np.cumsum([len(trace) for trace in traces[:-1]], dtype=int)] = 1
    steps = np.hypot(*np.diff(points, axis=0).T)
    moves = np.concatenate([[True], steps > NEGLIGIBLE])
    points, lifted = points[moves], lifted[moves]
    distances = np.concatenate([[0.0], np.cumsum(steps[moves[1:]])])
    at = np.linspace(0, distances[-1], POINTS)
    ends = np.clip(np.searchsorted(distances, at), min(1, len(points) - 1), len(points) - 1)
    x, y = (np.interp(at, distances, axis) for axis in points.T)
    return np.stack([x, y, lifted[ends]], axis=1).astype(np.float32)


def fit_box(places: Doubles) -> Doubles:
    """Move and scale paths to a box around 0 whose longer side is 1.

    Args:
        places: float64 (n, 96, 2), x and y.
    """
    low, high = places.min(axis=1, keepdims=True), places.max(axis=1, keepdims=True)
    sides = np.maximum((high - low).max(axis=2, keepdims=True), NEGLIGIBLE)
    return (places - (low + high) / 2) / sides


def path_features(places: Doubles, lifted: Floats) -> Floats:
    """Return the input of the network.

    Args:
        places: float64 (n, 96, 2), x and y, as ``fit_box`` returns them.
        lifted: float32 (n, 96), 1 where the pen is lifted, else 0.

    Returns:
        float32 (n, 96, 9), -1 to 1: x and y; cosine and sine of the direction, of twice the
        direction, and of the turn since the point before; and whether the pen is lifted.
    """
    steps = np.gradient(places, axis=1)
    x, y = np.moveaxis(steps / np.maximum(np.hypot(*steps.T).T[..., None], NEGLIGIBLE), -1, 0)
    ahead, aside = np.zeros_like(x), np.zeros_like(x)
    ahead[:, 1:] = x[:, 1:] * x[:, :-1] + y[:, 1:] * y[:, :-1]
    aside[:, 1:] = y[:, 1:] * x[:, :-1] - x[:, 1:] * y[:, :-1]
    directions = [x, y, x * x - y * y, 2 * x * y, ahead, aside]
    features = [2 * places[..., 0], 2 * places[..., 1], *directions, lifted]
    return np.stack(features, axis=-1).astype(np.float32)


def drawing_features(drawings: Sequence[Sequence[Points]]) -> Floats:
    """Return the input of the network for drawings as they are, float32 (n, 96, 9).

    Args:
        drawings: The traces of each drawing, in any unit; each has at least one point.
    """
    paths = np.array([pen_path(traces) for traces in drawings], np.float32).reshape(-1, POINTS, 3)
    return path_features(fit_box(paths[..., :2].astype(np.float64)), paths[..., 2])
