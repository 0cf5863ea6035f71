import numpy as np
import pytest

from digitrec.rendering import render


def test_a_line_is_as_wide_as_its_pen_and_ends_round() -> None:
    drawn = render([np.array([[10.0, 20.0], [30.0, 20.0]])], 40, [8.0]) / 255
    assert drawn[:, 20].sum() == pytest.approx(8, abs=0.5)
    assert np.flatnonzero(drawn[20] > 0.5)[[0, -1]] == pytest.approx([6, 33], abs=1)
    assert drawn[17, 6] < 0.5  # the corner that a square end would fill


def test_a_single_point_is_a_dot() -> None:
    drawn = render([np.array([[20.0, 20.0]])], 40, [10.0]) / 255
    assert drawn.sum() == pytest.approx(np.pi * 25, rel=0.06)


def test_each_stroke_has_its_own_pen() -> None:
    strokes = [np.array([[5.0, 5.0], [35.0, 5.0]]), np.array([[5.0, 25.0], [35.0, 25.0]])]
    drawn = render(strokes, 40, [2.0, 6.0]) / 255
    assert drawn[:15, 20].sum() == pytest.approx(2, abs=0.4)
    assert drawn[15:, 20].sum() == pytest.approx(6, abs=0.4)


def test_nothing_is_drawn_of_nothing() -> None:
    assert render([], 28, []).max() == 0
