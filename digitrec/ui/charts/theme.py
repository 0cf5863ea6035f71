"""Colors that charts take from the theme."""

import streamlit as st


def text_color() -> str:
    """Return the theme's text color."""
    return "#fafafa" if st.context.theme.type == "dark" else "#31333f"
