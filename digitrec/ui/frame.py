"""The frame around every page, and how errors are shown in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from digitrec.errors import DigitrecError
from digitrec.ui.plain import plain
from digitrec.words import sentence

ICON = Path(__file__).with_name("icon.png")


@contextmanager
def frame(page: StreamlitPage) -> Iterator[None]:
    """Give a page its heading, and show the errors it lets through."""
    st.header(page.title, anchor=False)
    show_pending_error()
    with shown_errors():
        yield


def act(action: Callable[..., Any], *arguments: Any) -> None:
    """Carry out what a button is for; an error is kept for ``show_pending_error``.

    It is what a callback calls: callbacks run before there is a page to show anything on.
    """
    try:
        action(*arguments)
    except (DigitrecError, OSError) as error:
        keep_error(error)


def keep_error(error: DigitrecError | OSError) -> None:
    """Keep an error for ``show_pending_error``, where a rerun would wipe it away."""
    st.session_state["frame_error"] = error


def show_pending_error() -> None:
    """Show the error of the last action, once. A fragment with buttons calls it itself."""
    if error := st.session_state.pop("frame_error", None):
        show_error(error)


@contextmanager
def shown_errors() -> Iterator[None]:
    """Show what goes wrong inside as a sentence. Fragments need one of their own."""
    try:
        yield
    except (DigitrecError, OSError) as error:
        show_error(error)


def show_error(error: DigitrecError | OSError | str) -> None:
    """Show an error, or what is known of one, as a sentence."""
    text = error if isinstance(error, str) else sentence(error)
    st.error(plain(text[:1].upper() + text[1:] + "."), icon=":material/error:")
