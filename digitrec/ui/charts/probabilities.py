"""Bars with the probability of each answer."""

from operator import itemgetter

import streamlit as st

from digitrec.formatting import percent, percentage
from digitrec.recognition.recognition import Recognition
from digitrec.ui.charts.theme import text_color

NOT_A_DIGIT = "Not a digit"
# Below this the bar has no figure.
LEAST_SHOWN = 0.001


def probability_chart(recognition: Recognition, key: str, *, large: bool = False) -> None:
    """Show the probability of each answer the model can give as a bar.

    Args:
        recognition: The answer.
        key: The chart's key.
        large: Whether it is to be read from the last row.
    """
    font, height = (22, 38) if large else (14, 22)
    look = {"fontSize": font - 2, "interval": 0, "color": text_color()}
    shares = recognition.shares
    names = answer_names(recognition)
    figures = [percent(share) if share >= LEAST_SHOWN else "" for share in shares]
    axis = {
        "type": "category",
        "inverse": True,
        "axisLine": {"show": False},
        "axisTick": {"show": False},
    }
    bars = [
        {
            "value": percentage(share),
            "itemStyle": {"opacity": 1 if label == recognition.label else 0.45},
        }
        for label, share in enumerate(shares)
    ]
    spec = {
        "grid": {"left": 24, "right": 4, "top": 4, "bottom": 4},
        "xAxis": {"type": "value", "min": 0, "max": 100, "show": False},
        "yAxis": [
            axis | {"data": names, "axisLabel": {"fontSize": font, "interval": 0}},
            axis | {"data": figures, "axisLabel": look},
        ],
        "series": [
            {
                "type": "bar",
                "data": bars,
                "barCategoryGap": "30%",
                "showBackground": True,
                "backgroundStyle": {"color": "rgba(128,128,128,0.12)"},
                "itemStyle": {"borderRadius": 3},
            }
        ],
        "animationDuration": 150,
        "animationDurationUpdate": 150,
    }
    leading, share = max(zip(names, shares, strict=True), key=itemgetter(1))
    text = f"Probability of each answer; highest: {leading}, {percent(share)}"
    st.echarts_chart(spec, height=height * len(shares), key=key, alt=text)


def answer_names(recognition: Recognition) -> list[str]:
    """Return the name of each answer the model can give."""
    return [*map(str, range(10)), NOT_A_DIGIT][: len(recognition.shares)]
