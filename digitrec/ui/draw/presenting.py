"""The presenter's view: canvas, digit and bars fill the screen."""

from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("present.css")
ON = "draw_presenting"


def present_button() -> None:
    """Show the button that enters and leaves the presenter's view; P does the same."""
    is_on = is_presenting()
    st.button(
        "Exit full view" if is_on else "Full view",
        key="draw_present",
        icon=":material/fullscreen_exit:" if is_on else ":material/fullscreen:",
        shortcut="P",
        on_click=_toggle,
    )
    if is_on:
        st.html(STYLE)


def is_presenting() -> bool:
    """Return whether the presenter's view is on."""
    return bool(st.session_state.get(ON, False))


def _toggle() -> None:
    st.session_state[ON] = not is_presenting()
