"""Validation curves of several runs in one chart, each in the run's color."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from digitrec.formatting import PERCENT, percentage
from digitrec.runs.progress import Progress

# Each passes 3:1 on the light and on the dark background.
COLORS = (
    "#4c78d0", "#d9730d", "#2e9e5b", "#e0474c", "#a45fc4",
    "#16919a", "#a98300", "#a0674b", "#d6569b", "#7f8698",
)  # fmt: skip
METRICS = (("accuracy", "Validation accuracy"), ("loss", "Validation loss"))


def compared_curves(
    runs: dict[str, Progress], colors: Sequence[str], smoothing: float, key: str
) -> None:
    """Show validation accuracy and loss of several runs, one curve each.

    Args:
        runs: The runs by title.
        colors: The runs' colors, in the same order.
        smoothing: How much the curves are smoothed, 0 to less than 1.
        key: What the widgets' keys begin with.
    """
    with st.grid(2, min_column_width=300, gap="small"):
        for metric, title in METRICS:
            curves = {name: _points(run, metric) for name, run in runs.items()}
            ends = (
                f"{name} {_format(metric) % points[-1][1]}"
                for name, points in curves.items()
                if points
            )
            st.echarts_chart(
                _chart(curves, colors, smoothing, metric, title),
                height=340,
                key=f"{key}_{metric}",
                alt=f"{title} by epoch; final values: {', '.join(ends)}",
            )


def smoothed(points: list[list[float]], smoothing: float) -> list[list[float]]:
    """Return a curve's moving average, which weights older points less and less.

    Args:
        points: Pairs of epoch and value.
        smoothing: What is left of a point's weight one point later, 0 to less than 1.
    """
    total = weight = 0.0
    curve = []
    for epoch, value in points:
        total = total * smoothing + value
        weight = weight * smoothing + 1
        curve.append([epoch, total / weight])
    return curve


def _chart(
    curves: dict[str, list[list[float]]],
    colors: Sequence[str],
    smoothing: float,
    metric: str,
    title: str,
) -> dict[str, Any]:
    named = list(zip(curves.items(), colors, strict=True))
    as_measured = [_faint(points, color) for (_, points), color in named] if smoothing else []
    return {
        "title": {"text": title},
        "legend": {"type": "scroll", "data": list(curves)},
        "grid": {"left": 24, "right": 14, "top": 36, "bottom": 48},
        "tooltip": {
            "trigger": "axis",
            "order": "valueDesc" if metric == "accuracy" else "valueAsc",
            "confine": True,
            "valueFormatter": _format(metric),
        },
        "xAxis": {
            "type": "value",
            "name": "epoch",
            "nameLocation": "middle",
            "nameGap": 26,
            "minInterval": 1,
            "axisPointer": {"label": {"precision": 0}},
            "min": "dataMin",
            "splitLine": {"show": False},
        },
        "yAxis": {"type": "value", "scale": True} | _percent_axis(metric),
        "series": as_measured
        + [_curve(name, smoothed(points, smoothing), color) for (name, points), color in named],
        "animation": False,
    }


def _curve(name: str, points: list[list[float]], color: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "color": color,
        "data": points,
        "symbolSize": 6,
        "lineStyle": {"width": 2},
        "emphasis": {"focus": "series"},
    }


def _faint(points: list[list[float]], color: str) -> dict[str, Any]:
    """Return the values as measured, behind a smoothed curve."""
    return {
        "type": "line",
        "color": color,
        "data": points,
        "showSymbol": False,
        "silent": True,
        "lineStyle": {"width": 1, "opacity": 0.35},
        "tooltip": {"show": False},
    }


def _points(progress: Progress, metric: str) -> list[list[float]]:
    """Return the epoch and the validation value of every epoch that has one."""
    values = ((end.epoch, getattr(end, f"val_{metric}")) for end in progress.epoch_ends)
    return [
        [epoch, percentage(value) if metric == "accuracy" else value]
        for epoch, value in values
        if value is not None
    ]


def _format(metric: str) -> str:
    return PERCENT if metric == "accuracy" else "%.4f"


def _percent_axis(metric: str) -> dict[str, Any]:
    return {"max": 100, "axisLabel": {"formatter": "{value}%"}} if metric == "accuracy" else {}
