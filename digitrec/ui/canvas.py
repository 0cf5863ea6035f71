"""The canvas, and what stays of the drawing when the page changes.

The canvas forgets its drawing when it leaves the screen. So the last drawing is kept in the
session, and a canvas that is put up anew begins with it. Clearing, undoing that and a change
of the theme give the canvas something else to begin with, which it then loads and reports;
until it has reported, what it said before is out of date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from digitrec.strokes import Stroke, strokes_for_canvas, strokes_from_canvas

KEY = "draw_canvas"
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
    beginning = (theme, state.setdefault("draw_generation", 0))
    if KEY not in state or state["draw_began_as"] != beginning:
        state["draw_began_as"] = beginning
        state["draw_begins_with"] = {
            "objects": _in_colour(state.get("draw_drawing"), INK[theme]),
            "generation": state["draw_generation"],
        }
    result = st_canvas(
        stroke_width=pen_width,
        stroke_color=INK[theme],
        background_color=PAPER[theme],
        width=SIDE,
        height=SIDE,
        initial_drawing=state["draw_begins_with"],
        return_image_data=True,
        key=KEY,
    )
    state["draw_reported"] = result.json_data
    if result.image_bytes is not None and result.json_data != state.get("draw_outdated"):
        state["draw_drawing"] = result.json_data
        state["draw_picture"] = result.image_bytes
        state["draw_outdated"] = None
    return current_sketch()


def current_sketch() -> Sketch | None:
    """Return what was last seen on the canvas, or None if nothing was."""
    drawing = st.session_state.get("draw_drawing")
    if not drawing or not drawing.get("objects"):
        return None
    return Sketch(st.session_state["draw_picture"], strokes_from_canvas(drawing))


def put_on_canvas(strokes: Sequence[Stroke], picture: bytes) -> None:
    """Let the canvas begin with a drawing that was saved; what was on it can be brought back.

    Args:
        strokes: The pen's way.
        picture: PNG of the drawing, for those who ask before the canvas is shown.
    """
    state = st.session_state
    state.setdefault("draw_generation", 0)
    if current_sketch() is not None:
        state["draw_cleared"] = (state["draw_drawing"], state["draw_picture"])
    _begin_anew(strokes_for_canvas(strokes), picture)


def clear_canvas() -> None:
    """Empty the canvas; ``restore_canvas`` brings back what was on it."""
    state = st.session_state
    if current_sketch() is not None:
        state["draw_cleared"] = (state["draw_drawing"], state["draw_picture"])
    _begin_anew(None, None)


def restore_canvas() -> None:
    """Bring back what was on the canvas before it was cleared."""
    _begin_anew(*st.session_state.pop("draw_cleared"))


def can_restore_canvas() -> bool:
    """Tell whether there is something to bring back."""
    return "draw_cleared" in st.session_state


def _begin_anew(drawing: dict[str, Any] | None, picture: bytes | None) -> None:
    state = st.session_state
    state["draw_drawing"] = drawing
    state["draw_picture"] = picture
    state["draw_outdated"] = state.get("draw_reported")
    state["draw_generation"] += 1


def _in_colour(drawing: dict[str, Any] | None, colour: str) -> list[dict[str, Any]]:
    """Return a drawing's objects with their ink in another colour."""
    return [item | {"stroke": colour} for item in (drawing or {}).get("objects", [])]
