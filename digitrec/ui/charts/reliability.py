"""The reliability diagram: accuracy by confidence."""

import streamlit as st

from digitrec.formatting import counted, percent, percentage
from digitrec.recognition.metrics import ReliabilityBin
from digitrec.ui.charts.theme import text_color


def reliability_chart(bins: list[ReliabilityBin], key: str) -> None:
    """Show the accuracy of the answers in each bin of confidence."""
    centers = [f"{(part.low + part.high) / 2:.0%}" for part in bins]
    spec = {
        "grid": {"left": 40, "right": 14, "top": 14, "bottom": 48},
        "tooltip": {"trigger": "axis", "formatter": "{@[2]}"},
        "xAxis": {
            "type": "category",
            "data": centers,
            "name": "confidence",
            "nameLocation": "middle",
            "nameGap": 28,
        },
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            {
                "type": "bar",
                "data": [
                    [center, percentage(part.accuracy), _reliability_text(part)]
                    for center, part in zip(centers, bins, strict=True)
                ],
                "barCategoryGap": "6%",
                "itemStyle": {"opacity": 0.6},
            },
            {
                "type": "line",
                "data": [percentage(part.confidence) for part in bins],
                "showSymbol": False,
                "lineStyle": {"type": "dashed", "width": 1.5, "color": text_color()},
            },
        ],
        "animation": False,
    }
    shares = ", ".join(f"{percent(part.accuracy)} at {percent(part.confidence)}" for part in bins)
    st.echarts_chart(spec, height=320, key=key, alt=f"Accuracy by confidence: {shares}")


def _reliability_text(part: ReliabilityBin) -> str:
    return f"{counted(part.count, 'answer')}, {percent(part.accuracy)} correct"
