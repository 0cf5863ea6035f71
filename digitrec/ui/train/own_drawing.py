"""The person's drawing that is watched while a network learns."""

from dataclasses import replace
from zlib import crc32

import streamlit as st

from digitrec.arrays import Digit
from digitrec.errors import DigitrecError
from digitrec.labels import NO_DIGIT
from digitrec.runs.watched_drawing import WatchedDrawing
from digitrec.ui.account import person
from digitrec.ui.bench.saved_sketch import saved_sketch
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.charts.images import digit_from_bytes, enlarged
from digitrec.ui.resources import drawing_store

# Beside the picture, in the form's column on a wide screen.
TEXT_WIDTH = 250


def own_drawing(*, is_shown: bool) -> WatchedDrawing | None:
    """Show the drawing on the canvas, or the last saved one, and return it.

    Args:
        is_shown: Whether to show it; during training, people would think that it belongs to the
            current run.

    Returns:
        The drawing that the next run watches, with the label that the person chooses if it has
        none; None if there is no drawing.
    """
    try:
        drawing = _on_canvas() or _last_saved()
    except (DigitrecError, OSError):  # Training works without it.
        return None
    if not is_shown:
        return drawing
    if drawing is None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("Draw a digit first, and watch the network learn it.", width="content")
            st.page_link("pages/digits/draw.py", label="Draw", icon=":material/draw:")
        return None
    return _with_label(drawing)


def _with_label(drawing: WatchedDrawing) -> WatchedDrawing:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.image(enlarged(drawing.digit, 2), width=44, alt="Your drawing")
        if drawing.label is not None:
            words = f"In the next run, watch the network learn your {drawing.label}."
            st.caption(words, width=TEXT_WIDTH)
            return drawing
        label = st.selectbox(
            "In the next run, watch the network learn your drawing",
            range(10),
            index=None,
            key=f"train_own_{crc32(drawing.digit.tobytes())}",
            placeholder="Which digit is it?",
            width=TEXT_WIDTH,
        )
    return replace(drawing, label=label)


def _on_canvas() -> WatchedDrawing | None:
    sketch = DIGIT_CANVAS.sketch()
    if sketch is None or sketch.steps is None:
        return None
    saved = saved_sketch(DIGIT_CANVAS.name, sketch.strokes)
    label = saved.labels[0] if saved else None
    return _watched(sketch.steps.digit_input, label)


def _last_saved() -> WatchedDrawing | None:
    newest = drawing_store().find(limit=1)
    if not newest:
        return None
    return _watched(digit_from_bytes(newest[0].content.input), newest[0].label)


def _watched(digit: Digit, label: int | None) -> WatchedDrawing | None:
    return None if label == NO_DIGIT else WatchedDrawing(digit, label, person())
