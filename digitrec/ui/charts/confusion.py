"""The confusion matrix."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from digitrec.labels import NO_DIGIT, with_article
from digitrec.ui.charts.theme import text_color


def confusion_chart(
    matrix: list[list[int]], chosen: tuple[int, int] | None, key: str, on_select: Callable[[], None]
) -> None:
    """Show a confusion matrix.

    Args:
        matrix: Counts, a row for each label, a column for each answer: 10 by 10, or 11 by 11
            with *not a digit*.
        chosen: The label and answer of the highlighted cell, if any.
        key: The widget's key, for ``clicked_cell``.
        on_select: Called when a cell is clicked.
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
                "label": {"fontSize": 11, "color": text_color()},
                # Only ``chosen`` decides which cell is highlighted.
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
    """Return the label and the answer of the clicked cell of a ``confusion_chart``.

    Args:
        key: The chart's key.
        size: How many rows its matrix has.
    """
    groups = st.session_state[key]["selection"]["selected"]
    return divmod(groups[0]["data_indices"][0], size) if groups else None


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
    return "a non-digit" if label == NO_DIGIT else with_article(label)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _cell(label: int, answer: int, count: int, is_chosen: bool) -> dict[str, Any]:
    style = {"borderColor": text_color(), "borderWidth": 2} if is_chosen else {}
    cell: dict[str, Any] = {
        "name": f"{_one_of(label)} recognized as {_one_of(answer)}: {_times(count)}",
        "value": [answer, label, count],
        "label": {"show": count > 0, "formatter": f"{count:,}"},
        "itemStyle": style,
    }
    if label == answer:
        # The color scale shows only mistakes, which are few beside the correct answers.
        cell |= {"visualMap": False, "itemStyle": style | {"color": "rgba(79,111,232,0.25)"}}
    return cell
