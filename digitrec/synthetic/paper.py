"""Paper as numbers are written on it: plain, patterned, ruled, shaded, and with edges of boxes."""

from collections.abc import Callable

import cv2
import numpy as np

from digitrec.arrays import Floats
from digitrec.synthetic.handwriting import Rng, chance

# The darkest pattern, where 1 is black ink.
MAX_PATTERN = 0.45


def paper(height: int, width: int, rng: Rng) -> Floats:
    """Return the darkness of random paper, float32 (height, width): 0 is plain, 1 is ink.

    Patterns are those that protect checks and tickets from copying: waves, circles, dots and lines.
    """
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    pattern = PATTERNS[rng.choice(len(PATTERNS), p=_SHARES)](across, down, rng)
    made = pattern * np.float32(rng.uniform(0.05, MAX_PATTERN))
    if chance(rng, 0.5):
        made += (across / width - 0.5) * np.float32(rng.normal(0, 0.15))
        made += (down / height - 0.5) * np.float32(rng.normal(0, 0.1))
    if chance(rng, 0.25):
        _shade_a_part(made, rng)
    return made


def rule(paper: Floats, baseline: float, rng: Rng) -> None:
    """Sometimes draw ruled lines, or an edge of a box, on paper, in place."""
    height, width = paper.shape
    if chance(rng, 0.3):
        for _ in range(rng.integers(1, 3)):
            places = (
                baseline + rng.normal(0, 3),
                rng.uniform(0, 3),
                height - 1 - rng.uniform(0, 3),
            )
            row = round(float(np.clip(rng.choice(places), 0, height - 1)))
            _draw(paper, (0, row), (width, round(row + rng.normal(0, 1.5))), rng)
    if chance(rng, 0.15):
        column = round(float(rng.choice([rng.uniform(0, 4), width - 1 - rng.uniform(0, 4)])))
        _draw(paper, (column, 0), (round(column + rng.normal(0, 1)), height), rng)


def _draw(paper: Floats, begin: tuple[int, int], end: tuple[int, int], rng: Rng) -> None:
    darkness, pen = float(rng.uniform(0.2, 0.9)), int(rng.choice([1, 1, 2]))
    cv2.line(paper, begin, end, darkness, pen, cv2.LINE_AA)


def _shade_a_part(paper: Floats, rng: Rng) -> None:
    shade, height, width = np.float32(rng.normal(0, 0.15)), *paper.shape
    if chance(rng, 0.5):
        paper[:, rng.integers(width) :] += shade
    else:
        paper[rng.integers(height) :] += shade


def _plain(across: Floats, down: Floats, rng: Rng) -> Floats:  # noqa: ARG001
    return np.zeros_like(across)


def _waves(across: Floats, down: Floats, rng: Rng) -> Floats:
    made = np.zeros_like(across)
    for _ in range(rng.integers(1, 4)):
        angle, frequency = rng.uniform(0, np.pi), rng.uniform(0.5, 1.6)
        phase = frequency * (across * np.cos(angle) + down * np.sin(angle))
        phase += _bend(across, rng.uniform(6, 30), rng) + _bend(down, rng.uniform(5, 20), rng)
        made += np.clip(np.sin(phase) - rng.uniform(0, 0.6), 0, 1)
    return made.astype(np.float32)


def _bend(places: Floats, length: float, rng: Rng) -> Floats:
    return (rng.uniform(0.5, 4) * np.sin(places / length + rng.uniform(0, 6))).astype(np.float32)


def _circles(across: Floats, down: Floats, rng: Rng) -> Floats:
    height, width = across.shape
    middle = rng.uniform(-width, 2 * width), rng.uniform(-2 * height, 3 * height)
    radius = np.hypot(across - middle[0], down - middle[1])
    rings = np.sin(radius * rng.uniform(0.6, 1.6) + rng.uniform(0, 3) * np.sin(across / 15))
    return np.clip(rings, 0, 1).astype(np.float32)


def _dots(across: Floats, down: Floats, rng: Rng) -> Floats:
    frequency = 2 * np.pi / rng.uniform(2.5, 5)
    grid = np.sin(across * frequency) + np.sin(down * frequency + rng.uniform(0, 6))
    return (grid > rng.uniform(0.4, 1.4)).astype(np.float32)


def _stripes(across: Floats, down: Floats, rng: Rng) -> Floats:
    angle = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)])
    places = across * np.sin(angle) + down * np.cos(angle)
    stripes = np.sin(places * 2 * np.pi / rng.uniform(2.5, 9))
    return (stripes > rng.uniform(0, 0.9)).astype(np.float32)


def _clouds(across: Floats, down: Floats, rng: Rng) -> Floats:  # noqa: ARG001
    height, width = across.shape
    grain = rng.normal(0, 1, (3 + height // 8, 3 + width // 8)).astype(np.float32)
    clouds = cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(clouds, np.float32)


PATTERNS: tuple[Callable[[Floats, Floats, Rng], Floats], ...] = (
    _plain, _waves, _circles, _dots, _stripes, _clouds,
)  # fmt: skip
_SHARES = (0.22, 0.3, 0.14, 0.12, 0.12, 0.1)
