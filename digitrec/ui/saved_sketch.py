"""What the drawings of a canvas were saved as, as long as they are the same drawings."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from digitrec.strokes import Stroke, same_strokes

# Undo and redo may come back to so many.
REMEMBERED = 20
Label = int | str | None


class SavedSketch(NamedTuple):
    """A drawing that was saved.

    Attributes:
        strokes: What was on the canvas.
        numbers: Those of the drawings in the history that it was saved as.
        label: What the person said it is: a label, or the digits of a number.
    """

    strokes: Sequence[Stroke]
    numbers: list[int]
    label: Label


def saved_sketch(name: str, strokes: Sequence[Stroke]) -> SavedSketch | None:
    """Return what a drawing was saved as; None if it was not.

    Args:
        name: The canvas's name.
        strokes: What is on it.
    """
    return next((one for one in _all(name) if same_strokes(one.strokes, strokes)), None)


def note_saved(name: str, strokes: Sequence[Stroke], numbers: list[int], label: Label) -> None:
    """Note what a drawing was saved as; what it was saved as before is forgotten."""
    forget_saved(name, strokes)
    _all(name).append(SavedSketch(strokes, numbers, label))
    del _all(name)[:-REMEMBERED]


def forget_saved(name: str, strokes: Sequence[Stroke]) -> None:
    """Take a drawing for one that is not saved."""
    found = _all(name)
    found[:] = [one for one in found if not same_strokes(one.strokes, strokes)]


def show_its_label(name: str, strokes: Sequence[Stroke]) -> None:
    """Let the label's widget show what the drawing was saved with, once it is another drawing.

    It is called before there is the widget, whose key is the canvas's name and ``_label``.
    """
    saved = saved_sketch(name, strokes)
    shown, key = saved.numbers if saved else None, f"{name}_label_is_of"
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
        st.session_state[f"{name}_label"] = saved.label if saved else None


def leave_its_label(name: str) -> None:
    """Let the label's widget show what it does, though the drawing is saved no more."""
    st.session_state[f"{name}_label_is_of"] = None


def _all(name: str) -> list[SavedSketch]:
    found: list[SavedSketch] = st.session_state.setdefault(f"{name}_saved", [])
    return found
