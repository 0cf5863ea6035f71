"""Selects a run or a model, and keeps the choice in the page's link."""

from collections.abc import Sequence

import streamlit as st

from digitrec.errors import ModelError
from digitrec.runs.model_store import ModelStore
from digitrec.ui.plain_text import plain

# The session keys of the run that a page showed last, and of the one that the report is to open.
_SEEN, _NEXT = "runs_seen", "runs_next"


def look_at(name: str) -> None:
    """Let the report open on a run that another page has begun to show."""
    state = st.session_state
    if name != state.get(_SEEN):
        state[_SEEN] = state[_NEXT] = name


def follow_look(key: str, names: Sequence[str]) -> None:
    """Choose the run that another page showed last, once, if it is among ``names``.

    Args:
        key: The select box's key.
        names: The runs' names.
    """
    if st.session_state.get(_NEXT) in names:
        st.session_state[key] = st.session_state.pop(_NEXT)


def choose_run(
    store: ModelStore, label: str, names: Sequence[str], key: str, preferred: str | None = None
) -> str:
    """Show a select box of runs, and return the name of the chosen one.

    Args:
        store: The runs, for their titles.
        label: The select box's label.
        names: The runs' names.
        key: The select box's key, also the query parameter's name.
        preferred: The default if the link names no run; None for the first run.

    Raises:
        ModelError: If there are no runs.
    """
    if not names:
        raise ModelError("there are no models; train one, or restore the folder models/")
    lost = follow_link(key, names)
    if st.session_state.get(key) not in names:
        st.session_state[key] = preferred if preferred in names else names[0]
    st.selectbox(label, names, key=key, persist_state="session", format_func=store.title, width=320)
    chosen = str(st.session_state[key])
    write_link(key)
    if lost:
        st.warning(
            f"The model or run in this link doesn't exist. Showing {plain(store.title(chosen))} "
            "instead.",
            icon=":material/link_off:",
        )
    return chosen


def follow_link(key: str, names: Sequence[str]) -> bool:
    """Choose the run in the link.

    Binding the widget to the link would store the title, not the name.

    Returns:
        Whether the link names something that isn't among ``names`` and wasn't chosen here before.
    """
    asked = st.query_params.get(key)
    known = key in st.session_state and st.session_state.get(_written(key))
    if not asked or asked == known:
        return False
    if asked in names:
        st.session_state[key] = asked
    return asked not in names


def write_link(key: str) -> None:
    """Put the choice into the link."""
    chosen = st.session_state.get(key)
    st.session_state[_written(key)] = chosen
    if chosen:
        st.query_params[key] = chosen
    else:
        st.query_params.pop(key, None)


def _written(key: str) -> str:
    return f"{key}_in_link"
