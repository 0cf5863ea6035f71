import base64
import io
import json
import zlib
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from digitrec.settings import PROJECT_DIR
from tests.digits import DIGITS, draw_digit

Opener = Callable[[str], AppTest]
# The canvas numbers the strokes.
NUMBERS = count(1)


@pytest.fixture
def open_page() -> Opener:
    """Opens a page through the router."""

    def open_it(page: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=60).run()
        if page != "digits/draw":
            app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        return app

    return open_it


def draw(app: AppTest, picture: Image.Image, strokes: list[Any] | None = None) -> AppTest:
    """Let the canvas say that a picture is on it."""
    report(app, picture, strokes)
    return app.run()


def report(app: AppTest, picture: Image.Image, strokes: list[Any] | None = None) -> None:
    """Let the canvas say so with whatever comes next."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    # They don't account for the picture, and are others for another picture.
    x, y = DIGITS[0][0][0]
    path = [["M", x, y], ["L", x + zlib.crc32(file.getvalue()) % 200, y]]
    objects = [{"type": "Path", "path": path, "strokeWidth": 16}] if strokes is None else strokes
    numbered = [{"number": next(NUMBERS)} | stroke for stroke in objects]
    app.session_state["draw_canvas"] = {
        "drawing": {
            "raw": {"objects": numbered},
            "data": "data:image/png;base64," + base64.b64encode(file.getvalue()).decode(),
        }
    }


def draw_a(app: AppTest, digit: int) -> AppTest:
    return draw(app, draw_digit(digit))


def bars(app: AppTest, key: str) -> dict[str, float]:
    """Return what a chart of probabilities shows, in percent by answer."""
    (chart,) = [one for one in app.get("echarts_chart") if f"-{key}" in one.proto.id]
    spec = json.loads(chart.proto.spec)
    values = [bar["value"] for bar in spec["series"][0]["data"]]
    return dict(zip(spec["yAxis"]["data"], values, strict=True))
