"""The button *Save*, and after saving *Undo save* and a link to the history."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from digitrec.ui.page_frame import act, show_pending_error


def save_row(
    name: str,
    save: Callable[..., Any],
    arguments: tuple[Any, ...],
    undo: Callable[[], Any] | None,
    *,
    changed: bool = False,
) -> None:
    """Show the buttons.

    Args:
        name: The prefix of their keys.
        save: Saves the drawing.
        arguments: The arguments of ``save``.
        undo: Undoes the save; None before anything is saved.
        changed: Whether the drawing or its label has changed since it was saved.
    """
    done = undo is not None and not changed
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Saved" if done else "Save the change" if undo else "Save",
            key=f"{name}_save",
            type="primary",
            shortcut="Enter",
            icon=":material/check:" if done else ":material/save:",
            on_click=act,
            args=(save, *arguments),
            disabled=done,
        )
        if undo:
            undo_save_button(name, undo)
            st.page_link("pages/digits/history.py", label="View in History")
    show_pending_error()


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
