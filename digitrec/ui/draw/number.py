"""The drawing page's wide canvas: a whole number, its digits boxed, read and saved."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from digitrec.drawings.new_drawing import NewDrawing
from digitrec.errors import BadInputError
from digitrec.ink.sketch import Sketch
from digitrec.ink.strokes import centered_strokes
from digitrec.numbers.reader import Number, read_strokes
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.canvas.canvas import DIGIT_CANVAS, NUMBER_CANVAS
from digitrec.ui.canvas.tools import canvas_with_tools, is_asked_for
from digitrec.ui.draw.save_row import save_row
from digitrec.ui.draw.saved_sketch import (
    leave_its_label,
    save_sketch,
    saved_sketch,
    show_its_label,
    unsave_sketch,
)
from digitrec.ui.draw.tab_memory import keep_in_tab
from digitrec.ui.frame import shown_errors
from digitrec.ui.images import enlarged
from digitrec.ui.number_boxes import boxed, is_sure
from digitrec.ui.plain import plain
from digitrec.ui.resources import model_title
from digitrec.ui.served_model import served_model
from digitrec.words import percent

INVITATION = "Write a number, 2026 for one, and read what the network makes of it."
NAME, LABEL = NUMBER_CANVAS.name, "number_label"
LONGEST_TEXT = 40
PEN_WIDTH = 8
# A digit that is saved by itself takes so much of its canvas.
SAVED_SHARE = 0.65
# The canvas has a size in pixels; on narrow screens it is shown smaller.
NARROW = """<style>
@media (max-width: 720px) { .st-key-number_canvas { zoom: 0.75; } }
@media (max-width: 520px) { .st-key-number_canvas { zoom: 0.5; } }
</style>"""


@st.fragment
def number_workbench() -> None:
    """Show the canvas, and below it what is read from it."""
    st.html(NARROW)
    sketch = canvas_with_tools(NUMBER_CANVAS, PEN_WIDTH)
    if sketch:
        show_its_label(NAME, sketch.strokes, _text_of)
    answer_place = st.container()
    # Ahead of the answer, though below it: what is answered is kept.
    keep_in_tab()
    with answer_place, shown_errors():
        _answer(sketch)


def _answer(sketch: Sketch | None) -> None:
    recognizer = served_model()
    if sketch is None or not sketch.strokes:
        st.info(INVITATION, icon=":material/gesture:")
        return
    if not is_asked_for(NUMBER_CANVAS, sketch):
        st.info("Press *Recognize* for the answer.", icon=":material/touch_app:")
        return
    number = _read(recognizer, sketch)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        with st.container(key="number_text", width="content"):
            st.title(number.text, anchor=False, width="content")
        with st.container(width=150, gap=None):
            st.metric("Confidence", percent(number.confidence))
            st.caption(f"says {plain(model_title(recognizer.name))}")
        st.image(
            boxed(sketch.image, [number]), width=480,
            alt=f"The drawing with a box around each of its {len(number.digits)} digits",
        )  # fmt: skip
    _digits(number)
    _saving(recognizer, sketch, number)


def _read(recognizer: Recognizer, sketch: Sketch) -> Number:
    """Read the number; what was read is kept as long as nothing changes that it depends on."""
    said = _said()
    asked = (sketch.strokes, recognizer.version, said)
    kept = st.session_state.get("number_read")
    if kept is None or kept[0] != asked:
        try:
            number = read_strokes(recognizer, sketch.strokes, said or None)
        except BadInputError:  # There are fewer strokes: _labels says so when it matters.
            number = read_strokes(recognizer, sketch.strokes)
        kept = st.session_state["number_read"] = (asked, number)
    return kept[1]


def _said() -> str:
    """Return the digits that the person says it has; nothing if these are none."""
    said = "".join((st.session_state.get(LABEL) or "").split())
    return said if said.isascii() and said.isdecimal() else ""


def _digits(number: Number) -> None:
    """Show each digit as the network saw it, and how sure it is."""
    with st.container(horizontal=True, gap="small", key="number_digits"):
        for digit in number.digits:
            said = digit.recognition
            words = f"**{said.digit}{'' if said.is_digit else '?'}** {percent(said.confidence)}"
            with st.container(width=80, gap=None):
                st.image(enlarged(digit.digit_input, 2), width=56, alt=f"Read as {said.digit}")
                st.caption(words)
    if not all(map(is_sure, number.digits)):
        st.caption("The network is less sure of what is boxed in orange.")


def _saving(recognizer: Recognizer, sketch: Sketch, number: Number) -> None:
    saved = saved_sketch(NAME, sketch.strokes)
    text = st.text_input(
        "What is it really?", key=LABEL, placeholder=number.text, width=240,
        max_chars=LONGEST_TEXT, persist_state="session",
        help="The strokes are parted as you say, and each digit is saved with its label.",
    )  # fmt: skip
    with shown_errors():
        _labels(len(number.digits))
    is_another = saved is not None and "".join((text or "").split()) != (
        _text_of(saved.labels) or ""
    )
    save_row(
        NAME,
        _save,
        (recognizer,),
        partial(_unsave, sketch) if saved else None,
        changed=is_another,
    )


def _save(recognizer: Recognizer) -> None:
    """Save each digit as a drawing of its own."""
    # What is on the canvas when the button is pressed: the page may not show the last stroke yet.
    if (sketch := NUMBER_CANVAS.sketch()) is None:
        return
    number = _read(recognizer, sketch)
    try:
        labels = _labels(len(number.digits))
    except BadInputError:  # The page says so already.
        return
    drawings = []
    for digit, label in zip(number.digits, labels, strict=True):
        strokes = centered_strokes(
            tuple(sketch.strokes[i] for i in digit.part), DIGIT_CANVAS.width, SAVED_SHARE
        )
        drawing = NewDrawing(
            picture=Sketch(strokes, DIGIT_CANVAS.width, DIGIT_CANVAS.height).picture,
            digit_input=digit.digit_input,
            recognition=digit.recognition,
            model=recognizer,
            strokes=strokes,
            source="number",
            label=label,
        )
        drawings.append(drawing)
    save_sketch(NAME, sketch.strokes, drawings)


def _unsave(sketch: Sketch) -> None:
    unsave_sketch(NAME, sketch.strokes)
    leave_its_label(NAME, sketch.strokes)


def _text_of(labels: Sequence[int | None]) -> str | None:
    """Return what a number is by the labels of its digits; None if one of them is no digit."""
    if all(label in range(10) for label in labels):
        return "".join(map(str, labels))
    return None


def _labels(count: int) -> list[int | None]:
    """Return the label of each digit, as far as a person said what the number is.

    Raises:
        BadInputError: If that has not as many digits as were found.
    """
    text, said = st.session_state[LABEL] or "", _said()
    if not text.strip():
        return [None] * count
    if len(said) != count:
        digits = "digit" if count == 1 else "digits"
        raise BadInputError(
            f"expected {count} {digits}, one for each box, got {text!r}: where the boxes are "
            "wrong, write the digits further apart"
        )
    return [int(character) for character in said]
