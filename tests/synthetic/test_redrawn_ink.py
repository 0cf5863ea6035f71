import numpy as np

from digitrec.synthetic.redrawn_ink import redrawn_ink
from tests.support.digits import DIGITS, traces_of

DRAWINGS = [[trace * 1000 / 280 for trace in traces_of(digit)] for digit in DIGITS]
LABELS = np.arange(10, dtype=np.uint8)


def test_each_drawing_is_drawn_as_often() -> None:
    pictures, labels = redrawn_ink(DRAWINGS, LABELS, 40, seed=0)
    assert pictures.shape == (40, 28, 28)
    assert np.bincount(labels).tolist() == [4] * 10
    assert (pictures.max(axis=(1, 2)) > 200).all()


def test_no_two_pictures_of_a_drawing_are_the_same() -> None:
    pictures, _ = redrawn_ink(DRAWINGS[:1], LABELS[:1], 20, seed=0)
    assert len({picture.tobytes() for picture in pictures}) == 20


def test_none_is_left_out_and_the_seed_repeats_them() -> None:
    first, labels = redrawn_ink(DRAWINGS, LABELS, 1, seed=3)
    again, _ = redrawn_ink(DRAWINGS, LABELS, 1, seed=3)
    assert labels.tolist() == list(range(10))
    assert (first == again).all()
