"""The person's drawing that is watched while a network learns."""

import streamlit as st

from digitrec.arrays import Digit
from digitrec.errors import DigitrecError
from digitrec.labels import NO_DIGIT
from digitrec.runs.watched_drawing import WatchedDrawing
from digitrec.ui.account import person
from digitrec.ui.bench.saved_sketch import saved_sketch
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.images import digit_from_bytes, enlarged
from digitrec.ui.resources import drawing_store


def own_drawing() -> WatchedDrawing | None:
    """Return the drawing on the canvas, or the last saved one; None if there is neither."""
    try:
        return _on_canvas() or _last_saved()
    except (DigitrecError, OSError):  # Training works without it.
        return None


def show_own_drawing(drawing: WatchedDrawing) -> None:
    """Show the drawing, and say that it will be watched."""
    what = "drawing" if drawing.label is None else str(drawing.label)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.image(enlarged(drawing.digit, 2), width=40, alt=f"Your {what}")
        st.caption(f"Watch how the network learns to read your {what}.", width="stretch")


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
