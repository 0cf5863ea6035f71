"""Explains an answer: which ink supports it, and which contradicts it."""

import numpy as np
import streamlit as st
from PIL import Image

from digitrec.arrays import Digit, Evidence, Ink
from digitrec.ink.sketch import Sketch
from digitrec.recognition.explanation import evidence, evidence_on_drawing
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer

FOR, AGAINST = np.array([224, 122, 31]), np.array([79, 111, 232])
GRAY = np.array([150, 150, 150])
# Evidence below this, in nats, is shown as none.
LITTLE = 0.05
WIDTH = 224


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
    other = st.pills(
        f"Why {answer} and not",
        others,
        key=f"draw_why_not_{answer}",
        wrap=True,
    )
    worth = evidence(recognizer, digit_input, answer, other)
    ink = sketch.ink
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.image(
            _colored(ink, evidence_on_drawing(worth, digit_input, ink)),
            width=WIDTH,
            alt=f"The ink, orange where it supports {answer} and blue where it contradicts it",
        )
        against = "any other digit" if other is None else str(other)
        st.caption(
            f":orange[**Orange**] ink supports {answer} over {against}, :blue[**blue**] ink "
            "contradicts it, and gray ink makes no difference."
        )


def _colored(ink: Ink, worth: Evidence) -> Image.Image:
    """Return the colored ink on a transparent background."""
    most = max(float(np.abs(worth).max()), LITTLE)
    strength = np.clip(np.abs(worth) / most, 0, 1)[..., None] ** 0.5
    hue = np.where(worth[..., None] > 0, FOR, AGAINST)
    little = np.abs(worth)[..., None] < LITTLE
    colors = np.where(little, GRAY, strength * hue + (1 - strength) * GRAY)
    pixels = np.concatenate([colors, 255 * ink[..., None]], axis=-1)
    return Image.fromarray(np.rint(pixels).astype(np.uint8))
