import json
import math
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from digitrec.ink.stroke_json import to_json
from digitrec.ink.strokes import Strokes
from digitrec.settings import PROJECT_DIR
from digitrec.ui.drawings import actions
from tests.support.digits import DIGITS, Point, strokes_of
from tests.support.patience import HANG_S

Opener = Callable[[str], AppTest]
Hurry = Callable[..., None]
# The numbers of the pen's strokes.
NUMBERS = count(1)


@pytest.fixture
def open_page() -> Opener:
    """Opens a page through the router."""

    def open_it(page: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=HANG_S).run()
        if page != "digits/home":
            app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        return app

    return open_it


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> Hurry:
    """Makes every click count as too soon after the last one, or none."""

    def set_it(*, is_on: bool) -> None:
        monkeypatch.setattr(actions, "TOO_SOON_S", math.inf if is_on else 0)

    return set_it


def draw(app: AppTest, lines: Sequence[Sequence[Point]]) -> AppTest:
    """Report strokes from the pen, and run the page."""
    report(app, strokes_of(lines))
    return app.run()


def draw_a(app: AppTest, digit: int) -> AppTest:
    return draw(app, DIGITS[digit])


def report(app: AppTest, strokes: Strokes, canvas: str = "draw") -> None:
    """Report strokes from the pen with the page's next run."""
    numbered = [{"number": next(NUMBERS)} | stroke for stroke in to_json(strokes)]
    app.session_state[f"{canvas}_pen"] = {"drawing": {"strokes": numbered}}


def bars(app: AppTest, key: str) -> dict[str, float]:
    """Return the percentages of a chart of probabilities, by answer."""
    (chart,) = [one for one in app.get("echarts_chart") if f"-{key}" in one.proto.id]
    spec = json.loads(chart.proto.spec)
    values = [bar["value"] for bar in spec["series"][0]["data"]]
    return dict(zip(spec["yAxis"][0]["data"], values, strict=True))


def pixel_pictures(app: AppTest) -> list[Any]:
    """Return the pictures of digits and maps, without those that explain terms."""
    pictures = [picture.proto.imgs[0] for picture in app.image]
    return [picture for picture in pictures if not picture.url.startswith("data:image/svg")]
