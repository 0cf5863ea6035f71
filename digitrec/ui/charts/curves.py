"""Loss and accuracy over the epochs."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from digitrec.formatting import PERCENT, counted, percentage
from digitrec.runs.progress import Progress
from digitrec.runs.validation import validations
from digitrec.ui.glossary import term

# However long the run, a curve has at most this many points.
MAX_POINTS = 400
# The heading of what one reads when hovering.
_POINTER = {"axisPointer": {"label": {"precision": 2, "formatter": "Epoch {value}"}}}
# It stands beside the title, on narrow screens too.
_SMALL_LEGEND = {"left": "auto", "bottom": "auto", "itemWidth": 14, "itemGap": 8}


class _Quantity(NamedTuple):
    """What a chart shows.

    Attributes:
        metric: The events' field.
        title: The chart's title.
        shown: Turns the field's value into the shown one.
        format: The format of shown values.
        axis: The settings of its axis.
    """

    metric: str
    title: str
    shown: Callable[[float], float]
    format: str
    axis: dict[str, Any]


def _error_rate(accuracy: float) -> float:
    return round(100 - percentage(accuracy), 2)


_IN_PERCENT = {"axisLabel": {"formatter": "{value}%"}}
LOSS = _Quantity("loss", "Loss", float, "%.4f", {})
ACCURACY = _Quantity(
    "accuracy", "Accuracy", percentage, PERCENT, {"scale": True, "max": 100} | _IN_PERCENT
)
ERROR_RATE = _Quantity("accuracy", "Error rate", _error_rate, PERCENT, _IN_PERCENT)


def training_curves(progress: Progress, key: str, height: int = 260) -> None:
    """Show loss and accuracy over the epochs, on the training and the validation split.

    On a logarithmic scale the error rate takes the accuracy's place, since 98% and 99.6% would
    look the same.

    Args:
        progress: The run's progress.
        key: What the charts' keys begin with.
        height: The charts' height in pixels.
    """
    charts = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_log = st.toggle(
            "Log scale",
            key="curves_log",
            persist_state="session",
            help="Shows the loss and the error rate (100% minus the accuracy) on a log scale, so "
            "that small values at the end are as easy to see as large ones at the start.",
        )
        for name in ("Epoch", "Loss", "Validation", "Overfitting"):
            term(name)
        _why_they_differ()
    with charts, st.grid(2, min_column_width=230, gap="small"):
        for quantity in (LOSS, ERROR_RATE if is_log else ACCURACY):
            st.echarts_chart(
                _curve(progress, quantity, is_log=is_log),
                height=height,
                key=f"{key}_{quantity.metric}",
                alt=_curve_text(progress, quantity),
            )


def _why_they_differ() -> None:
    popover = st.popover(
        "Why the curves differ", type="tertiary", icon=":material/help:", key="term_curves"
    )
    with popover, st.container(width=320):
        st.markdown(
            "**Why the curves differ.** While the network trains, dropout switches off some of its "
            "values, and augmentation distorts the pictures, so training can look worse than "
            "validation. In the first epoch, validation can lag behind, because batch "
            "normalization needs many steps to settle. If training keeps improving while "
            "validation gets worse, the network is overfitting."
        )
        st.markdown(
            "During an epoch, validation is measured on a sample of 500 pictures. At the end of "
            "the epoch, where the dots are, it is measured on all of them."
        )


def _curve(progress: Progress, quantity: _Quantity, *, is_log: bool) -> dict[str, Any]:
    training = _training_points(progress, quantity)
    return {
        "title": {"text": quantity.title, "left": 0},
        "legend": {"data": ["training", "validation"], "top": 8, "right": 0} | _SMALL_LEGEND,
        "grid": {"left": 24, "right": 14, "top": 36, "bottom": 24},
        "tooltip": {"trigger": "axis", "valueFormatter": quantity.format},
        "xAxis": _epoch_axis() | {"min": 0, "max": progress.epochs} | _POINTER,
        "yAxis": {"type": "log" if is_log else "value"} | quantity.axis,
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
                "data": _validation_items(progress, quantity, [at for at, _ in training], is_log),
                "symbolSize": 8,
                "lineStyle": {"width": 2.5},
            },
        ],
        "animation": False,
    }


def _training_points(progress: Progress, quantity: _Quantity) -> list[list[float]]:
    every = math.ceil(max(len(progress.steps), 1) / MAX_POINTS)
    return [
        [round(progress.epochs_at(step), 4), quantity.shown(getattr(step, quantity.metric))]
        for step in progress.steps[::every]
    ]


def _validation_items(
    progress: Progress, quantity: _Quantity, places: list[float], is_log: bool
) -> list[dict[str, Any]]:
    """Return the points of the validation curve, with a dot where a whole split was measured.

    ECharts shows only the curves that have a point where a person hovers, so this curve gets one
    wherever the training curve has one.
    """
    measured = {
        round(each.epochs, 4): (quantity.shown(getattr(each, quantity.metric)), each.is_estimate)
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


def _curve_text(progress: Progress, quantity: _Quantity) -> str:
    if not progress.steps:
        return f"{quantity.title}: no values yet"
    now = quantity.format % quantity.shown(getattr(progress.steps[-1], quantity.metric))
    return f"{quantity.title} by epoch, {counted(progress.epochs, 'epoch')}; currently {now}"
