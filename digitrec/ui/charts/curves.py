"""Loss and accuracy over the epochs."""

import math
from typing import Any

import numpy as np
import streamlit as st

from digitrec.formatting import PERCENT, counted, percentage
from digitrec.runs.progress import Progress
from digitrec.runs.validation import validations

# However long the run, a curve has at most this many points.
MAX_POINTS = 400
# The heading of what one reads when hovering.
_POINTER = {"axisPointer": {"label": {"precision": 2, "formatter": "Epoch {value}"}}}


def training_curves(progress: Progress, key: str) -> None:
    """Show loss and accuracy over the epochs, on the training and the validation split."""
    is_log = st.toggle(
        "Log scale for the loss",
        key=f"{key}_log",
        help="Shows small losses at the end as clearly as the large ones at the beginning.",
    )
    with st.grid(2, min_column_width=230, gap="small"):
        for metric, title in (("loss", "Loss"), ("accuracy", "Accuracy")):
            st.echarts_chart(
                _curve(progress, metric, title, is_log=is_log and metric == "loss"),
                height=260,
                key=f"{key}_{metric}",
                alt=_curve_text(progress, metric, title),
            )


def _curve(progress: Progress, metric: str, title: str, *, is_log: bool) -> dict[str, Any]:
    training = _training_points(progress, metric)
    axis = {"type": "log"} if is_log else {"scale": metric == "accuracy"}
    return {
        "title": {"text": title},
        "legend": {"data": ["training", "validation"]},
        "grid": {"left": 24, "right": 14, "top": 36, "bottom": 48},
        "tooltip": {"trigger": "axis", "valueFormatter": _format(metric)},
        "xAxis": _epoch_axis() | {"min": 0, "max": progress.epochs} | _POINTER,
        "yAxis": _metric_axis(metric) | axis,
        "series": [
            {
                "name": "training",
                "type": "line",
                "data": _positive(training) if is_log else training,
                "showSymbol": False,
                "lineStyle": {"width": 1.5},
            },
            {
                "name": "validation",
                "type": "line",
                "data": _validation_items(progress, metric, [at for at, _ in training], is_log),
                "symbolSize": 8,
                "lineStyle": {"width": 2.5},
            },
        ],
        "animation": False,
    }


def _training_points(progress: Progress, metric: str) -> list[list[float]]:
    every = math.ceil(max(len(progress.steps), 1) / MAX_POINTS)
    return [
        [round(progress.epochs_at(step), 4), _shown(metric, getattr(step, metric))]
        for step in progress.steps[::every]
    ]


def _validation_items(
    progress: Progress, metric: str, places: list[float], is_log: bool
) -> list[dict[str, Any]]:
    """Return the points of the validation curve, with a dot where a whole split was measured.

    ECharts shows only the curves that have a point where a person hovers, so this curve gets one
    wherever the training curve has one.
    """
    measured = {
        round(each.epochs, 4): (_shown(metric, getattr(each, metric)), each.is_estimate)
        for each in validations(progress)
    }
    if not measured:
        return []
    known = sorted(measured)
    values = [measured[place][0] for place in known]
    between = [at for at in places if known[0] < at < known[-1] and at not in measured]
    points = [[at, float(np.interp(at, known, values))] for at in between]
    points += [[at, value] for at, value in zip(known, values, strict=True)]
    dots = {at for at, (_, is_estimate) in measured.items() if not is_estimate}
    return [
        {"value": [at, round(value, 6)], "symbol": "circle" if at in dots else "none"}
        for at, value in sorted(_positive(points) if is_log else points)
    ]


def _positive(points: list[list[float]]) -> list[list[float]]:
    """Leave out the values that a logarithmic scale can't show."""
    return [point for point in points if point[1] > 0]


def _epoch_axis() -> dict[str, Any]:
    return {
        "type": "value",
        "name": "epoch",
        "nameLocation": "middle",
        "nameGap": 26,
        "minInterval": 1,
        "splitLine": {"show": False},
    }


def _shown(metric: str, value: float) -> float:
    return percentage(value) if metric == "accuracy" else value


def _format(metric: str) -> str:
    return PERCENT if metric == "accuracy" else "%.4f"


def _metric_axis(metric: str) -> dict[str, Any]:
    in_percent = {"max": 100, "axisLabel": {"formatter": "{value}%"}}
    return {"type": "value"} | (in_percent if metric == "accuracy" else {})


def _curve_text(progress: Progress, metric: str, title: str) -> str:
    if not progress.steps:
        return f"{title}: no values yet"
    now = _format(metric) % _shown(metric, getattr(progress.steps[-1], metric))
    return f"{title} by epoch, {counted(progress.epochs, 'epoch')}; currently {now}"
