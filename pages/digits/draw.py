from functools import partial
from operator import itemgetter

import streamlit as st

from digitrec.arrays import Digit
from digitrec.drawings.new_drawing import NewDrawing
from digitrec.formatting import percent
from digitrec.ink.sketch import Sketch
from digitrec.ink.strokes import Strokes
from digitrec.labels import LABELS, label_words
from digitrec.recognition.recognizer import Recognition, Recognizer
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.canvas.tools import canvas_with_tools, is_asked_for
from digitrec.ui.charts.probabilities import probability_chart
from digitrec.ui.draw.model_picker import comparison, model_picker
from digitrec.ui.draw.number import number_workbench
from digitrec.ui.draw.preprocessing_steps import steps_view
from digitrec.ui.draw.save_row import save_row
from digitrec.ui.draw.saved_sketch import (
    note_saved,
    save_sketch,
    saved_sketch,
    show_its_label,
    unsave_sketch,
)
from digitrec.ui.draw.similar import near_view
from digitrec.ui.draw.tab_memory import keep_in_tab, take_up_from_tab
from digitrec.ui.draw.why import why_view
from digitrec.ui.drawings.drawing_link import IN_LINK, number_in_link
from digitrec.ui.drawings.saved import Saved
from digitrec.ui.images import enlarged
from digitrec.ui.page_frame import act, shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import (
    active_recognizer,
    drawing_store,
    model_title,
    open_drawing_store_ahead,
)
from digitrec.ui.served_model import served_model

INVITATION = "Draw a digit from 0 to 9 with the mouse, a pen or a finger."
KINDS = ("A digit", "A number")
# The second digit is also named if it is at least this probable.
CLOSE = 0.1

NAME = DIGIT_CANVAS.name

state = st.session_state
state.setdefault("draw_kind", KINDS[0])


def recognized(recognizer: Recognizer, strokes: Strokes, digit_input: Digit) -> Recognition:
    """Recognize a drawing once, so that the answer shown is the answer saved."""
    asked = (strokes, recognizer.version, recognizer.calibration)
    kept = state.get("draw_recognized")
    if kept is None or kept[0] != asked:
        kept = state["draw_recognized"] = (asked, recognizer.recognize(digit_input))
    return kept[1]


def save() -> None:
    # The page may not show the last stroke yet, so ask the canvas.
    sketch = DIGIT_CANVAS.sketch()
    recognizer, _ = active_recognizer()
    if sketch is None or sketch.steps is None or saved_sketch(NAME, sketch.strokes):
        return
    digit_input = sketch.steps.digit_input
    drawing = NewDrawing(
        picture=sketch.picture,
        digit_input=digit_input,
        recognition=recognized(recognizer, sketch.strokes, digit_input),
        model=recognizer,
        strokes=sketch.strokes,
        label=state["draw_label"],
    )
    save_sketch(NAME, sketch.strokes, [drawing])


def label() -> None:
    """Save the drawing with the chosen label, or relabel it if it is saved already."""
    sketch = DIGIT_CANVAS.sketch()
    if sketch and (saved := saved_sketch(NAME, sketch.strokes)):
        drawing_store().label(saved.numbers, state["draw_label"])
    elif state["draw_label"] is not None:
        save()


@st.fragment
def workbench() -> None:
    canvas_side, answer_side = st.columns([5, 6], gap="large")
    with canvas_side:
        sketch = canvas_with_tools(DIGIT_CANVAS)
    if sketch:
        show_its_label(NAME, sketch.strokes, itemgetter(0))
    with answer_side:
        answer_place = st.container()
        # Called before the answer, though it is below it: a drawing with an answer is always kept.
        keep_in_tab()
    with answer_place, shown_errors():
        answer(sketch)
    if sketch:  # Not sooner: the browser would still be fetching the page.
        open_drawing_store_ahead()


def answer(sketch: Sketch | None) -> None:
    recognizer = served_model()
    if sketch is None or sketch.steps is None:
        st.info(INVITATION, icon=":material/gesture:")
        return
    if not is_asked_for(DIGIT_CANVAS, sketch):
        st.info("Press *Recognize* for the answer.", icon=":material/touch_app:")
        return
    digit_input = sketch.steps.digit_input
    recognition = recognized(recognizer, sketch.strokes, digit_input)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        with st.container(key="draw_digit", width="content"):
            sign = str(recognition.digit) if recognition.is_digit else "?"
            st.title(sign, anchor=False, width="content")
        with st.container(width=150, gap=None):
            verdict(recognition)
            st.caption(f"Model: {plain(model_title(recognizer.name))}")
        st.image(
            enlarged(digit_input, 4),
            caption="What the network sees",
            width=112,
            alt="The drawing as the network sees it: 28 by 28 pixels, white on black",
        )
    if not recognition.is_digit:
        st.caption(
            "This doesn't look like a single digit. For several, switch to *A number*. If it is a "
            "digit, label it below, then teach the model."
        )
    probability_chart(recognition, key="draw_probabilities")
    with shown_errors():
        saving(sketch)
    why_view(recognizer, sketch, digit_input, recognition)
    near_view(digit_input)
    steps_view(sketch, sketch.steps)
    comparison(digit_input, recognizer, recognition)


def verdict(recognition: Recognition) -> None:
    if recognition.is_digit:
        st.metric("Confidence", percent(recognition.confidence))
        second, probability = runner_up(recognition)
        if probability >= CLOSE:
            st.caption(f"Could also be {second}: {percent(probability)}")
    else:
        st.metric("Not a digit", percent(max(recognition.shares)))
        st.caption(f"Closest digit: {recognition.digit}")


def runner_up(recognition: Recognition) -> tuple[int, float]:
    ranked = sorted(range(10), key=lambda digit: -recognition.shares[digit])
    return ranked[1], recognition.shares[ranked[1]]


def saving(sketch: Sketch) -> None:
    st.pills(
        "This is a",
        LABELS,
        format_func=label_words,
        key="draw_label",
        persist_state="session",
        wrap=True,
        on_change=act,
        args=(label,),
        help="Saves the drawing with this label. To save it without one, press *Save*.",
    )
    is_saved = saved_sketch(NAME, sketch.strokes) is not None
    undo = partial(unsave_sketch, NAME, sketch.strokes) if is_saved else None
    save_row(NAME, save, (), undo)


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
with st.container(horizontal=True, vertical_alignment="center"):
    kind = st.segmented_control(
        "What to draw", KINDS, required=True, key="draw_kind",
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    model_picker()
if kind == KINDS[1]:
    number_workbench()
else:
    workbench()
