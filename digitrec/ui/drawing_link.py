"""The saved drawing that a page's link names."""

import streamlit as st

IN_LINK = "drawing"


def open_drawing(number: int) -> None:
    """Let the history show a drawing large; its number is in the link."""
    st.query_params[IN_LINK] = str(number)


def number_in_link() -> int | None:
    """Return the number of the drawing that the link names; -1 if that is no number."""
    number = st.query_params.get(IN_LINK)
    if number is None:
        return None
    return int(number) if number.isdecimal() and len(number) < 10 else -1
