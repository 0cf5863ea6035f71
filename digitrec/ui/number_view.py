"""The drawing page's wide canvas: a whole number, its digits boxed, read and saved."""

import io
from collections.abc import Sequence

import streamlit as st
from PIL import Image

from digitrec.errors import BadInputError
from digitrec.numbers.reader import Number, read_strokes
from digitrec.recognizer import Recognizer
from digitrec.rendering import render
from digitrec.strokes import Stroke, centred_strokes, stroke_points
from digitrec.ui.boxes import boxed, is_sure
from digitrec.ui.canvas import DIGIT_CANVAS, NUMBER_CANVAS, Sketch
from digitrec.ui.canvas_tools import canvas_with_tools, is_asked_for
from digitrec.ui.drawing_actions import delete_drawings
from digitrec.ui.frame import shown_errors
from digitrec.ui.pictures import enlarged
from digitrec.ui.resources import drawing_store
from digitrec.ui.save_row import save_row
from digitrec.ui.served_model import served_model

INVITATION = "Write a number, 2026 for one, and read what the network makes of it."
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
    with shown_errors():
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
            st.metric("Confidence", f"{number.confidence:.1%}")
            st.caption(f"says {recognizer.name}")
        st.image(
            boxed(Image.open(io.BytesIO(sketch.picture)), [number]), width=480,
            alt=f"The drawing with a box around each of its {len(number.digits)} digits",
        )  # fmt: skip
    _digits(number)
    _saving(recognizer, sketch, number)


def _read(recognizer: Recognizer, sketch: Sketch) -> Number:
    """Read the number; what was read is kept as long as neither it nor the model changes."""
    asked = (sketch.strokes, recognizer.version)
    kept = st.session_state.get("number_read")
    if kept is None or kept[0] != asked:
        pens = [stroke["width"] for stroke in sketch.strokes]
        number = read_strokes(recognizer, stroke_points(sketch.strokes), pens)
        kept = st.session_state["number_read"] = (asked, number)
    return kept[1]


def _digits(number: Number) -> None:
    """Show each digit as the network saw it, and how sure it is."""
    with st.container(horizontal=True, gap="small", key="number_digits"):
        for digit in number.digits:
            said = digit.recognition
            words = f"**{said.digit}{'' if said.is_digit else '?'}** {said.confidence:.0%}"
            with st.container(width=80, gap=None):
                st.image(enlarged(digit.digit_input, 2), width=56, alt=f"Read as {said.digit}")
                st.caption(words)
    if not all(map(is_sure, number.digits)):
        st.caption("The network is less sure of what is boxed in orange.")


def _saving(recognizer: Recognizer, sketch: Sketch, number: Number) -> None:
    saved = st.session_state.get("number_saved")
    if saved and saved[0] != sketch:
        saved = st.session_state["number_saved"] = None
        st.session_state["number_label"] = None
    st.text_input(
        "What is it really?", key="number_label", placeholder=number.text, width=240,
        help="Your own reading is kept with the digits, if it has as many.",
    )  # fmt: skip
    save_row("number", _save, (recognizer, sketch, number), _unsave if saved else None)


def _save(recognizer: Recognizer, sketch: Sketch, number: Number) -> None:
    """Save each digit as a drawing of its own."""
    from digitrec.drawings.store import NewDrawing  # With SQLAlchemy: see resources.

    labels = _labels(st.session_state["number_label"], len(number.digits))
    drawings = []
    for digit, label in zip(number.digits, labels, strict=True):
        strokes = centred_strokes(
            [sketch.strokes[i] for i in digit.part], DIGIT_CANVAS.width, SAVED_SHARE
        )
        drawing = NewDrawing(
            picture=_picture(strokes),
            digit_input=digit.digit_input,
            recognition=digit.recognition,
            model=recognizer.name,
            model_version=recognizer.version,
            strokes=strokes,
            source="number",
            label=label,
        )
        drawings.append(drawing)
    st.session_state["number_saved"] = (sketch, drawing_store().save_all(drawings))


def _unsave() -> None:
    _, numbers = st.session_state.pop("number_saved")
    delete_drawings(numbers)


def _labels(text: str | None, count: int) -> list[int | None]:
    """Return the label of each digit, as far as a person said what the number is.

    Raises:
        BadInputError: If that has not as many digits as were found.
    """
    said = (text or "").replace(" ", "")
    if not said:
        return [None] * count
    if len(said) != count or not said.isdecimal():
        raise BadInputError(f"expected {count} digits, as many as are boxed, got {text!r}")
    return [int(character) for character in said]


def _picture(strokes: Sequence[Stroke]) -> bytes:
    pens = [stroke["width"] for stroke in strokes]
    ink = render(stroke_points(strokes), DIGIT_CANVAS.height, pens)
    file = io.BytesIO()
    Image.fromarray(255 - ink).save(file, "PNG")
    return file.getvalue()
