import numpy as np
import pytest

from digitrec.ink.find_ink import find_ink
from digitrec.ink.preprocessing import open_picture, preprocess_drawing
from digitrec.ink.sketch import Sketch
from tests.support.digits import DIGITS, strokes_of

BEYOND = [[(-60.0, 100.0), (200.0, 120.0)], [(150.0, 20.0), (140.0, 250.0)]]
COLORS = ("#f4f5f7", "#262522")


def test_a_picture_has_the_colors_of_ink_and_paper() -> None:
    sketch = Sketch(strokes_of([[(10, 20), (30, 20)]], 8), 40, 30, *COLORS)
    picture = np.asarray(open_picture(sketch.picture).convert("RGB"))
    assert picture.shape == (30, 40, 3)
    assert picture[20, 20].tolist() == [0xF4, 0xF5, 0xF7]
    assert picture[5, 20].tolist() == [0x26, 0x25, 0x22]


@pytest.mark.parametrize("lines", [*DIGITS.values(), BEYOND])
@pytest.mark.parametrize("colors", [("black", "white"), COLORS])
def test_its_input_is_the_same_as_its_pictures(
    lines: list[list[tuple[float, float]]], colors: tuple[str, str]
) -> None:
    sketch = Sketch(strokes_of(lines), 280, 280, *colors)
    picture = open_picture(sketch.picture)
    assert sketch.steps is not None
    made = sketch.steps.digit_input.astype(int)
    assert np.abs(made - preprocess_drawing(picture, sketch.strokes)).max() <= 2
    assert np.abs(sketch.ink - find_ink(picture)).max() < 0.02


def test_an_invisible_drawing_has_no_input() -> None:
    assert Sketch(strokes_of([[(-90, 60), (-90, 200)]]), 280, 280).steps is None
    assert Sketch((), 280, 280).steps is None


def test_each_result_is_computed_once() -> None:
    sketch = Sketch(strokes_of(DIGITS[4]), 280, 280)
    assert sketch.ink is sketch.ink
    assert sketch.steps is sketch.steps
    assert sketch.picture is sketch.picture
