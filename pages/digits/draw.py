from functools import partial

import streamlit as st

from digitrec.ink.sketch import Sketch
from digitrec.labels import LABELS
from digitrec.recognition.recognition import Recognition
from digitrec.ui.bench.digit_bench import digit_bench
from digitrec.ui.bench.labeling import label_button, save, undo_save
from digitrec.ui.bench.save_row import save_row
from digitrec.ui.bench.saved_sketch import note_saved, saved_sketch
from digitrec.ui.bench.tab_memory import take_up_from_tab
from digitrec.ui.canvas.canvas import DIGIT_CANVAS, NUMBER_CANVAS
from digitrec.ui.canvas.tools import canvas_settings
from digitrec.ui.draw.cards import cards, open_card_in_link
from digitrec.ui.draw.model_picker import model_picker
from digitrec.ui.draw.number import number_workbench
from digitrec.ui.draw.presenting import is_presenting, present_button
from digitrec.ui.drawings.drawing_link import IN_LINK, number_in_link
from digitrec.ui.drawings.saved import Saved
from digitrec.ui.page_frame import shown_errors
from digitrec.ui.resources import drawing_store

KINDS = ("A digit", "A number")
HINT = "This doesn't look like a single digit. For several, choose *A number* above."

NAME = DIGIT_CANVAS.name

state = st.session_state
state.setdefault("draw_kind", KINDS[0])


@st.fragment
def workbench() -> None:
    answered = digit_bench(large=is_presenting())
    label: int | None = None
    if answered:
        with answered.details, st.container(key="draw_saving"), shown_errors():
            label = saving(answered.sketch, answered.recognition)
            if not answered.recognition.is_digit:
                st.caption(HINT)
        with st.container(key="draw_closer"), shown_errors():
            cards(answered.sketch, answered.steps, answered.recognizer, answered.recognition, label)


def saving(sketch: Sketch, recognition: Recognition) -> int | None:
    saved = saved_sketch(NAME, sketch.strokes)
    label = saved.labels[0] if saved else None
    st.markdown(
        "**Label** :small[Press the digit you drew to save it. Your next stroke starts a new "
        "drawing.]"
    )
    with st.container(horizontal=True, gap="xsmall", key="draw_labels"):
        for value in LABELS:
            label_button(value, saved)
    row = save_row(
        NAME,
        saved.words if saved else "Save without a label",
        save,
        partial(undo_save, sketch) if saved else None,
        is_saved=saved is not None,
    )
    if label not in (None, recognition.label):
        row.page_link("pages/digits/teach.py", label="Teach the model")
    return label


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
open_card_in_link()
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
