"""The answer to the drawing on the canvas: recognized once, and put in words."""

import streamlit as st

from digitrec.arrays import Digit
from digitrec.formatting import percent
from digitrec.ink.sketch import Sketch
from digitrec.labels import label_words
from digitrec.recognition.recognition import CLOSE, Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.charts.images import enlarged
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import model_title

TWO_NETWORKS = (
    "Two networks vote: one looks at the shape of the drawing, the other follows the pen's "
    "strokes. The answer and its confidence come from both."
)


def recognized(recognizer: Recognizer, sketch: Sketch, digit_input: Digit) -> Recognition:
    """Recognize a drawing once, so that the answer shown is the answer saved.

    Args:
        recognizer: The model.
        sketch: The drawing.
        digit_input: uint8 (28, 28), white ink (255) on black: the model's input.
    """
    state = st.session_state
    asked = (sketch.strokes, recognizer.version, recognizer.calibration)
    kept = state.get("draw_recognized")
    if kept is None or kept[0] != asked:
        kept = state["draw_recognized"] = (asked, recognizer.recognize(digit_input, sketch.strokes))
    return kept[1]


def show_verdict(recognizer: Recognizer, digit_input: Digit, recognition: Recognition) -> None:
    """Show the digit, the confidence, and the picture that the network sees.

    Args:
        recognizer: The model that answered.
        digit_input: uint8 (28, 28), white ink (255) on black: the model's input.
        recognition: Its answer.
    """
    with st.container(
        horizontal=True, gap="small", vertical_alignment="center", key="draw_verdict"
    ):
        with st.container(key="draw_digit", width="content"):
            sign = str(recognition.digit) if recognition.is_digit else "?"
            st.title(sign, anchor=False, width="content")
        with st.container(width=168, gap=None):
            _confidence(recognition)
            st.caption(f"Model: {plain(model_title(recognizer.name))}")
        st.image(
            enlarged(digit_input, 4),
            caption="28 × 28 pixels",
            width=84,
            alt="The drawing as the network sees it: 28 by 28 pixels",
        )


def _confidence(recognition: Recognition) -> None:
    if recognition.is_digit:
        st.metric("Confidence", percent(recognition.confidence))
    else:
        st.metric("Not a digit", percent(max(recognition.shares)))
    help_text = TWO_NETWORKS if recognition.is_disputed else None
    st.caption(_second_opinion(recognition), help=help_text)


def _second_opinion(recognition: Recognition) -> str:
    """Return what else it could be, in a line; what each network says if they disagree."""
    shape, strokes = recognition.by_shape, recognition.by_strokes
    if shape and strokes and recognition.is_disputed:
        return f"By shape: {label_words(shape.label)}; by strokes: {label_words(strokes.label)}"
    if not recognition.is_digit:
        return f"Closest digit: {recognition.digit}"
    second, probability = _runner_up(recognition)
    words = "Could also be" if probability >= CLOSE else "Next:"
    return f"{words} {label_words(second)}, {percent(probability)}"


def _runner_up(recognition: Recognition) -> tuple[int, float]:
    """Return the label with the second highest probability, *not a digit* among them."""
    shares = recognition.shares
    ranked = sorted(range(len(shares)), key=lambda label: -shares[label])
    return ranked[1], shares[ranked[1]]
