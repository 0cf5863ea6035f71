"""Replays a drawing with the answer at each moment, to see when the answer changed."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from digitrec.arrays import Digits
from digitrec.formatting import percentage
from digitrec.ink.sketch import Sketch
from digitrec.ink.strokes import Stroke, Strokes
from digitrec.labels import label_words
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.charts.probabilities import answer_names
from digitrec.ui.charts.theme import text_color

MOMENTS = 24
FRAME_MS = 220
# The drawing's place in the chart, in pixels.
DRAWING_SIDE = 150
HEIGHT = 300


class Moment(NamedTuple):
    """What is drawn so far, and the answer to it."""

    strokes: Strokes
    recognition: Recognition


def replay_view(recognizer: Recognizer, sketch: Sketch) -> None:
    """Show a slider and a play button through the drawing, with the probabilities at each moment.

    Args:
        recognizer: The model.
        sketch: A drawing with ink.
    """
    moments = _moments(recognizer, sketch)
    st.echarts_chart(
        _spec(moments, sketch),
        height=HEIGHT,
        key="draw_replay",
        alt="The drawing as it grew, with the probability of each digit",
    )
    st.caption(change_words(moments))


def _moments(recognizer: Recognizer, sketch: Sketch) -> list[Moment]:
    """Return the moments of a drawing, computed once."""
    state, asked = st.session_state, (sketch.strokes, recognizer.version, recognizer.calibration)
    kept = state.get("draw_replayed")
    if kept is None or kept[0] != asked:
        kept = state["draw_replayed"] = (asked, moments_of(recognizer, sketch))
    return kept[1]


def moments_of(recognizer: Recognizer, sketch: Sketch) -> list[Moment]:
    """Recognize a drawing as it grew.

    Args:
        recognizer: The model.
        sketch: A drawing with ink.

    Returns:
        At most ``MOMENTS``; the last one is the whole drawing.
    """
    parts = [Sketch(part, sketch.width, sketch.height) for part in _parts(sketch.strokes)]
    visible = [(part.strokes, part.steps.digit_input) for part in parts if part.steps]
    inputs: Digits = np.stack([digit_input for _, digit_input in visible])
    answers = recognizer.recognize_all(inputs, [strokes for strokes, _ in visible])
    return [Moment(part, one) for (part, _), one in zip(visible, answers, strict=True)]


def _parts(strokes: Strokes) -> list[Strokes]:
    """Return what was drawn after each of at most ``MOMENTS`` equal numbers of points."""
    count = sum(len(stroke.points) for stroke in strokes)
    ends = sorted({round(end) for end in np.linspace(1, count, min(count, MOMENTS))})
    return [_first_points(strokes, end) for end in ends]


def _first_points(strokes: Strokes, count: int) -> Strokes:
    part: list[Stroke] = []
    for stroke in strokes:
        if count <= 0:
            break
        part.append(Stroke(stroke.points[:count], stroke.width))
        count -= len(stroke.points)
    return tuple(part)


def _spec(moments: list[Moment], sketch: Sketch) -> dict[str, Any]:
    last = len(moments) - 1
    frames = [
        _frame(moment, sketch) | {"title": {"text": f"Moment {number} of {len(moments)}"}}
        for number, moment in enumerate(moments, 1)
    ]
    return {
        "baseOption": {
            "timeline": {
                "axisType": "category",
                "data": list(range(1, last + 2)),
                "currentIndex": last,
                "playInterval": FRAME_MS,
                "loop": True,
                "label": {"show": False},
                "bottom": 0,
                "left": 8,
                "right": 8,
            },
            "title": {
                "top": DRAWING_SIDE + 24,
                "left": DRAWING_SIDE / 2,
                "textAlign": "center",
                "textStyle": {"fontSize": 13, "fontWeight": "normal", "color": text_color()},
            },
            "grid": {"left": DRAWING_SIDE + 16, "right": 16, "top": 4, "bottom": 64},
            "xAxis": {"type": "value", "min": 0, "max": 100, "show": False},
            "yAxis": {
                "type": "category",
                "data": answer_names(moments[-1].recognition),
                "inverse": True,
                "axisLine": {"show": False},
                "axisTick": {"show": False},
                "axisLabel": {"interval": 0},
            },
            "series": [{"type": "bar", "barCategoryGap": "30%", "itemStyle": {"borderRadius": 3}}],
            "animationDurationUpdate": FRAME_MS,
        },
        "options": frames,
    }


def _frame(moment: Moment, sketch: Sketch) -> dict[str, Any]:
    scale = DRAWING_SIDE / max(sketch.width, sketch.height)
    strokes, lines = sketch.strokes, []
    for number in range(len(strokes)):
        drawn = moment.strokes[number : number + 1]
        points = (drawn[0].points * scale).round(1).tolist() if drawn else []
        lines.append(
            {
                "id": f"stroke-{number}",
                "type": "polyline",
                "left": None,
                "shape": {"points": points + points[-1:]},
                "style": {
                    "fill": "none",
                    "stroke": text_color(),
                    "lineWidth": strokes[number].width * scale,
                    "lineCap": "round",
                    "lineJoin": "round",
                },
                "silent": True,
            }
        )
    data = [{"value": percentage(share)} for share in moment.recognition.shares]
    return {"series": [{"data": data}], "graphic": {"elements": lines}}


def change_words(moments: list[Moment]) -> str:
    """Say when the answer changed last."""
    answers = [label_words(moment.recognition.label) for moment in moments]
    changes = [i for i in range(1, len(answers)) if answers[i] != answers[i - 1]]
    if not changes:
        return f"The answer was {answers[0]} from the first moment."
    last = changes[-1]
    return (
        f"The answer became {answers[last]} at moment {last + 1} of {len(answers)}; "
        f"before that it was {answers[last - 1]}."
    )
