"""Replays a drawing with the answer at each moment, to see when the answer changed."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from digitrec.arrays import Digits
from digitrec.formatting import percent, percentage
from digitrec.ink.sketch import Sketch
from digitrec.ink.strokes import Stroke, Strokes
from digitrec.labels import label_words
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.charts.probabilities import answer_names

MOMENTS = 24
_HTML = """
<div class="replay">
    <svg class="drawing" role="img" aria-label="The drawing so far"></svg>
    <div class="bars" aria-hidden="true"></div>
    <div class="controls">
        <button type="button">
            <svg class="play" viewBox="0 0 24 24"><path d="M7 4v16l13-8z"/></svg>
            <svg class="pause" viewBox="0 0 24 24"><path d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg>
        </button>
        <input type="range" min="1" aria-label="Moment">
        <output></output>
    </div>
</div>
"""
_replay = st.components.v2.component(
    "digitrec_replay",
    html=_HTML,
    css=Path(__file__).with_name("replay.css").read_text("utf-8"),
    js=Path(__file__).with_name("replay.js").read_text("utf-8"),
)


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
    # As text, since Streamlit would import pandas to check whether a list is a table.
    _replay(key="draw_replay", data=_told(moments, sketch))
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


def _told(moments: list[Moment], sketch: Sketch) -> str:
    """Return what the page's script shows, as JSON."""
    strokes = [
        {"points": stroke.points.round(1).tolist(), "width": stroke.width}
        for stroke in sketch.strokes
    ]
    told = {
        "width": sketch.width,
        "height": sketch.height,
        "strokes": strokes,
        "names": answer_names(moments[-1].recognition),
        "moments": [_moment(moment, len(strokes)) for moment in moments],
    }
    return json.dumps(told)


def _moment(moment: Moment, strokes: int) -> dict[str, Any]:
    """Return how much of each stroke is drawn, the bars, and the answer."""
    drawn, shares = [len(stroke.points) for stroke in moment.strokes], moment.recognition.shares
    return {
        "drawn": drawn + [0] * (strokes - len(drawn)),
        "shares": [percentage(share) for share in shares],
        "words": f"{label_words(moment.recognition.label)}, {percent(max(shares))}",
    }


def change_words(moments: list[Moment]) -> str:
    """Say when the answer changed last."""
    answers = [label_words(moment.recognition.label) for moment in moments]
    changes = [i for i in range(1, len(answers)) if answers[i] != answers[i - 1]]
    if not changes:
        return f"The answer was {answers[0]} from the start."
    last = changes[-1]
    return (
        f"The answer became {answers[last]} at moment {last + 1} of {len(answers)}; "
        f"before that it was {answers[last - 1]}."
    )
