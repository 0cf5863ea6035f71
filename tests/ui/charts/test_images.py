import io

import numpy as np
import pytest
from PIL import Image

from digitrec.ink.sketch import Sketch
from digitrec.ink.strokes import drawn_with
from digitrec.ui.charts import images, theme
from digitrec.ui.charts.images import drawing_in_theme, enlarged

DIGIT = np.zeros((28, 28), np.uint8)
DIGIT[10:18, 13:15] = 255
TRACE = [np.array([[140.0, 60.0], [140.0, 220.0]])]


@pytest.fixture(params=["light", "dark"])
def name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(images, "theme", lambda: request.param)
    return str(request.param)


def color(picture: Image.Image, x: int, y: int) -> str:
    return "#" + bytes(np.asarray(picture.convert("RGB"))[y, x]).hex()


def test_a_digit_has_the_theme_s_colors(name: str) -> None:
    picture = enlarged(DIGIT, 2)
    assert picture.size == (56, 56)
    assert color(picture, 0, 0) == theme.TILE[name]
    assert color(picture, 28, 28) == theme.INK[name]


@pytest.mark.parametrize("drawn_in", ["light", "dark"])
def test_a_drawing_has_the_colors_of_the_page_whatever_it_was_drawn_in(
    name: str, drawn_in: str
) -> None:
    sketch = Sketch(drawn_with(16, TRACE), 280, 280, theme.INK[drawn_in], theme.PAPER[drawn_in])
    picture = drawing_in_theme(sketch.picture)
    assert color(picture, 0, 0) == theme.PAPER[name]
    assert color(picture, 140, 140) == theme.INK[name]


def test_an_empty_drawing_is_paper(name: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (280, 280), "white").save(file, "PNG")
    colors = drawing_in_theme(file.getvalue()).convert("RGB").getcolors()
    assert colors is not None
    assert len(colors) == 1
    assert color(drawing_in_theme(file.getvalue()), 5, 5) == theme.PAPER[name]
