from itertools import pairwise

import numpy as np

from digitrec.numbers.cuts import Segment
from digitrec.numbers.single_digit_classifier import shipped_classifier, windows
from tests.numbers.samples import write


def test_a_window_shows_the_part_and_its_surroundings() -> None:
    layers = write("28", gap=30).layers()
    line = layers.max(axis=0)
    (seen,) = windows(line, [Segment(layers[0])])
    assert seen.shape == (28, 56, 2)
    columns = np.flatnonzero(seen[:, :, 0].any(axis=0))
    assert abs(columns[0] + columns[-1] - 55) <= 2
    beside = np.flatnonzero(seen[:, :, 1].any(axis=0))
    assert beside.min() > columns.max()
    assert windows(line, []).shape == (0, 28, 56, 2)


def test_the_classifier_separates_whole_digits_from_halves_and_pairs() -> None:
    layers = write("35268", gap=4).layers()
    rows = np.flatnonzero(layers.any(axis=(0, 2)))
    layers = layers[:, rows[0] : rows[-1] + 1]
    line = layers.max(axis=0)
    halves = [layer * (np.arange(line.shape[1]) < _middle(layer)) for layer in layers]
    pairs = [np.maximum(a, b) for a, b in pairwise(layers)]
    whole = shipped_classifier().probabilities(windows(line, [Segment(layer) for layer in layers]))
    wrong = shipped_classifier().probabilities(
        windows(line, [Segment(ink) for ink in (*halves, *pairs)])
    )
    assert whole.min() > 0.5
    assert wrong.max() < 0.5


def _middle(layer: np.ndarray) -> float:
    columns = np.flatnonzero(layer.any(axis=0))
    return float(columns[0] + columns[-1]) / 2
