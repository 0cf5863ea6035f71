"""Explains an answer: which ink supports it, and which contradicts it."""

from typing import NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from digitrec.arrays import Digit, Evidence, Ink
from digitrec.formatting import percent
from digitrec.ink.preprocessing import SIZE
from digitrec.ink.sketch import Sketch
from digitrec.labels import label_words, with_article
from digitrec.recognition.explanation import evidence, evidence_on_drawing
from digitrec.recognition.recognition import CLOSE, Opinion, Recognition
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
# In a narrow card, pictures are smaller.
PICTURE = 220
# How many pixels wide and high each of the network's pixels is shown.
BLOCK = 6


class Read(NamedTuple):
    """What a model read.

    Attributes:
        digit_input: uint8 (28, 28), white ink (255) on black: the model's input.
        sketch: The drawing; None if there is only the input to show.
        label: What a person says it is; None if they didn't.
    """

    digit_input: Digit
    sketch: Sketch | None = None
    label: int | None = None


def why_title(recognition: Recognition, label: int | None = None) -> str:
    """Return the question that ``why_view`` answers.

    Args:
        recognition: The model's answer.
        label: What a person says it is, if that is to be asked about.
    """
    answer = recognition.digit
    if not recognition.is_digit:
        return f"Why is {answer} the closest digit?"
    other = _other_label(answer, label)
    return f"Why {answer}?" if other is None else f"Why {answer} and not {other}?"


def other_digit(recognition: Recognition, label: int | None) -> int | None:
    """Return which digit to compare the answer with.

    Args:
        recognition: The model's answer.
        label: What a person says it is, if they did.

    Returns:
        The label if it is another digit than the answer, else the second most probable digit if it
        could be the answer, too; None for none.
    """
    if (other := _other_label(recognition.digit, label)) is not None:
        return other
    ranked = sorted(range(10), key=lambda digit: -recognition.probabilities[digit])
    return ranked[1] if recognition.probabilities[ranked[1]] >= CLOSE else None


def why_view(recognizer: Recognizer, read: Read, recognition: Recognition, key: str) -> int | None:
    """Show which ink supports the answer and which contradicts it.

    Args:
        recognizer: The model that answered.
        read: What it read.
        recognition: Its answer.
        key: What the widget's key begins with.

    Returns:
        The digit that the answer was compared with; None for all others.
    """
    answer, digit_input, sketch = recognition.digit, read.digit_input, read.sketch
    other = _choose_other(answer, other_digit(recognition, read.label), key)
    worth = evidence(recognizer, digit_input, answer, other)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        with st.container(horizontal=True, gap="small", width="content", key=f"{key}_why_pictures"):
            if sketch is None:
                ink = digit_input.astype(np.float32) / 255
                _evidence_picture(_blocks(ink), _blocks(worth), answer, width=BLOCK * SIZE)
            else:
                by_shape = evidence_on_drawing(worth, digit_input, sketch.ink)
                words = _words("By shape", recognition.by_shape)
                _evidence_picture(sketch.ink, by_shape, answer, words)
                _by_strokes(recognizer, sketch, recognition, other)
        against = "any other digit" if other is None else str(other)
        st.markdown(
            f":small[:orange[**Orange**] ink supports {answer} over {against}, :blue[**blue**] ink "
            "contradicts it, and gray ink makes no difference. A stronger color means a stronger "
            "effect."
            f"{_what_to_change(other)}]"
        )
    return other


def _other_label(answer: int, label: int | None) -> int | None:
    """Return the label if it is another digit than the answer."""
    return label if label in range(10) and label != answer else None


def _what_to_change(other: int | None) -> str:
    if other is None:
        return ""
    return f" To be read as {with_article(other)}, the orange parts would have to look different."


def _choose_other(answer: int, first: int | None, key: str) -> int | None:
    others = [digit for digit in range(10) if digit != answer]
    return st.selectbox(
        f"Why {answer} and not",
        others,
        index=None if first is None else others.index(first),
        placeholder="any other digit",
        # The key includes the default choice, so a new drawing or label resets it.
        key=f"{key}_why_not_{answer}" + ("" if first is None else f"_{first}"),
        width=WIDTH,
    )


def _by_strokes(
    recognizer: Recognizer, sketch: Sketch, recognition: Recognition, other: int | None
) -> None:
    """Show which strokes support the answer, if a network that reads strokes voted."""
    if recognizer.stroke_reader is None or recognition.by_strokes is None:
        return
    answer = recognition.digit
    worth = stroke_evidence(
        recognizer.stroke_reader, sketch.strokes, sketch.ink.shape, answer, other
    )
    words = _words("By strokes", recognition.by_strokes)
    _evidence_picture(sketch.ink, worth, answer, words)


def _blocks(pixels: Evidence) -> Evidence:
    """Return the network's pixels as squares, which stay sharp on the page."""
    return pixels.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)


def _words(how: str, said: Opinion | None) -> str | None:
    return said and f"{how}: {label_words(said.label)}, {percent(said.probability)}"


def _evidence_picture(
    ink: Ink, worth: Evidence, answer: int, words: str | None = None, width: int = PICTURE
) -> None:
    st.image(
        _colored(ink, worth),
        caption=words,
        width=width,
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
