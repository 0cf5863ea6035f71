import numpy as np
import pytest

from digitrec.ink.strokes import Stroke, centered_strokes, same_strokes
from tests.support.digits import strokes_of

LINE = [(10.0, 20.0), (30.0, 60.0)]


def test_strokes_of_the_same_numbers_are_equal() -> None:
    assert strokes_of([LINE]) == strokes_of([LINE])
    assert len({*strokes_of([LINE]), *strokes_of([LINE])}) == 1
    assert strokes_of([LINE]) != strokes_of([LINE], 15)
    assert strokes_of([LINE]) != strokes_of([LINE[:1]])


def test_a_stroke_never_changes() -> None:
    points = np.array(LINE)
    stroke = Stroke(points, 16)
    with pytest.raises(ValueError, match="read-only"):
        stroke.points[0] = 7
    points[0] = 7
    assert stroke.points.tolist() == [[10, 20], [30, 60]]


def test_rounding_keeps_strokes_the_same() -> None:
    strokes = strokes_of([LINE])
    assert same_strokes(strokes, strokes_of([[(x + 0.4, y) for x, y in LINE]]))
    assert not same_strokes(strokes, strokes_of([[(x + 0.6, y) for x, y in LINE]]))
    assert not same_strokes(strokes, strokes_of([LINE, LINE]))
    assert not same_strokes(strokes, strokes_of([[*LINE, (31.0, 60.0)]]))


def test_centered_strokes_take_their_share_of_the_square() -> None:
    (stroke,) = centered_strokes(strokes_of([LINE], 8), 280, 0.5)
    assert stroke.points.tolist() == [[105, 70], [175, 210]]
    assert stroke.width == 28
