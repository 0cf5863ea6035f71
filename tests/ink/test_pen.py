import numpy as np
import pytest

from digitrec.ink.pen import render
from tests.support.digits import strokes_of


def test_a_line_is_as_wide_as_its_pen_and_ends_round() -> None:
    drawn = render(strokes_of([[(10, 20), (30, 20)]], 8), 40) / 255
    assert drawn[:, 20].sum() == pytest.approx(8, abs=0.5)
    assert np.flatnonzero(drawn[20] > 0.5)[[0, -1]] == pytest.approx([6, 33], abs=1)
    assert drawn[17, 6] < 0.5  # a square end would fill this corner


def test_a_single_point_is_a_dot() -> None:
    drawn = render(strokes_of([[(20, 20)]], 10), 40) / 255
    assert drawn.sum() == pytest.approx(np.pi * 25, rel=0.06)


def test_each_stroke_has_its_own_pen() -> None:
    thin, wide = strokes_of([[(5, 5), (35, 5)]], 2), strokes_of([[(5, 25), (35, 25)]], 6)
    drawn = render(thin + wide, 40) / 255
    assert drawn[:15, 20].sum() == pytest.approx(2, abs=0.4)
    assert drawn[15:, 20].sum() == pytest.approx(6, abs=0.4)


def test_no_strokes_give_an_empty_picture() -> None:
    assert render((), 28).max() == 0
