"""The drawing page's wide canvas, where a whole number is read and saved."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from digitrec.drawings.new_drawing import NewDrawing
from digitrec.errors import BadInputError
from digitrec.formatting import percent
from digitrec.ink.sketch import Sketch
from digitrec.ink.strokes import Strokes, centered_strokes
from digitrec.numbers.reader import Number, read_strokes
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.bench.layout import bench
from digitrec.ui.bench.save_row import save_row
from digitrec.ui.bench.saved_sketch import (
    SavedSketch,
    leave_its_label,
    save_sketch,
    saved_sketch,
    show_its_label,
    unsave_sketch,
)
from digitrec.ui.bench.tab_memory import keep_in_tab
from digitrec.ui.canvas.canvas import DIGIT_CANVAS, NUMBER_CANVAS, Box
from digitrec.ui.canvas.tools import canvas_with_tools, is_asked_for
from digitrec.ui.charts.images import enlarged
from digitrec.ui.charts.number_boxes import BOX, DOUBTFUL_BOX, is_sure
from digitrec.ui.keyboard import on_enter
from digitrec.ui.page_frame import act, shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import model_title, open_drawing_store_ahead
from digitrec.ui.served_model import served_model

INVITATION = "Write a number, such as 2026, with the mouse, a pen or a finger."
NAME, LABEL = NUMBER_CANVAS.name, "number_label"
LONGEST_TEXT = 40
# Between a digit's ink and its box, in canvas pixels.
GAP = 4
# The share of its canvas that a digit takes when it is saved on its own.
SAVED_SHARE = 0.65


@st.fragment
def number_workbench() -> None:
    """Show the canvas with a box around each digit, and the number beside it."""
    places = bench(NAME)
    sketch = NUMBER_CANVAS.sketch()
    number: Number | None = None
    with places.verdict, shown_errors():
        if sketch:
            show_its_label(NAME, sketch.strokes, _text_of)
        number = _answer(sketch)
    with places.canvas:
        canvas_with_tools(NUMBER_CANVAS, _boxes(number) if number else ())
    with places.details:
        details = st.container()
        # Called before the answer, though it is below it: a drawing with an answer is always kept.
        keep_in_tab()
    if sketch and number:
        with details, shown_errors():
            _digits(number)
            _saving(served_model(), sketch, number)
    if sketch:
        open_drawing_store_ahead()


def _answer(sketch: Sketch | None) -> Number | None:
    recognizer = served_model()
    if sketch is None or not sketch.strokes:
        st.info(INVITATION, icon=":material/gesture:")
        return None
    if not is_asked_for(NUMBER_CANVAS, sketch):
        st.info("Press *Recognize* for the answer.", icon=":material/touch_app:")
        return None
    number = _read(recognizer, sketch)
    with st.container(
        horizontal=True, gap="small", vertical_alignment="center", key="number_verdict"
    ):
        with st.container(key="number_text", width="content"):
            st.title(number.text, anchor=False, width="content")
        with st.container(key="number_confidence", width="content", gap=None):
            st.metric("Confidence", percent(number.confidence))
            st.caption(f"Model: {plain(model_title(recognizer.name))}")
    return number


def _read(recognizer: Recognizer, sketch: Sketch) -> Number:
    """Read the number, and keep the result until the drawing, model or label changes."""
    said = _said()
    asked = (sketch.strokes, recognizer.version, said)
    kept = st.session_state.get("number_read")
    if kept is None or kept[0] != asked:
        kept = st.session_state["number_read"] = (asked, _number(recognizer, sketch, said))
    return kept[1]


def _number(recognizer: Recognizer, sketch: Sketch, said: str) -> Number:
    """Read the number, split into the digits that the person typed, if they did."""
    try:
        number = read_strokes(recognizer, sketch.strokes, said or None)
    except BadInputError:  # There are fewer strokes than digits; _labels explains this.
        return read_strokes(recognizer, sketch.strokes)
    if said in ("", number.text):
        return number
    # The confidence is about the digits that were typed, but the page shows those that were read.
    as_read = read_strokes(recognizer, sketch.strokes, number.text)
    return replace(number, confidence=as_read.confidence)


def _said() -> str:
    """Return the digits that the person typed; empty if the text isn't a number."""
    said = "".join((st.session_state.get(LABEL) or "").split())
    return said if said.isascii() and said.isdecimal() else ""


def _boxes(number: Number) -> list[Box]:
    """Return a box around each digit of the number, a little larger than its ink."""
    boxes = []
    for digit, text in zip(number.digits, number.text, strict=True):
        left, top, right, bottom = digit.box
        corners = (left - GAP, top - GAP, right + GAP, bottom + GAP)
        boxes.append(Box(corners, text, BOX if is_sure(digit) else DOUBTFUL_BOX))
    return boxes


def _digits(number: Number) -> None:
    """Show each digit as the network saw it, with its confidence."""
    with st.container(horizontal=True, gap="xsmall", key="number_digits"):
        for digit in number.digits:
            said = digit.recognition
            words = f"**{said.digit}{'' if said.is_digit else '?'}** {percent(said.confidence)}"
            with st.container(width=66, gap=None):
                st.image(enlarged(digit.digit_input, 2), width=56, alt=f"Read as {said.digit}")
                st.caption(words)
    if not all(map(is_sure, number.digits)):
        st.caption("The network is less sure about the digits in orange boxes.")


def _saving(recognizer: Recognizer, sketch: Sketch, number: Number) -> None:
    saved, save = saved_sketch(NAME, sketch.strokes), partial(_save, recognizer)
    text = st.text_input(
        "Correct number", key=LABEL, placeholder=f"Type {number.text} if it is right", width=240,
        max_chars=LONGEST_TEXT, persist_state="session",
        help="Splits the strokes into these digits and saves each with its label.",
    )  # fmt: skip
    with shown_errors():
        _labels(len(number.digits))
    is_another = saved is not None and "".join((text or "").split()) != (
        _text_of(saved.labels) or ""
    )
    save_row(
        NAME,
        _save_words(saved, is_another=is_another),
        save,
        partial(_unsave, sketch) if saved else None,
        is_saved=saved is not None and not is_another,
    )
    on_enter(LABEL, act, save)


def _save_words(saved: SavedSketch | None, *, is_another: bool) -> str:
    if saved is None:
        return f"Save as {said}" if (said := _said()) else "Save without labels"
    if is_another:
        return "Save the change"
    text = _text_of(saved.labels)
    return f"Saved as {text}" if text else "Saved without labels"


def _save(recognizer: Recognizer) -> None:
    """Save each digit as a drawing of its own."""
    # The page may not show the last stroke yet, so ask the canvas.
    if (sketch := NUMBER_CANVAS.sketch()) is None:
        return
    number = _read(recognizer, sketch)
    try:
        labels = _labels(len(number.digits))
    except BadInputError:  # The page shows this error already.
        return
    drawings = []
    for digit, label in zip(number.digits, labels, strict=True):
        strokes = centered_strokes(
            tuple(sketch.strokes[i] for i in digit.part), DIGIT_CANVAS.width, SAVED_SHARE
        )
        drawing = NewDrawing(
            picture=_own_sketch(sketch, strokes).picture,
            digit_input=digit.digit_input,
            recognition=digit.recognition,
            model=recognizer,
            strokes=strokes,
            source="number",
            label=label,
        )
        drawings.append(drawing)
    save_sketch(NAME, sketch.strokes, drawings)


def _own_sketch(number: Sketch, strokes: Strokes) -> Sketch:
    """Return a digit of a number as if it had been drawn on its own, in the same colors."""
    side = DIGIT_CANVAS.width, DIGIT_CANVAS.height
    return Sketch(strokes, *side, number.ink_color, number.paper_color)


def _unsave(sketch: Sketch) -> None:
    unsave_sketch(NAME, sketch.strokes)
    leave_its_label(NAME, sketch.strokes)


def _text_of(labels: Sequence[int | None]) -> str | None:
    """Return the number that labels spell; None if one of them isn't a digit."""
    if all(label in range(10) for label in labels):
        return "".join(map(str, labels))
    return None


def _labels(count: int) -> list[int | None]:
    """Return the label of each digit, all None if the person typed nothing.

    Raises:
        BadInputError: If the text doesn't have one digit for each box.
    """
    text, said = st.session_state[LABEL] or "", _said()
    if not text.strip():
        return [None] * count
    if len(said) != count:
        digits = "digit" if count == 1 else "digits"
        raise BadInputError(
            f"enter {count} {digits}, one for each box, not {text!r}; if the boxes are wrong, "
            "leave more space between the digits"
        )
    return [int(character) for character in said]
