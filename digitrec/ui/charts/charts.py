"""The charts, drawn by ECharts, which updates them in place."""

import math
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import streamlit as st

from digitrec.datasets.watched_digits import watched_digits
from digitrec.labels import NO_DIGIT
from digitrec.recognition.metrics import ReliabilityBin
from digitrec.recognition.recognizer import Recognition
from digitrec.runs.progress import Progress
from digitrec.ui.images import data_uri, enlarged
from digitrec.words import PERCENT, counted, percent, percentage

# A curve has no more points than this, however long the run.
MAX_POINTS = 400
# Colours that are apart from one another on light and dark paper, and as many curves at most:
# those of Tableau 10.
COLOURS = [
    "#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#b07aa1",
    "#76b7b2", "#edc948", "#9c755f", "#ff9da7", "#8c8c8c",
]  # fmt: skip
MAX_CURVES = len(COLOURS)
NOT_A_DIGIT = "Not a digit"


def probability_chart(recognition: Recognition, key: str) -> None:
    """Show the probabilities of all that the model can answer as bars, the answer's the tallest."""
    shares = recognition.shares
    names = [*map(str, range(10)), NOT_A_DIGIT][: len(shares)]
    bars = [
        {
            "value": percentage(share),
            "label": {"formatter": percent(share)},
            "itemStyle": {"opacity": 1 if label == recognition.label else 0.45},
        }
        for label, share in enumerate(shares)
    ]
    spec = {
        "grid": {"left": 24, "right": 58, "top": 4, "bottom": 4},
        "xAxis": {"type": "value", "min": 0, "max": 100, "show": False},
        "yAxis": {
            "type": "category",
            "data": names,
            "inverse": True,
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": {"fontSize": 14, "interval": 0},
        },
        "series": [
            {
                "type": "bar",
                "data": bars,
                "barCategoryGap": "30%",
                "showBackground": True,
                "backgroundStyle": {"color": "rgba(128,128,128,0.12)"},
                "label": {
                    "show": True,
                    "position": "right",
                    "color": _text_colour(),
                    "opacity": 1,
                },
                "itemStyle": {"borderRadius": 3},
            }
        ],
        "animationDuration": 150,
        "animationDurationUpdate": 150,
    }
    leading, share = max(zip(names, shares, strict=True), key=itemgetter(1))
    text = f"Probability of each answer; {leading} leads with {percent(share)}"
    st.echarts_chart(spec, height=27 * len(shares), key=key, alt=text)


def training_curves(progress: Progress, key: str) -> None:
    """Show loss and accuracy over the epochs, for the training and the validation part."""
    with st.grid(2, min_column_width=230, gap="small"):
        for figure, title in (("loss", "Loss"), ("accuracy", "Accuracy")):
            st.echarts_chart(
                _curve(progress, figure, title),
                height=260,
                key=f"{key}_{figure}",
                alt=_curve_words(progress, figure, title),
            )


def compared_curves(runs: dict[str, Progress], key: str) -> None:
    """Show how several runs did on their validation parts, one curve a run.

    Args:
        runs: Up to ``MAX_CURVES`` runs by name.
        key: The widgets' keys begin with it.
    """
    with st.grid(2, min_column_width=300, gap="small"):
        for figure, title in (("accuracy", "Validation accuracy"), ("loss", "Validation loss")):
            curves = {name: _validation(run, figure) for name, run in runs.items()}
            ends = (
                f"{name} {_format(figure) % points[-1][1]}"
                for name, points in curves.items()
                if points
            )
            st.echarts_chart(
                _overlay(curves, figure, title),
                height=340,
                key=f"{key}_{figure}",
                alt=f"{title} over the epochs, in the end: {', '.join(ends)}",
            )


def _overlay(curves: dict[str, list[list[float]]], figure: str, title: str) -> dict[str, Any]:
    return {
        "title": {"text": title},
        "color": COLOURS,
        "legend": {"type": "scroll", "data": list(curves)},
        "grid": {"left": 24, "right": 14, "top": 36, "bottom": 48},
        "tooltip": {"trigger": "axis", "valueFormatter": _format(figure)},
        "xAxis": _epoch_axis() | {"min": "dataMin"},
        "yAxis": _figure_axis(figure) | {"scale": True},
        "series": [
            {
                "name": name,
                "type": "line",
                "data": points,
                "symbolSize": 6,
                "lineStyle": {"width": 2},
                "emphasis": {"focus": "series"},
            }
            for name, points in curves.items()
        ],
        "animation": False,
    }


def _curve(progress: Progress, figure: str, title: str) -> dict[str, Any]:
    every = math.ceil(max(len(progress.steps), 1) / MAX_POINTS)
    training = [
        [round(progress.epochs_at(step), 4), _shown(figure, getattr(step, figure))]
        for step in progress.steps[::every]
    ]
    return {
        "title": {"text": title},
        "legend": {"data": ["training", "validation"]},
        "grid": {"left": 24, "right": 14, "top": 36, "bottom": 48},
        "tooltip": {"trigger": "axis", "valueFormatter": _format(figure)},
        "xAxis": _epoch_axis() | {"min": 0, "max": progress.epochs},
        "yAxis": _figure_axis(figure) | {"scale": figure == "accuracy"},
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
                "data": _validation(progress, figure),
                "symbolSize": 8,
                "lineStyle": {"width": 2.5},
            },
        ],
        "animation": False,
    }


def _validation(progress: Progress, figure: str) -> list[list[float]]:
    """Return epoch and figure of every epoch after which the validation part was read."""
    name = f"val_{figure}"
    return [
        [end.epoch, _shown(figure, getattr(end, name))]
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


def _shown(figure: str, value: float) -> float:
    return percentage(value) if figure == "accuracy" else value


def _format(figure: str) -> str:
    return PERCENT if figure == "accuracy" else "%.4f"


def _figure_axis(figure: str) -> dict[str, Any]:
    in_percent = {"max": 100, "axisLabel": {"formatter": "{value}%"}}
    return {"type": "value"} | (in_percent if figure == "accuracy" else {})


def _curve_words(progress: Progress, figure: str, title: str) -> str:
    if not progress.steps:
        return f"{title}: no figures yet"
    now = _format(figure) % _shown(figure, getattr(progress.steps[-1], figure))
    return f"{title} over {counted(progress.epochs, 'epoch')}, now {now}"


def watched_chart(answers: list[tuple[int, float]], key: str) -> None:
    """Show the watched digits, each with the network's answer and how sure it is.

    Args:
        answers: The digit and its probability, for each of the watched digits.
        key: The chart's key.
    """
    right = sum(answer == digit for digit, (answer, _) in enumerate(answers))
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
    text = f"Ten digits of the test set with the network's answers; {right} of them are right"
    st.echarts_chart(spec, height=130, key=key, alt=text)


def _picture_label(digit: int) -> dict[str, Any]:
    side = 30
    image = {"image": data_uri(enlarged(watched_digits()[digit], 2))}
    # The label is its background; its text is there for the axis alone.
    style = {"width": side, "height": side, "backgroundColor": image, "fontSize": 1}
    hidden = {"color": "transparent", "textBorderWidth": 0}
    return {"value": str(digit), "textStyle": style | hidden}


def _answer_bar(digit: int, answer: float, probability: float) -> dict[str, Any]:
    colour = "46,158,91" if answer == digit else "224,122,31"
    return {
        "value": probability,
        "label": {"formatter": str(int(answer)), "color": f"rgb({colour})"},
        "itemStyle": {"color": f"rgba({colour},0.5)", "borderRadius": [3, 3, 0, 0]},
    }


def confusion_chart(
    matrix: list[list[int]], chosen: tuple[int, int] | None, key: str, on_select: Callable[[], None]
) -> None:
    """Show a confusion matrix: row is the label, column the model's answer.

    Args:
        matrix: Counts; row is the label, column the answer. 10 by 10, or 11 by 11 with those
            of *not a digit*.
        chosen: Label and answer of the cell that is marked, if one is.
        key: The widget's key; ``clicked_cell`` reads its state.
        on_select: What a click on a cell does.
    """
    classes = range(len(matrix))
    pairs = [(label, answer) for label in classes for answer in classes]
    wrong = [matrix[label][answer] for label, answer in pairs if label != answer]
    spec = {
        "grid": {"left": 44, "right": 6, "top": 6, "bottom": 44, "outerBoundsMode": "none"},
        "tooltip": {"formatter": "{b}"},
        "xAxis": _class_axis("answer", len(matrix)),
        "yAxis": _class_axis("label", len(matrix)) | {"inverse": True},
        "visualMap": {
            "show": False,
            "min": 0,
            "max": max(1, *wrong),
            "inRange": {"color": ["rgba(224,122,31,0)", "rgba(224,122,31,0.8)"]},
        },
        "series": [
            {
                "type": "heatmap",
                "data": [
                    _cell(label, answer, matrix[label][answer], (label, answer) == chosen)
                    for label, answer in pairs
                ],
                "label": {"fontSize": 11, "color": _text_colour()},
                # Which cell is marked follows from ``chosen`` alone.
                "selectedMode": "single",
                "select": {"itemStyle": {"borderWidth": 0}},
            }
        ],
        "animation": False,
    }
    right = sum(matrix[digit][digit] for digit in classes)
    text = f"Confusion matrix: {right:,} of {sum(map(sum, matrix)):,} answers on the diagonal"
    st.echarts_chart(spec, height=400, key=key, on_select=on_select, alt=text)


def clicked_cell(key: str, size: int = 10) -> tuple[int, int] | None:
    """Return label and answer of the cell of a ``confusion_chart`` that a click selected.

    Args:
        key: The chart's key.
        size: How many rows its matrix has.
    """
    groups = st.session_state[key]["selection"]["selected"]
    return divmod(groups[0]["data_indices"][0], size) if groups else None


def reliability_chart(bins: list[ReliabilityBin], key: str) -> None:
    """Show the share of right answers over their confidence."""
    middles = [f"{(part.low + part.high) / 2:.0%}" for part in bins]
    spec = {
        "grid": {"left": 40, "right": 14, "top": 14, "bottom": 48},
        "tooltip": {"trigger": "axis", "formatter": "{@[2]}"},
        "xAxis": {
            "type": "category",
            "data": middles,
            "name": "confidence",
            "nameLocation": "middle",
            "nameGap": 28,
        },
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            {
                "type": "bar",
                "data": [
                    [middle, percentage(part.accuracy), _reliability_words(part)]
                    for middle, part in zip(middles, bins, strict=True)
                ],
                "barCategoryGap": "6%",
                "itemStyle": {"opacity": 0.6},
            },
            {
                "type": "line",
                "data": [percentage(part.confidence) for part in bins],
                "showSymbol": False,
                "lineStyle": {"type": "dashed", "width": 1.5, "color": _text_colour()},
            },
        ],
        "animation": False,
    }
    right = ", ".join(f"{percent(part.accuracy)} at {percent(part.confidence)}" for part in bins)
    st.echarts_chart(spec, height=320, key=key, alt=f"Share that is right by confidence: {right}")


def _reliability_words(part: ReliabilityBin) -> str:
    return f"{counted(part.count, 'answer')}, {percent(part.accuracy)} right"


def _class_axis(name: str, size: int) -> dict[str, Any]:
    return {
        "type": "category",
        "data": [*map(str, range(10)), "none"][:size],
        "name": name,
        "nameLocation": "middle",
        "nameGap": 26,
        "axisTick": {"show": False},
        "splitLine": {"show": False},
    }


def _one_of(label: int) -> str:
    return "no digit" if label == NO_DIGIT else f"a {label}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _cell(label: int, answer: int, count: int, is_chosen: bool) -> dict[str, Any]:
    style = {"borderColor": _text_colour(), "borderWidth": 2} if is_chosen else {}
    cell: dict[str, Any] = {
        "name": f"{_one_of(label)} taken for {_one_of(answer)}: {_times(count)}",
        "value": [answer, label, count],
        "label": {"show": count > 0},
        "itemStyle": style,
    }
    if label == answer:
        # The colour scale is for the mistakes, which the right answers would drown.
        cell |= {"visualMap": False, "itemStyle": style | {"color": "rgba(79,111,232,0.25)"}}
    return cell


def _text_colour() -> str:
    return "#fafafa" if st.context.theme.type == "dark" else "#31333f"
