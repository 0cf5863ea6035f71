"""What a page says when it has nothing to show, and what it suggests next."""

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from digitrec.drawings.store import DrawingStore


def no_drawings(store: "DrawingStore") -> None:
    """Say that no drawing is saved, or that all of them are in the trash."""
    from digitrec.drawings.selection import Selection  # Imports SQLAlchemy; see resources.

    trashed = store.count(Selection(in_trash=True)).all
    if trashed:
        words = "Your only drawing is" if trashed == 1 else f"All {trashed:,} drawings are"
        st.info(
            f"{words} in the trash. Restore the ones you need, or draw new ones.",
            icon=":material/delete:",
        )
    else:
        st.info("Nothing is saved yet. Draw a digit, then press its label.", icon=":material/draw:")
    with st.container(horizontal=True):
        if trashed:
            st.page_link(
                "pages/digits/history.py",
                label="Open the trash",
                icon=":material/delete:",
                query_params={"history_view": "Trash"},
            )
        st.page_link("pages/digits/draw.py", label="Draw", icon=":material/draw:")


def no_labels(store: "DrawingStore", purpose: str) -> None:
    """Say that no drawing has a label.

    Args:
        store: The drawings.
        purpose: One sentence that says what the page uses labels for.
    """
    count = store.count().all
    if not count:
        no_drawings(store)
        return
    words = "Your drawing has no label" if count == 1 else f"Your {count:,} drawings have no labels"
    st.info(f"{words} yet. {purpose}", icon=":material/label:")
    st.page_link(
        "pages/digits/review.py", label="Label your drawings", icon=":material/fact_check:"
    )
