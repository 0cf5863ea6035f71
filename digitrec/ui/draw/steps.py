"""How a drawing became what the network sees, step by step."""

import streamlit as st
from PIL import Image

from digitrec.ink.preprocessing import SIZE, drawing_steps, open_picture
from digitrec.ink.strokes import stroke_points
from digitrec.ui.canvas.canvas import Sketch

SIDE = 80


def steps_view(sketch: Sketch) -> None:
    """Offer to show the steps from the drawing to the 28 x 28.

    Args:
        sketch: A drawing with ink.
    """
    if not st.toggle("Show the steps", key="draw_steps", persist_state="session"):
        return
    steps = drawing_steps(open_picture(sketch.picture), stroke_points(sketch.strokes))
    with st.container(horizontal=True, gap="small", key="draw_step_pictures"):
        for number, (name, ink) in enumerate(steps, 1):
            st.image(
                _fitted(Image.fromarray(ink)),
                caption=f"{number}. {name}, {ink.shape[1]} × {ink.shape[0]}",
                width=SIDE,
                alt=f"The ink after step {number}: {name}",
            )


def _fitted(picture: Image.Image) -> Image.Image:
    """Return a picture in the middle of a square, its pixels as squares where they are few."""
    scale = SIDE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    few = max(picture.size) <= SIZE
    how = Image.Resampling.NEAREST if few else Image.Resampling.BILINEAR
    square = Image.new("L", (SIDE, SIDE))
    square.paste(picture.resize(size, how), ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return square
