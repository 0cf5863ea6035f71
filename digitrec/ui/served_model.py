"""The model that answers, and a warning if it isn't the chosen one."""

import streamlit as st

from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.page_frame import show_error
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import active_recognizer, model_title


def served_model() -> Recognizer:
    """Return the active model; if the default model replaces it, say why.

    Raises:
        ModelError: If the default model can't be used either.
    """
    recognizer, problem = active_recognizer()
    if problem:
        show_error(problem)
        st.caption(f"Until this is fixed, the app uses {plain(model_title(recognizer.name))}.")
    return recognizer
