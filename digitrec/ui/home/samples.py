"""Sample digits, for a person who doesn't want to draw one."""

import numpy as np
import streamlit as st

from digitrec.ink.strokes import centered_strokes, drawn_with
from digitrec.synthetic.digits import draw_digit
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.canvas.tools import pen_width

# The share of the canvas that a sample's longer side takes.
SHARE = 0.65


def sample_buttons() -> None:
    """Offer a button for each digit that puts one in a random style on the canvas."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key="home_samples"
    ):
        st.caption("Or try a sample:", width="content")
        for digit in range(10):
            st.button(
                str(digit),
                key=f"home_sample_{digit}",
                on_click=_put,
                args=(digit,),
            )


def _put(digit: int) -> None:
    traces = draw_digit(digit, np.random.default_rng())
    side, width = DIGIT_CANVAS.width, pen_width(DIGIT_CANVAS)
    placed = centered_strokes(drawn_with(0, traces), side, SHARE)
    DIGIT_CANVAS.put(drawn_with(width, [stroke.points for stroke in placed]))
