"""Why the network answers as it does: the ink that spoke for the answer and that against it."""

import numpy as np
import streamlit as st
from PIL import Image

from digitrec.explanation import Evidence, evidence
from digitrec.preprocessing import Digit
from digitrec.recognizer import Recognition, Recognizer

ZOOM = 8
FOR, AGAINST = np.array([224, 122, 31]), np.array([79, 111, 232])
GREY = np.array([150, 150, 150])
# Less than this, in nats, is shown as nothing.
LITTLE = 0.05


def why_view(recognizer: Recognizer, digit_input: Digit, recognition: Recognition) -> None:
    """Offer to show what the ink is worth, for the answer and against any other digit.

    Args:
        recognizer: The model that answered.
        digit_input: uint8 (28, 28), white ink (255) on black.
        recognition: What it answered.
    """
    if not st.toggle("Why?", key="draw_why", persist_state="session"):
        return
    answer = recognition.digit
    others = [digit for digit in range(10) if digit != answer]
    other = st.pills(
        f"Why {answer}, and not",
        others,
        key=f"draw_why_not_{answer}",
        wrap=True,
    )
    worth = evidence(recognizer, digit_input, answer, other)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.image(
            _coloured(digit_input, worth),
            width=28 * ZOOM,
            alt=f"The ink, orange where it spoke for {answer} and blue where it spoke against it",
        )
        against = "any other digit" if other is None else str(other)
        st.caption(
            f":orange[**Orange**] ink spoke for {answer} and against {against}, :blue[**blue**] "
            f"ink the other way round; grey ink made no difference."
        )


def _coloured(digit_input: Digit, worth: Evidence) -> Image.Image:
    most = max(float(np.abs(worth).max()), LITTLE)
    strength = np.clip(np.abs(worth) / most, 0, 1)[..., None] ** 0.5
    hue = np.where(worth[..., None] > 0, FOR, AGAINST)
    colours = np.where(
        np.abs(worth)[..., None] < LITTLE, GREY, strength * hue + (1 - strength) * GREY
    )
    ink = digit_input[..., None] / 255
    pixels = np.rint(colours * ink).astype(np.uint8)
    side = 28 * ZOOM
    return Image.fromarray(pixels).resize((side, side), Image.Resampling.NEAREST)
