"""The picker of a run or model, which stands in the page's link."""

from collections.abc import Sequence

import streamlit as st

from digitrec.errors import ModelError
from digitrec.ui.plain import plain


def choose_run(label: str, names: Sequence[str], key: str, preferred: str | None = None) -> str:
    """Show the picker; return what is chosen.

    Args:
        label: What it is called.
        names: What there is to choose from.
        key: Its key, and its name in the link.
        preferred: Chosen where the link names none that is there; else the first is.

    Raises:
        ModelError: If there is nothing to choose from.
    """
    if not names:
        raise ModelError("there is no model; train one, or put the folder models/ back")
    if preferred not in names:
        preferred = names[0]
    asked = st.query_params.get(key)
    if st.session_state.get(key) not in names:
        st.session_state[key] = preferred
    # Without a choice to begin with, every choice stands in the link.
    st.selectbox(label, names, None, key=key, bind="query-params", width=320)
    chosen = str(st.session_state[key] or preferred)
    if asked and asked not in names:
        st.warning(
            f"The link names one that is not there, or no longer. This is {plain(chosen)}.",
            icon=":material/link_off:",
        )
    return chosen
