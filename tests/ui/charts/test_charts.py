import json
import tomllib
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from digitrec.settings import PROJECT_DIR
from digitrec.ui.charts.comparison import COLORS, smoothed
from tests.support.patience import HANG_S

BARS = """
from digitrec.recognition.recognition import Recognition
from digitrec.ui.charts.probabilities import probability_chart

probabilities = (0.999961, 0.0, 0.00001, 0.000029, *[0.0] * 6)
probability_chart(Recognition(0, 0.999961, probabilities, True, 1.0), key="bars")
"""

CURVES = """
from digitrec.runs.progress import Progress
from digitrec.ui.charts.curves import training_curves
from tests.support.runs import epoch_end, step

measured = step(loss=0.25, accuracy=0.999961)
end = epoch_end(val_loss=0.5, val_accuracy=0.8947)
training_curves(Progress(1, 1, [measured], [end]), key="curves")
"""

LONG_CURVES = """
from digitrec.runs.progress import Progress
from digitrec.ui.charts.curves import training_curves
from tests.support.runs import epoch_end, step

sampled = {2: 0.9, 4: 0.7}
steps = [
    step(1, number, val_loss=sampled.get(number), val_accuracy=sampled.get(number))
    for number in range(1, 6)
]
training_curves(Progress(1, 5, steps, [epoch_end(val_loss=0.5, val_accuracy=0.9)]), key="curves")
"""

RELIABILITY = """
from digitrec.recognition.metrics import ReliabilityBin
from digitrec.ui.charts.reliability import reliability_chart

bins = [ReliabilityBin(0.8, 0.9, 1, 0.85, 1.0), ReliabilityBin(0.9, 1.0, 30_000, 0.98, 0.999967)]
reliability_chart(bins, key="reliability")
"""


def specs(script: str) -> list[dict[str, Any]]:
    """Return the specs of the charts that a script shows."""
    app = AppTest.from_string(script, default_timeout=HANG_S).run()
    assert not app.exception
    return [json.loads(chart.proto.spec) for chart in app.get("echarts_chart")]


def test_the_bars_match_the_confidence() -> None:
    (spec,) = specs(BARS)
    words = spec["yAxis"][1]["data"]
    assert words == ["99.99%", *[""] * 9]


def test_accuracy_is_shown_in_percent() -> None:
    _, spec = specs(CURVES)
    training, validation = (line["data"] for line in spec["series"])
    assert training == [[1.0, 99.99]]
    assert [point["value"] for point in validation] == [[1, 89.47]]
    assert spec["tooltip"]["valueFormatter"] == "%.2f%%"
    assert spec["yAxis"]["max"] == 100


def test_wherever_one_hovers_between_measurements_both_curves_have_a_point() -> None:
    loss, _ = specs(LONG_CURVES)
    training, validation = (line["data"] for line in loss["series"])
    assert [at for at, _ in training] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert [point["value"] for point in validation] == [
        [0.4, 0.9], [0.6, 0.8], [0.8, 0.7], [1, 0.5],
    ]  # fmt: skip
    assert [point["symbol"] for point in validation] == ["none"] * 3 + ["circle"]


def test_the_loss_has_a_logarithmic_scale_on_demand() -> None:
    app = AppTest.from_string(LONG_CURVES, default_timeout=HANG_S).run()
    assert [kind(app, number) for number in (0, 1)] == ["value", "value"]
    app.toggle(key="curves_log").set_value(True).run()
    assert [kind(app, number) for number in (0, 1)] == ["log", "log"]


def test_a_logarithmic_scale_shows_the_error_rate() -> None:
    app = AppTest.from_string(CURVES, default_timeout=HANG_S).run()
    app.toggle(key="curves_log").set_value(True).run()
    spec = json.loads(app.get("echarts_chart")[1].proto.spec)
    assert spec["title"]["text"] == "Error rate"
    training, validation = (line["data"] for line in spec["series"])
    assert training == [[1.0, 0.01]]
    assert [point["value"] for point in validation] == [[1, 10.53]]


def kind(app: AppTest, number: int) -> str:
    return json.loads(app.get("echarts_chart")[number].proto.spec)["yAxis"]["type"]


def test_a_reliability_bar_shows_its_number_of_answers() -> None:
    (spec,) = specs(RELIABILITY)
    words = [bar[2] for bar in spec["series"][0]["data"]]
    assert words == ["1 answer, 100.00% correct", "30,000 answers, 99.99% correct"]


def test_smoothing_averages_a_point_with_those_before_it() -> None:
    points = [[1, 4.0], [2, 1.0], [3, 1.0]]
    assert smoothed(points, 0) == points
    assert smoothed(points, 0.5) == [[1, 4.0], [2, 2.0], [3, pytest.approx(10 / 7)]]


@pytest.mark.parametrize("color", COLORS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_curves_stand_out_from_the_page(color: str, theme: str) -> None:
    config = (PROJECT_DIR / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    page = tomllib.loads(config)["theme"][theme]["backgroundColor"]
    lighter, darker = sorted((luminance(color), luminance(page)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def luminance(color: str) -> float:
    """Return a color's relative luminance, as WCAG 2 defines it."""
    parts = [value / 255 for value in bytes.fromhex(color[1:])]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(share * x for share, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
