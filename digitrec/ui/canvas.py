"""The canvas, and what stays of the drawing when the page changes.

The canvas forgets its drawing when it leaves the screen. So the last drawing is kept in the
session, and a canvas that is put up anew begins with it.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from digitrec.strokes import Stroke, strokes_from_canvas

SIDE = 280
INK = {"light": "#16181d", "dark": "#f4f5f7"}
PAPER = {"light": "#ffffff", "dark": "#262522"}


@dataclass(frozen=True)
class Sketch:
    """What is on the canvas.

    Attributes:
        picture: PNG of the canvas.
        strokes: The pen's way.
    """

    picture: bytes
    strokes: list[Stroke]


def drawing_canvas(pen_width: int) -> Sketch | None:
    """Show the canvas; return what is on it, or None if nothing is.

    Args:
        pen_width: In canvas pixels.
    """
    state = st.session_state
    theme = "dark" if st.context.theme.type == "dark" else "light"
    key = f"draw_canvas_{state.setdefault('draw_generation', 0)}_{theme}"
    if key not in state:
        state["draw_begins_with"] = _in_colour(state.get("draw_drawing"), INK[theme])
    result = st_canvas(
        stroke_width=pen_width,
        stroke_color=INK[theme],
        background_color=PAPER[theme],
        width=SIDE,
        height=SIDE,
        initial_drawing=state["draw_begins_with"],
        return_image_data=True,
        key=key,
    )
    if result.image_bytes is not None:
        state["draw_drawing"] = result.json_data
        state["draw_picture"] = result.image_bytes
    return current_sketch()


def current_sketch() -> Sketch | None:
    """Return what was last seen on the canvas, or None if nothing was."""
    drawing = st.session_state.get("draw_drawing")
    if not drawing or not drawing.get("objects"):
        return None
    return Sketch(st.session_state["draw_picture"], strokes_from_canvas(drawing))


def clear_canvas() -> None:
    """Empty the canvas; ``restore_canvas`` brings back what was on it."""
    if current_sketch() is not None:
        st.session_state["draw_cleared"] = _kept()
    _renew(None, None)


def restore_canvas() -> None:
    """Bring back what was on the canvas before it was cleared."""
    _renew(*st.session_state.pop("draw_cleared"))


def can_restore_canvas() -> bool:
    """Tell whether there is something to bring back."""
    return "draw_cleared" in st.session_state


def _kept() -> tuple[Any, Any]:
    return st.session_state.get("draw_drawing"), st.session_state.get("draw_picture")


def _renew(drawing: dict[str, Any] | None, picture: bytes | None) -> None:
    st.session_state["draw_drawing"] = drawing
    st.session_state["draw_picture"] = picture
    st.session_state["draw_generation"] += 1


def _in_colour(drawing: dict[str, Any] | None, colour: str) -> dict[str, Any] | None:
    """Return a drawing with its ink in another colour."""
    if drawing is None:
        return None
    return drawing | {"objects": [item | {"stroke": colour} for item in drawing["objects"]]}
