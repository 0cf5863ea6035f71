"""The heading of every page, and how pages show errors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.formatting import sentence
from digitrec.ui.plain_text import plain

_HERE = Path(__file__).parent
ICON, LOGO, STYLE = (_HERE / name for name in ("icon.png", "logo.svg", "style.css"))


@contextmanager
def frame(heading: str) -> Iterator[None]:
    """Show a page's heading, and any error the page raises."""
    st.header(heading, anchor=False)
    show_pending_error()
    with shown_errors():
        yield


def act(action: Callable[..., Any], *arguments: Any) -> None:
    """Run a callback's action and keep its error for ``show_pending_error``.

    Callbacks run before the page does, so they have nowhere to show an error themselves.
    """
    try:
        action(*arguments)
    except (DigitrecError, OSError) as error:
        keep_error(error)


def keep_error(error: DigitrecError | OSError) -> None:
    """Keep an error for ``show_pending_error``, so that it survives a rerun."""
    st.session_state["frame_error"] = error


def show_pending_error() -> None:
    """Show the last action's error once. Fragments with buttons need a call of their own."""
    if error := st.session_state.pop("frame_error", None):
        show_error(error)


@contextmanager
def shown_errors() -> Iterator[None]:
    """Show errors raised inside as a sentence. Fragments need one of their own."""
    try:
        yield
    except (DigitrecError, OSError) as error:
        show_error(error)


def show_error(error: DigitrecError | OSError | str) -> None:
    """Show an error, or the text of one, as a sentence."""
    text = error if isinstance(error, str) else sentence(error)
    st.error(plain(text[:1].upper() + text[1:] + "."), icon=":material/error:")
