from itertools import pairwise

import numpy as np
import pytest

from digitrec.arrays import Ink
from digitrec.numbers.composition import HEIGHT, MAX_BOX_OVERLAP, PEN_WIDTHS, Spacing, compose
from tests.support.digits import DIGITS

ROUNDING = 3


def digits(text: str) -> list[list[np.ndarray]]:
    return [[np.array(stroke, float) for stroke in DIGITS[int(c)]] for c in text]


def gaps(layers: Ink) -> list[int]:
    """The gaps between bounding boxes, in pixels."""
    sides = [np.flatnonzero((layer > 0).any(axis=0)) for layer in layers]
    return [int(right[0] - left[-1] - 1) for left, right in pairwise(sides)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("spacing", "least", "most"),
    [
        (Spacing.APART, 0.1, 0.5),
        (Spacing.CLOSE, 0, 0.1),
        (Spacing.TOUCHING, -MAX_BOX_OVERLAP, 0),
    ],
)
def test_gaps_are_in_range(spacing: Spacing, least: float, most: float, seed: int) -> None:
    number = compose(digits("80352"), spacing, np.random.default_rng(seed))
    for gap in gaps(number.layers()):
        assert least * HEIGHT - ROUNDING <= gap <= most * HEIGHT + ROUNDING
    assert PEN_WIDTHS[0] <= number.strokes[0].width <= PEN_WIDTHS[1]


def test_touching_digits_are_at_most_two_pixels_apart() -> None:
    layers = compose(digits("88"), Spacing.TOUCHING, np.random.default_rng(1)).layers()
    grown = np.maximum.reduce([np.roll(layers[0] > 0.2, shift, axis=1) for shift in range(-2, 3)])
    assert (grown & (layers[1] > 0.2)).any()


def test_each_digit_has_its_own_layer_and_strokes() -> None:
    number = compose(digits("454"), Spacing.APART, np.random.default_rng(1))
    assert number.owners == [0, 0, 1, 2, 2]
    layers = number.layers()
    assert len(layers) == 3
    assert np.abs(layers.max(axis=0) * 255 - number.drawn()).max() <= 1
    assert all((s.points == np.rint(s.points)).all() for s in number.strokes)
