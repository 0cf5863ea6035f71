from functools import partial

import streamlit as st

from digitrec.drawings.new_drawing import NewDrawing
from digitrec.ink.sketch import Sketch
from digitrec.labels import LABELS, NO_DIGIT
from digitrec.ui.bench.answer import recognized
from digitrec.ui.bench.digit_bench import digit_bench
from digitrec.ui.bench.save_row import save_row
from digitrec.ui.bench.saved_sketch import note_saved, save_sketch, saved_sketch, unsave_sketch
from digitrec.ui.bench.tab_memory import take_up_from_tab
from digitrec.ui.canvas.canvas import DIGIT_CANVAS, NUMBER_CANVAS
from digitrec.ui.canvas.tools import canvas_settings
from digitrec.ui.draw.cards import cards
from digitrec.ui.draw.model_picker import model_picker
from digitrec.ui.draw.number import number_workbench
from digitrec.ui.draw.presenting import is_presenting, present_button
from digitrec.ui.drawings.drawing_link import IN_LINK, number_in_link
from digitrec.ui.drawings.saved import Saved
from digitrec.ui.page_frame import act, shown_errors
from digitrec.ui.resources import active_recognizer, drawing_store

KINDS = ("A digit", "A number")

NAME = DIGIT_CANVAS.name

state = st.session_state
state.setdefault("draw_kind", KINDS[0])


def save() -> None:
    # The page may not show the last stroke yet, so ask the canvas.
    save_once(DIGIT_CANVAS.finish(), None)


def label(value: int) -> None:
    """Save the drawing with a label, or relabel it if it is saved already."""
    sketch = DIGIT_CANVAS.finish()
    if sketch and (saved := saved_sketch(NAME, sketch.strokes)):
        drawing_store().label(saved.numbers, value)
    else:
        save_once(sketch, value)


def save_once(sketch: Sketch | None, label: int | None) -> None:
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
    try:
        save_sketch(NAME, sketch.strokes, [drawing])
    except Exception:
        DIGIT_CANVAS.reopen()
        raise


def undo_save(sketch: Sketch) -> None:
    unsave_sketch(NAME, sketch.strokes)
    DIGIT_CANVAS.reopen()


@st.fragment
def workbench() -> None:
    answered = digit_bench(large=is_presenting())
    if answered:
        with answered.details, st.container(key="draw_saving"), shown_errors():
            saving(answered.sketch)
        with st.container(key="draw_closer"), shown_errors():
            cards(answered.sketch, answered.steps, answered.recognizer, answered.recognition)


def saving(sketch: Sketch) -> None:
    saved = saved_sketch(NAME, sketch.strokes)
    st.caption("What did you draw? A label saves it, and your next stroke starts a new drawing.")
    with st.container(horizontal=True, gap="xsmall", key="draw_labels"):
        for value in LABELS:
            st.button(
                "Not a digit" if value == NO_DIGIT else str(value),
                key=f"draw_label_{value}",
                shortcut="N" if value == NO_DIGIT else str(value),
                type="primary" if saved and saved.labels == [value] else "secondary",
                on_click=act,
                args=(label, value),
            )
    save_row(NAME, save, (), partial(undo_save, sketch) if saved else None)


def take_up_from_history() -> None:
    """Open the saved drawing that the link names, once."""
    try:
        number = number_in_link()
    finally:
        st.query_params.pop(IN_LINK, None)
    if number is None:
        return
    drawing = drawing_store().get(number)
    if strokes := drawing.content.strokes:
        DIGIT_CANVAS.put(strokes)
        note_saved(NAME, strokes, {number: Saved(drawing.picture_hash.hex(), drawing.label)})
        state["draw_kind"] = KINDS[0]
    else:
        st.warning(
            f"Drawing {number} was uploaded as a picture, so it has no strokes to edit.",
            icon=":material/draw:",
        )


take_up_from_tab()
with shown_errors():
    take_up_from_history()
with st.container(horizontal=True, vertical_alignment="center", key="draw_bar"):
    kind = st.segmented_control(
        "What to draw", KINDS, required=True, key="draw_kind",
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    with st.popover("Settings", icon=":material/tune:", key="draw_settings"):
        model_picker()
        canvas_settings(NUMBER_CANVAS if kind == KINDS[1] else DIGIT_CANVAS)
    present_button()
if kind == KINDS[1]:
    number_workbench()
else:
    workbench()
