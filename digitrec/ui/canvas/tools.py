"""A canvas with its tools and settings: undo, redo and clear; pen width and live answers."""

from collections.abc import Sequence

import streamlit as st

from digitrec.ink.sketch import Sketch
from digitrec.ink.strokes import same_strokes
from digitrec.ui.canvas.canvas import Box, Canvas


def canvas_with_tools(canvas: Canvas, boxes: Sequence[Box] = ()) -> Sketch | None:
    """Show a canvas and its tools; return its drawing, or None if it is empty.

    Args:
        canvas: The canvas.
        boxes: Boxes to show on it.
    """
    name = canvas.name
    sketch = canvas.show(pen_width(canvas), boxes)
    with st.container(horizontal=True, gap="small"):
        if not is_live(canvas):
            st.button(
                "Recognize", key=f"{name}_recognize", type="primary", on_click=ask, args=(canvas,),
                disabled=sketch is None,
            )  # fmt: skip
        st.button(
            "Undo", key=f"{name}_undo", icon=":material/undo:", shortcut="Ctrl+Z",
            on_click=canvas.undo, disabled=not canvas.can_undo(),
        )  # fmt: skip
        st.button(
            "Redo", key=f"{name}_redo", icon=":material/redo:", shortcut="Ctrl+Y",
            on_click=canvas.redo, disabled=not canvas.can_redo(),
        )  # fmt: skip
        st.button(
            "Clear", key=f"{name}_clear", icon=":material/delete_sweep:", shortcut="Delete",
            on_click=_clear, args=(canvas,), disabled=sketch is None,
        )  # fmt: skip
    return sketch


def pen_width(canvas: Canvas) -> int:
    """Return the pen's width, in canvas pixels."""
    return int(st.session_state.get(f"{canvas.name}_pen_width", canvas.pen_width))


def is_live(canvas: Canvas) -> bool:
    """Return whether an answer is shown after each stroke."""
    return bool(st.session_state.get(f"{canvas.name}_live", True))


def canvas_settings(canvas: Canvas) -> None:
    """Show what a person sets once: the pen's width, and whether answers come by themselves."""
    name = canvas.name
    # Set here and not as the widgets' defaults, which would conflict with values from the tab.
    st.session_state.setdefault(f"{name}_pen_width", canvas.pen_width)
    st.session_state.setdefault(f"{name}_live", True)
    st.slider("Pen width", 4, 40, key=f"{name}_pen_width", persist_state="session")
    st.toggle(
        "Live answers",
        key=f"{name}_live",
        persist_state="session",
        help="Shows an answer after each stroke. When this is off, press *Recognize*.",
    )


def is_asked_for(canvas: Canvas, sketch: Sketch) -> bool:
    """Return whether to show an answer: with live answers always, else after *Recognize*."""
    if is_live(canvas):
        return True
    asked = st.session_state.get(_asked_key(canvas))
    return asked is not None and same_strokes(asked, sketch.strokes)


def ask(canvas: Canvas) -> None:
    """Ask for an answer to the current drawing."""
    sketch = canvas.sketch()
    st.session_state[_asked_key(canvas)] = sketch.strokes if sketch else None


def _clear(canvas: Canvas) -> None:
    canvas.clear()
    st.session_state[f"{canvas.name}_label"] = None


def _asked_key(canvas: Canvas) -> str:
    return f"{canvas.name}_asked_for"
