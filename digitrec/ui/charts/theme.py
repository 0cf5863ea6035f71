"""What charts take from the theme."""

import streamlit as st


def text_color() -> str:
    """Return the color of text on the page's paper."""
    return "#fafafa" if st.context.theme.type == "dark" else "#31333f"
