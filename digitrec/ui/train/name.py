"""The name of a new run."""

import streamlit as st

from digitrec.errors import ConfigurationError
from digitrec.recipes.run_names import LONGEST
from digitrec.runs.model_store import ModelStore
from digitrec.ui.page_frame import show_error

KEY = "train_name"


def name_field(store: ModelStore) -> None:
    """Show the field for the name, and what is wrong with it."""
    st.text_input(
        "Name",
        key=KEY,
        persist_state="session",
        placeholder="Optional",
        max_chars=LONGEST,
        help="Names the run and its model; if empty, they get the network's name and a number.",
    )
    if problem := name_problem(store):
        show_error(problem)


def chosen_name() -> str | None:
    """Return the name; None for a numbered one."""
    return st.session_state.get(KEY, "").strip() or None


def clear_name() -> None:
    """Empty the field."""
    st.session_state[KEY] = ""


def name_problem(store: ModelStore) -> ConfigurationError | None:
    """Return what is wrong with the name, if anything."""
    name = chosen_name()
    try:
        if name:
            store.path_of_new(name)
    except ConfigurationError as error:
        return error
    return None
