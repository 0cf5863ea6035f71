"""What a canvas's drawing was saved as, as long as it stays the same drawing."""

from collections.abc import Sequence

import streamlit as st

from digitrec.strokes import Stroke, same_strokes


def saved_as(name: str, strokes: Sequence[Stroke]) -> list[int]:
    """Return the numbers of the drawings that the canvas's drawing was saved as; none if it wasn't.

    Args:
        name: The canvas's name.
        strokes: What is on it now.
    """
    saved = st.session_state.get(_key(name))
    return saved[1] if saved and same_strokes(saved[0], strokes) else []


def note_saved(name: str, strokes: Sequence[Stroke], numbers: list[int]) -> None:
    """Note what a drawing was saved as."""
    st.session_state[_key(name)] = (strokes, numbers)


def was_another_saved(name: str, strokes: Sequence[Stroke]) -> bool:
    """Tell, once, whether what was saved is another drawing than that on the canvas now."""
    saved = st.session_state.get(_key(name))
    if saved is None or same_strokes(saved[0], strokes):
        return False
    forget_saved(name)
    return True


def forget_saved(name: str) -> None:
    """Take the drawing for one that is not saved."""
    st.session_state.pop(_key(name), None)


def _key(name: str) -> str:
    return f"{name}_saved"
