"""A canvas with its tools: pen width, live answers, undo, redo and clear."""

import streamlit as st

from digitrec.ink.sketch import Sketch
from digitrec.ink.strokes import same_strokes
from digitrec.ui.canvas.canvas import Canvas


def canvas_with_tools(canvas: Canvas) -> Sketch | None:
    """Show a canvas and its tools; return its drawing, or None if it is empty."""
    name = canvas.name
    # Set here and not as the widgets' defaults, which would conflict with values from the tab.
    st.session_state.setdefault(f"{name}_pen_width", canvas.pen_width)
    st.session_state.setdefault(f"{name}_live", True)
    chosen = st.slider(
        "Pen width", 4, 40, key=f"{name}_pen_width", persist_state="session", width=280
    )
    st.space("small")
    sketch = canvas.show(chosen)
    live = st.toggle(
        "Live answers",
        key=f"{name}_live",
        persist_state="session",
        help="Shows an answer after each stroke. When this is off, press *Recognize*.",
    )
    with st.container(horizontal=True, gap="small"):
        if not live:
            st.button(
                "Recognize",
                key=f"{name}_recognize",
                type="primary",
                on_click=ask,
                args=(canvas,),
                disabled=sketch is None,
            )
        st.button(
            "Undo",
            key=f"{name}_undo",
            icon=":material/undo:",
            on_click=canvas.undo,
            disabled=not canvas.can_undo(),
        )
        st.button(
            "Redo",
            key=f"{name}_redo",
            icon=":material/redo:",
            on_click=canvas.redo,
            disabled=not canvas.can_redo(),
        )
        st.button(
            "Clear",
            key=f"{name}_clear",
            icon=":material/delete_sweep:",
            on_click=_clear,
            args=(canvas,),
            disabled=sketch is None,
        )
    return sketch


def is_asked_for(canvas: Canvas, sketch: Sketch) -> bool:
    """Return whether to show an answer: with live answers always, else after *Recognize*."""
    if st.session_state.get(f"{canvas.name}_live", True):
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
