"""The three doors of the Home page: what a person can do here."""

from pathlib import Path
from typing import NamedTuple

import streamlit as st


class Door(NamedTuple):
    """A page with what one gets there."""

    page: str
    title: str
    words: str
    picture: str


DOORS = (
    Door(
        "pages/digits/draw.py", "Draw",
        "Watch the answer change as you draw, see the reason for it, and keep your drawings.",
        "draw.svg",
    ),
    Door(
        "pages/digits/teach.py", "Teach it your handwriting",
        "Label your drawings, and let a model learn from them.",
        "teach.svg",
    ),
    Door(
        "pages/networks/train.py", "Train a network",
        "Choose a network and its settings, and watch it learn MNIST in minutes.",
        "train.svg",
    ),
)  # fmt: skip


def doors() -> None:
    """Show a card for each door."""
    with st.container(key="home_doors"):
        for number, door in enumerate(DOORS):
            with st.container(border=True, height="stretch", key=f"home_door_{number}"):
                picture = Path(__file__).with_name(door.picture)
                st.image(str(picture), width="stretch", alt=f"Sketch: {door.title}")
                st.page_link(
                    door.page,
                    label=f"**{door.title}**",
                    icon=":material/arrow_forward:",
                    icon_position="right",
                )
                st.caption(door.words)
