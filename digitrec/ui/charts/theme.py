"""The theme of the page, and the colors that pictures and charts take from it."""

import streamlit as st

# Also the canvas's colors, so that a saved drawing looks as it did when it was drawn.
INK = {"light": "#16181d", "dark": "#f4f5f7"}
PAPER = {"light": "#ffffff", "dark": "#1b1d27"}
# The background of a digit of 28 by 28 pixels: one should see where in its square the digit is.
TILE = {"light": "#f3f4fa", "dark": "#1b1d27"}


def theme() -> str:
    """Return the theme's name, a key of ``INK`` and ``PAPER``."""
    return "dark" if st.context.theme.type == "dark" else "light"


def is_dark() -> bool:
    """Return whether the page is dark."""
    return theme() == "dark"


def text_color() -> str:
    """Return the theme's text color."""
    return "#fafafa" if is_dark() else "#31333f"
