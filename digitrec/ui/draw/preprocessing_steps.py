"""The steps from a drawing to the network's input."""

import numpy as np
import streamlit as st
from PIL import Image

from digitrec.arrays import Ink, Pixels
from digitrec.ink.preprocessing import SIZE, Steps
from digitrec.ink.sketch import Sketch
from digitrec.ui.charts.images import in_theme

SIDE = 160
# A caption breaks between the name and the size.
NBSP = "\N{NO-BREAK SPACE}"


def steps_view(sketch: Sketch, steps: Steps) -> None:
    """Show the steps from a drawing to its 28 x 28 pixels.

    Args:
        sketch: A drawing with ink.
        steps: Its steps.
    """
    pictures = {
        "drawing": _visible(sketch.ink),
        "cut out": _visible(steps.cropped),
        steps.how: _visible(steps.box),
        "centered": steps.digit_input,
    }
    with st.container(key="draw_step_pictures"):
        for number, (name, pixels) in enumerate(pictures.items(), 1):
            size = f"{pixels.shape[1]} × {pixels.shape[0]}"
            st.image(
                _fitted(Image.fromarray(pixels)),
                caption=f"{number}.{NBSP}{name} {size.replace(' ', NBSP)}",
                width="stretch",
                alt=f"The ink after step {number}: {name}",
            )
    st.caption("The network sees the drawing small and centered, like MNIST's digits.")


def _visible(ink: Ink) -> Pixels:
    return np.rint(ink * 255).astype(np.uint8)


def _fitted(picture: Image.Image) -> Image.Image:
    """Return a picture in the middle of a square; small ones keep sharp pixels."""
    scale = SIDE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    few = max(picture.size) <= SIZE
    how = Image.Resampling.NEAREST if few else Image.Resampling.BILINEAR
    square = Image.new("L", (SIDE, SIDE))
    square.paste(picture.resize(size, how), ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return in_theme(square)
