"""What can be done to drawings, and undone."""

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from digitrec.errors import NoSuchDrawingError
from digitrec.labels import label_words
from digitrec.ui.frame import act
from digitrec.ui.resources import drawing_store

UNDO = "drawings_undo"


def label_drawings(numbers: Sequence[int], label: int | None) -> None:
    """Say what drawings are, or with None take that back."""
    before = drawing_store().label(numbers, label)
    if not before:
        raise NoSuchDrawingError("it is there no more: somebody removed it for good")
    said = "has no label now" if label is None else f"is labelled {label_words(label)}"
    _remember(before, said, lambda: drawing_store().unlabel(label, before))


def delete_drawings(numbers: Sequence[int], undone: Callable[[], None] | None = None) -> None:
    """Put drawings into the bin.

    Args:
        numbers: The drawings.
        undone: What is called as well when that is undone.
    """

    def undo() -> None:
        drawing_store().restore(numbers)
        if undone:
            undone()

    drawing_store().delete(numbers)
    _remember(numbers, "is in the bin", undo)


def undo_bar() -> None:
    """Tell what was done last, and offer to undo it."""
    done = st.session_state.get(UNDO)
    if done is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(done["words"], width="content")
        st.button(
            "Undo",
            key="drawings_undo_last",
            icon=":material/undo:",
            type="tertiary",
            on_click=act,
            args=(undo,),
            shortcut="U",
        )


def undo() -> None:
    """Undo what was done last; nothing when it is pressed once more."""
    if done := st.session_state.pop(UNDO, None):
        done["undo"]()


def forget() -> None:
    """Offer no undo any more: what was done last can't be undone now."""
    st.session_state.pop(UNDO, None)


def _remember(numbers: Collection[int], said: str, undo: Callable[[], object]) -> None:
    one = len(numbers) == 1
    words = f"Drawing {next(iter(numbers))} {said}." if one else f"Each of {len(numbers):,} {said}."
    st.session_state[UNDO] = {"words": words, "undo": undo}
