"""The saved drawing that a page's link names."""

import streamlit as st

from digitrec.errors import NoSuchDrawingError

IN_LINK = "drawing"


def open_drawing(number: int) -> None:
    """Let the history show a drawing large; its number is in the link."""
    st.query_params[IN_LINK] = str(number)


def number_in_link() -> int | None:
    """Return the number of the drawing that the link names.

    Raises:
        NoSuchDrawingError: If what it names can be none.
    """
    number = st.query_params.get(IN_LINK)
    if number is None:
        return None
    if not number.isdecimal() or len(number) > 9:
        raise NoSuchDrawingError(f"the link names no drawing, but {number[:20]!r}")
    return int(number)
