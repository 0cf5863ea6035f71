"""The button *Save*, and after saving *Undo save* and where to go on."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from digitrec.ui.page_frame import act, show_pending_error


def save_row(
    name: str,
    words: str,
    save: Callable[[], Any],
    undo: Callable[[], Any] | None,
    *,
    is_saved: bool,
) -> DeltaGenerator:
    """Show the buttons.

    Args:
        name: The prefix of their keys.
        words: What the first button does, or what is saved.
        save: Saves the drawing.
        undo: Undoes the save; None before anything is saved.
        is_saved: Whether it is saved as it is now.

    Returns:
        The row, for what else can be done.
    """
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        st.button(
            words,
            key=f"{name}_save",
            shortcut="Enter",
            icon=":material/check:" if is_saved else ":material/save:",
            on_click=act,
            args=(save,),
            disabled=is_saved,
        )
        if undo:
            undo_save_button(name, undo)
            st.page_link(
                "pages/digits/history.py",
                label="View in History",
                query_params={"history_view": "Gallery"},
            )
    show_pending_error()
    return row


def undo_save_button(name: str, undo: Callable[[], Any] | None) -> None:
    """Show the button that undoes a save.

    Args:
        name: The prefix of its key.
        undo: Undoes the save; None if there is nothing to undo.
    """
    st.button(
        "Undo save",
        key=f"{name}_unsave",
        icon=":material/undo:",
        type="tertiary",
        on_click=act,
        args=(undo,),
        disabled=undo is None,
    )
