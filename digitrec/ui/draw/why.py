"""Explains an answer: which ink supports it, and which contradicts it."""

import numpy as np
import streamlit as st
from PIL import Image

from digitrec.arrays import Digit, Evidence, Ink
from digitrec.formatting import percent
from digitrec.ink.sketch import Sketch
from digitrec.labels import label_words
from digitrec.recognition.explanation import evidence, evidence_on_drawing
from digitrec.recognition.recognition import Opinion, Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.recognition.stroke_explanation import stroke_evidence
from digitrec.ui.charts.theme import is_dark

# Orange, blue and gray, which stand out from the page.
LIGHT = (np.array([232, 98, 0]), np.array([38, 84, 236]), np.array([185, 185, 185]))
DARK = (np.array([255, 158, 54]), np.array([112, 158, 255]), np.array([190, 190, 190]))
# Evidence below this, in nats, is shown as none.
LITTLE = 0.05
# The strength of the color where there is a little evidence.
FAINT = 0.6
WIDTH = 224
# Two pictures of this width fit beside each other in a card.
PICTURE = 148


def why_view(
    recognizer: Recognizer, sketch: Sketch, digit_input: Digit, recognition: Recognition
) -> None:
    """Show which ink supports the answer and which contradicts it.

    Args:
        recognizer: The model that answered.
        sketch: The drawing.
        digit_input: uint8 (28, 28), white ink (255) on black: the model's input.
        recognition: The model's answer.
    """
    answer = recognition.digit
    others = [digit for digit in range(10) if digit != answer]
    other = st.selectbox(
        f"Why {answer} and not",
        others,
        index=None,
        placeholder="any other digit",
        key=f"draw_why_not_{answer}",
        width=WIDTH,
    )
    worth = evidence(recognizer, digit_input, answer, other)
    by_shape = evidence_on_drawing(worth, digit_input, sketch.ink)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        _evidence_picture(sketch, by_shape, answer, _words("By shape", recognition.by_shape))
        if recognizer.stroke_reader and recognition.by_strokes:
            by_strokes = stroke_evidence(
                recognizer.stroke_reader, sketch.strokes, sketch.ink.shape, answer, other
            )
            words = _words("By strokes", recognition.by_strokes)
            _evidence_picture(sketch, by_strokes, answer, words)
        against = "any other digit" if other is None else str(other)
        st.markdown(
            f":small[:orange[**Orange**] ink supports {answer} over {against}, :blue[**blue**] ink "
            "contradicts it, and gray ink makes no difference.]"
        )


def _words(how: str, said: Opinion | None) -> str | None:
    return said and f"{how}: {label_words(said.label)}, {percent(said.probability)}"


def _evidence_picture(sketch: Sketch, worth: Evidence, answer: int, words: str | None) -> None:
    st.image(
        _colored(sketch.ink, worth),
        caption=words,
        width=PICTURE,
        alt=f"The ink, orange where it supports {answer} and blue where it contradicts it",
    )


def _colored(ink: Ink, worth: Evidence) -> Image.Image:
    """Return the colored ink on a transparent background."""
    most = max(float(np.abs(worth).max()), LITTLE)
    supporting, contradicting, gray = DARK if is_dark() else LIGHT
    strength = FAINT + (1 - FAINT) * np.clip(np.abs(worth) / most, 0, 1)[..., None]
    hue = np.where(worth[..., None] > 0, supporting, contradicting)
    little = np.abs(worth)[..., None] < LITTLE
    colors = np.where(little, gray, strength * hue + (1 - strength) * gray)
    pixels = np.concatenate([colors, 255 * ink[..., None]], axis=-1)
    return Image.fromarray(np.rint(pixels).astype(np.uint8))
