import json
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.support.patience import HANG_S

BARS = """
from digitrec.recognition.recognizer import Recognition
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
    bars = spec["series"][0]["data"]
    words = [bar["label"]["formatter"] for bar in bars]
    assert words == ["99.99%", *[""] * 9]


def test_accuracy_is_shown_in_percent() -> None:
    _, spec = specs(CURVES)
    assert [line["data"] for line in spec["series"]] == [[[1.0, 99.99]], [[1, 89.47]]]
    assert spec["tooltip"]["valueFormatter"] == "%.2f%%"
    assert spec["yAxis"]["max"] == 100


def test_a_reliability_bar_shows_its_number_of_answers() -> None:
    (spec,) = specs(RELIABILITY)
    words = [bar[2] for bar in spec["series"][0]["data"]]
    assert words == ["1 answer, 100.00% correct", "30,000 answers, 99.99% correct"]
