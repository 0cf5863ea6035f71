"""Lays out a canvas, the verdict on its drawing, and what can be done with it.

From 800 pixels on they stand side by side; below that the verdict stands above the canvas, so that
it stays in view while a person draws. ``style.css`` has the grid.
"""

from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


class Bench(NamedTuple):
    """The places of a bench, to be filled in any order."""

    canvas: DeltaGenerator
    verdict: DeltaGenerator
    details: DeltaGenerator


def bench(name: str) -> Bench:
    """Make the places for a canvas.

    Args:
        name: The canvas's name.
    """
    with st.container(key=f"{name}_bench"):
        verdict = st.container(key=f"{name}_bench_verdict")
        canvas = st.container(key=f"{name}_bench_canvas", gap="small")
        details = st.container(key=f"{name}_bench_details")
    return Bench(canvas, verdict, details)
