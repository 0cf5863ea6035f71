"""The model that answers, with a word if it is not the one that was chosen."""

import streamlit as st

from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.frame import show_error
from digitrec.ui.plain import plain
from digitrec.ui.resources import active_recognizer, model_title


def served_model() -> Recognizer:
    """Return the app's model; if another one stands in for it, say why.

    Raises:
        ModelError: If there is none that can.
    """
    recognizer, problem = active_recognizer()
    if problem:
        show_error(problem)
        st.caption(f"Until that is mended, {plain(model_title(recognizer.name))} answers.")
    return recognizer
