import numpy as np
import pytest

from digitrec.ink.pen import picture_of, render
from digitrec.ink.preprocessing import open_picture
from digitrec.ink.strokes import Stroke


def test_a_line_is_as_wide_as_its_pen_and_ends_round() -> None:
    drawn = render([np.array([[10.0, 20.0], [30.0, 20.0]])], 40, [8.0]) / 255
    assert drawn[:, 20].sum() == pytest.approx(8, abs=0.5)
    assert np.flatnonzero(drawn[20] > 0.5)[[0, -1]] == pytest.approx([6, 33], abs=1)
    assert drawn[17, 6] < 0.5  # a square end would fill this corner


def test_a_single_point_is_a_dot() -> None:
    drawn = render([np.array([[20.0, 20.0]])], 40, [10.0]) / 255
    assert drawn.sum() == pytest.approx(np.pi * 25, rel=0.06)


def test_each_stroke_has_its_own_pen() -> None:
    strokes = [np.array([[5.0, 5.0], [35.0, 5.0]]), np.array([[5.0, 25.0], [35.0, 25.0]])]
    drawn = render(strokes, 40, [2.0, 6.0]) / 255
    assert drawn[:15, 20].sum() == pytest.approx(2, abs=0.4)
    assert drawn[15:, 20].sum() == pytest.approx(6, abs=0.4)


def test_a_picture_has_the_colors_of_ink_and_paper() -> None:
    line: list[Stroke] = [{"width": 8, "points": [[10, 20], [30, 20]]}]
    picture = np.asarray(
        open_picture(picture_of(line, 40, 30, "#f4f5f7", "#262522")).convert("RGB")
    )
    assert picture.shape == (30, 40, 3)
    assert picture[20, 20].tolist() == [0xF4, 0xF5, 0xF7]
    assert picture[5, 20].tolist() == [0x26, 0x25, 0x22]


def test_no_strokes_give_an_empty_picture() -> None:
    assert render([], 28, []).max() == 0
