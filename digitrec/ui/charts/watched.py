"""Ten test digits, and how the network recognizes them while it trains."""

from typing import Any

import streamlit as st

from digitrec.datasets.watched_digits import watched_digits
from digitrec.ui.images import data_uri, enlarged


def watched_chart(answers: list[tuple[int, float]], key: str) -> None:
    """Show the watched digits, each with the network's answer and its confidence.

    Args:
        answers: The recognized digit and its probability, for each watched digit.
        key: The chart's key.
    """
    correct = sum(answer == digit for digit, (answer, _) in enumerate(answers))
    spec = {
        "grid": {"left": 4, "right": 4, "top": 30, "bottom": 8},
        "xAxis": {
            "type": "category",
            "data": [_picture_label(digit) for digit in range(len(answers))],
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": {"interval": 0, "margin": 6},
        },
        "yAxis": {"type": "value", "min": 0, "max": 1, "show": False},
        "series": [
            {
                "type": "bar",
                "data": [_answer_bar(digit, *answer) for digit, answer in enumerate(answers)],
                "barWidth": "60%",
                "label": {"show": True, "position": "top", "fontSize": 18, "fontWeight": "bold"},
            }
        ],
        "animationDurationUpdate": 300,
    }
    text = f"Ten digits of the test set with the network's answers, {correct} of them correct"
    st.echarts_chart(spec, height=130, key=key, alt=text)


def _picture_label(digit: int) -> dict[str, Any]:
    side = 30
    image = {"image": data_uri(enlarged(watched_digits()[digit], 2))}
    # The picture is the label's background; ECharts needs the hidden text to draw the label.
    style = {"width": side, "height": side, "backgroundColor": image, "fontSize": 1}
    hidden = {"color": "transparent", "textBorderWidth": 0}
    return {"value": str(digit), "textStyle": style | hidden}


def _answer_bar(digit: int, answer: float, probability: float) -> dict[str, Any]:
    color = "46,158,91" if answer == digit else "224,122,31"
    return {
        "value": probability,
        "label": {"formatter": str(int(answer)), "color": f"rgb({color})"},
        "itemStyle": {"color": f"rgba({color},0.5)", "borderRadius": [3, 3, 0, 0]},
    }
