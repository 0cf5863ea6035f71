"""The saved drawing in a page's link."""

import streamlit as st

from digitrec.errors import NoSuchDrawingError

IN_LINK = "drawing"


def open_drawing(number: int) -> None:
    """Open a drawing in the history by putting its number into the link."""
    st.query_params[IN_LINK] = str(number)


def number_in_link() -> int | None:
    """Return the number of the drawing in the link, or None if there isn't one.

    Raises:
        NoSuchDrawingError: If it isn't a drawing's number.
    """
    number = st.query_params.get(IN_LINK)
    if number is None:
        return None
    if not number.isdecimal() or len(number) > 9:
        raise NoSuchDrawingError(
            f"this link doesn't lead to a drawing: {number[:20]!r} isn't a drawing's number; "
            "open the drawing from History"
        )
    return int(number)
