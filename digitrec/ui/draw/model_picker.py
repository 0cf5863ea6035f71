"""The choice of the model, and the answers of all models to a drawing."""

import streamlit as st

from digitrec.arrays import Digit
from digitrec.errors import ModelError
from digitrec.formatting import percent
from digitrec.ink.sketch import Sketch
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.page_frame import act
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import model_store, recognizer

# More models than this don't fit on the page.
COMPARED = 12


def model_picker() -> None:
    """Show the model that the app uses, and offer the others."""
    store = model_store()
    names, active = [run.name for run in store.models()], store.active_name()
    st.session_state["draw_model"] = active if active in names else None
    st.selectbox(
        "Model",
        names,
        key="draw_model",
        format_func=store.title,
        on_change=act,
        args=(_activate,),
        placeholder="Choose a model",
    )


def comparison(
    sketch: Sketch, digit_input: Digit, answering: Recognizer, answer: Recognition
) -> None:
    """Show the answers of all models to a drawing side by side.

    Args:
        sketch: The drawing.
        digit_input: uint8 (28, 28), white ink (255) on black.
        answering: The model that the page uses.
        answer: Its answer.
    """
    names = [run.name for run in model_store().models()]
    with st.container(horizontal=True, gap="small", key="draw_comparison"):
        for name in names[:COMPARED]:
            with st.container(width=118, height="stretch", border=True, gap=None):
                st.caption(plain(model_store().title(name)))
                said = answer if name == answering.name else None
                _show_opinion(name, said, sketch, digit_input)
    if len(names) > COMPARED:
        st.caption(f"Showing the newest {COMPARED} of {len(names)} models.")


def _activate() -> None:
    if name := st.session_state["draw_model"]:
        model_store().activate(name)


def _show_opinion(name: str, said: Recognition | None, sketch: Sketch, digit_input: Digit) -> None:
    try:
        said = said or recognizer(name).recognize(digit_input, sketch.strokes)
    except ModelError:
        st.caption("damaged")
        return
    digit = str(said.digit) if said.is_digit else "?"
    st.metric("Answer", digit, label_visibility="collapsed")
    st.caption(_words(said))


def _words(said: Recognition) -> str:
    if said.is_digit:
        return percent(said.confidence)
    return f"not a digit; closest: {said.digit}"
