"""Colors that charts take from the theme."""

import streamlit as st


def is_dark() -> bool:
    """Return whether the page is dark."""
    return st.context.theme.type == "dark"


def text_color() -> str:
    """Return the theme's text color."""
    return "#fafafa" if is_dark() else "#31333f"
