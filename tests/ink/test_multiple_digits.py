import numpy as np
import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.ink.multiple_digits import shows_multiple_digits
from digitrec.ink.preprocessing import preprocess
from tests.support.digits import DIGITS, draw_digit


@pytest.mark.parametrize("digit", DIGITS)
def test_single_digits_are_not_multiple(digit: int) -> None:
    assert not shows_multiple_digits(preprocess(draw_digit(digit)))


def test_almost_no_mnist_digit_looks_like_multiple_digits() -> None:
    assert sum(map(shows_multiple_digits, load_mnist().x_train[:10_000])) <= 5


def test_tall_parts_with_a_gap_are_multiple_digits_and_specks_are_not() -> None:
    ink = np.zeros((28, 28), np.uint8)
    assert not shows_multiple_digits(ink)
    ink[4:24, 4:7] = 255
    assert not shows_multiple_digits(ink)
    ink[10:13, 12:15] = 255
    assert not shows_multiple_digits(ink)
    ink[6:22, 12:15] = 255
    assert shows_multiple_digits(ink)
    ink[20:22, 4:15] = 255
    assert not shows_multiple_digits(ink)
