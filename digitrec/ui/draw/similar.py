"""The training digits that are most similar to a drawing."""

from collections.abc import Sequence

import streamlit as st

from digitrec.arrays import Digit
from digitrec.labels import label_plural
from digitrec.recognition.similar_digits import Neighbor, nearest
from digitrec.ui.charts.images import enlarged

COUNT = 5


def similar_view(digit_input: Digit, other: int | None) -> None:
    """Show the most similar training digits.

    Args:
        digit_input: uint8 (28, 28), white ink (255) on black (0).
        other: A digit that it could also be; its most similar ones are shown, too, if none of them
            is among the most similar of all.
    """
    found = _nearest(digit_input)
    _pictures(found, "draw_near_pictures")
    st.caption(f"The {COUNT} most similar of MNIST's 60,000 training digits, with their labels.")
    if other is not None and other not in {neighbor.label for neighbor in found}:
        _pictures(_nearest(digit_input, other), "draw_near_others")
        st.caption(f"The {COUNT} most similar {label_plural(other)}.")


def _pictures(neighbors: Sequence[Neighbor], key: str) -> None:
    with st.container(key=key):
        for neighbor in neighbors:
            st.image(
                enlarged(neighbor.digit, 3),
                caption=str(neighbor.label),
                width="stretch",
                alt=f"A training digit, labeled {neighbor.label}",
            )


@st.cache_data(show_spinner=False, max_entries=64)
def _nearest(digit_input: Digit, label: int | None = None) -> list[Neighbor]:
    return nearest(digit_input, COUNT, label)
