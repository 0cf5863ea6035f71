"""Digits that are watched during training, and how the network recognizes them."""

from typing import Any, NamedTuple

import streamlit as st

from digitrec.arrays import Digit
from digitrec.ui.charts.images import data_uri, enlarged
from digitrec.ui.charts.theme import text_color

# Red, green and blue. In large type, each passes 3:1 on light and dark backgrounds.
RIGHT, WRONG, UNKNOWN = "38,145,82", "204,104,20", "128,132,149"


class Watched(NamedTuple):
    """A watched digit with the network's answer.

    Attributes:
        digit: uint8 (28, 28), white ink (255) on black (0).
        label: The true digit; None if it is unknown.
        answer: The recognized digit.
        probability: Its probability, 0 to 1.
        is_own: Whether the person drew it.
    """

    digit: Digit
    label: int | None
    answer: int
    probability: float
    is_own: bool = False


def watched_chart(watched: list[Watched], key: str) -> None:
    """Show watched digits, each with its true digit, the network's answer and its confidence.

    Args:
        watched: The digits.
        key: The chart's key.
    """
    pictures = {f"p{place}": _picture(one.digit) for place, one in enumerate(watched)}
    spec = {
        "grid": {"left": 4, "right": 4, "top": 28, "bottom": 4},
        "xAxis": {
            "type": "category",
            "data": [f"{{p{place}|}}\n{_truth(one)}" for place, one in enumerate(watched)],
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": {
                "interval": 0,
                "margin": 6,
                "hideOverlap": False,
                "rich": pictures
                | {"truth": {"fontSize": 13, "lineHeight": 18, "color": text_color()}},
            },
        },
        "yAxis": {"type": "value", "min": 0, "max": 1, "show": False},
        "series": [
            {
                "type": "bar",
                "data": [_answer_bar(one) for one in watched],
                "barWidth": "60%",
                "label": {"show": True, "position": "top", "fontSize": 19, "fontWeight": "bold"},
            }
        ],
        "animationDurationUpdate": 300,
    }
    st.echarts_chart(spec, height=140, key=key, alt=_text(watched))


def _picture(digit: Digit) -> dict[str, Any]:
    """Return a style whose background is the picture; a label can't show one otherwise."""
    return {
        "width": 26,
        "height": 26,
        "lineHeight": 26,
        "backgroundColor": {"image": data_uri(enlarged(digit, 2))},
    }


def _truth(one: Watched) -> str:
    truth = "?" if one.label is None else str(one.label)
    return f"{{truth|{truth}}}"


def _answer_bar(one: Watched) -> dict[str, Any]:
    color = UNKNOWN if one.label is None else RIGHT if one.answer == one.label else WRONG
    return {
        "value": one.probability,
        "label": {"formatter": str(one.answer), "color": f"rgb({color})"},
        "itemStyle": {"color": f"rgba({color},0.5)", "borderRadius": [3, 3, 0, 0]},
    }


def _text(watched: list[Watched]) -> str:
    known = [one for one in watched if one.label is not None]
    right = sum(one.answer == one.label for one in known)
    text = f"{len(known)} digits with the network's answers, {right} of them correct"
    own = next((one for one in watched if one.is_own), None)
    return f"{text}; it reads your drawing as {own.answer}" if own else text
