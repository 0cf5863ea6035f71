"""The training digits that are most similar to a drawing."""

import streamlit as st

from digitrec.arrays import Digit
from digitrec.recognition.similar_digits import Neighbor, nearest
from digitrec.ui.images import enlarged

COUNT = 5


def similar_view(digit_input: Digit) -> None:
    """Show the most similar training digits.

    Args:
        digit_input: uint8 (28, 28), white ink (255) on black (0).
    """
    with st.container(key="draw_near_pictures"):
        for neighbor in _nearest(digit_input):
            st.image(
                enlarged(neighbor.digit, 3),
                caption=str(neighbor.label),
                width="stretch",
                alt=f"A training digit, labeled {neighbor.label}",
            )
    st.caption(f"The {COUNT} most similar of MNIST's 60,000 training digits, with their labels.")


@st.cache_data(show_spinner=False, max_entries=64)
def _nearest(digit_input: Digit) -> list[Neighbor]:
    return nearest(digit_input, COUNT)
