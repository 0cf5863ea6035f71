"""Saving the digit on the canvas with a label, as *Draw* and *Teach* do it."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from digitrec.drawings.new_drawing import NewDrawing
from digitrec.ink.sketch import Sketch
from digitrec.labels import NO_DIGIT
from digitrec.ui.bench.answer import recognized
from digitrec.ui.bench.saved_sketch import SavedSketch, save_sketch, saved_sketch, unsave_sketch
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.page_frame import act
from digitrec.ui.resources import active_recognizer, drawing_store

NAME = DIGIT_CANVAS.name


def label_button(value: int, saved: SavedSketch | None) -> None:
    """Show the button that saves the drawing with a label; the label's key presses it.

    Args:
        value: The label.
        saved: What the drawing is saved as.
    """
    st.button(
        "Not a digit" if value == NO_DIGIT else str(value),
        key=f"{NAME}_label_{value}",
        shortcut="N" if value == NO_DIGIT else str(value),
        type="primary" if saved and saved.labels == [value] else "secondary",
        on_click=act,
        args=(label, value),
    )


def label(value: int) -> None:
    """Save the drawing with a label, or relabel it if it is saved already."""
    with _finished() as sketch:
        if sketch and (saved := saved_sketch(NAME, sketch.strokes)):
            drawing_store().label(saved.numbers, value)
        else:
            _save_once(sketch, value)


def save() -> None:
    """Save the drawing without a label."""
    with _finished() as sketch:
        _save_once(sketch, None)


def undo_save(sketch: Sketch) -> None:
    """Move the saved drawing to the trash, and let the next stroke belong to it again."""
    unsave_sketch(NAME, sketch.strokes)
    DIGIT_CANVAS.reopen()


@contextmanager
def _finished() -> Iterator[Sketch | None]:
    """Finish the drawing on the canvas; if it can't be saved, it isn't finished."""
    # The page may not show the last stroke yet, so ask the canvas.
    sketch = DIGIT_CANVAS.finish()
    try:
        yield sketch
    except Exception:
        DIGIT_CANVAS.reopen()
        raise


def _save_once(sketch: Sketch | None, label: int | None) -> None:
    if sketch is None or sketch.steps is None or saved_sketch(NAME, sketch.strokes):
        return
    recognizer, _ = active_recognizer()
    digit_input = sketch.steps.digit_input
    drawing = NewDrawing(
        picture=sketch.picture,
        digit_input=digit_input,
        recognition=recognized(recognizer, sketch, digit_input),
        model=recognizer,
        strokes=sketch.strokes,
        label=label,
    )
    save_sketch(NAME, sketch.strokes, [drawing])
