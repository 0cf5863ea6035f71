"""Loss and accuracy over the epochs."""

import math
from typing import Any

import streamlit as st

from digitrec.formatting import PERCENT, counted, percentage
from digitrec.runs.progress import Progress

# However long the run, a curve has at most this many points.
MAX_POINTS = 400


def training_curves(progress: Progress, key: str) -> None:
    """Show loss and accuracy over the epochs, on the training and the validation split."""
    with st.grid(2, min_column_width=230, gap="small"):
        for metric, title in (("loss", "Loss"), ("accuracy", "Accuracy")):
            st.echarts_chart(
                _curve(progress, metric, title),
                height=260,
                key=f"{key}_{metric}",
                alt=_curve_text(progress, metric, title),
            )


def _curve(progress: Progress, metric: str, title: str) -> dict[str, Any]:
    every = math.ceil(max(len(progress.steps), 1) / MAX_POINTS)
    training = [
        [round(progress.epochs_at(step), 4), _shown(metric, getattr(step, metric))]
        for step in progress.steps[::every]
    ]
    return {
        "title": {"text": title},
        "legend": {"data": ["training", "validation"]},
        "grid": {"left": 24, "right": 14, "top": 36, "bottom": 48},
        "tooltip": {"trigger": "axis", "valueFormatter": _format(metric)},
        "xAxis": _epoch_axis() | {"min": 0, "max": progress.epochs},
        "yAxis": _metric_axis(metric) | {"scale": metric == "accuracy"},
        "series": [
            {
                "name": "training",
                "type": "line",
                "data": training,
                "showSymbol": False,
                "lineStyle": {"width": 1.5},
            },
            {
                "name": "validation",
                "type": "line",
                "data": _validation(progress, metric),
                "symbolSize": 8,
                "lineStyle": {"width": 2.5},
            },
        ],
        "animation": False,
    }


def _validation(progress: Progress, metric: str) -> list[list[float]]:
    """Return the epoch and the validation value of every epoch that has one."""
    name = f"val_{metric}"
    return [
        [end.epoch, _shown(metric, getattr(end, name))]
        for end in progress.epoch_ends
        if getattr(end, name) is not None
    ]


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
