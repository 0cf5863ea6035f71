"""What can be done to drawings, and undone."""

import time
from collections.abc import Callable, Collection, Sequence

import streamlit as st

from digitrec.errors import NoSuchDrawingError
from digitrec.labels import label_words
from digitrec.ui.frame import act
from digitrec.ui.resources import drawing_store

UNDO = "drawings_undo"
# So many can be undone, the last one first.
STEPS = 50
# What follows sooner is a double click or a key that is held: nobody has seen what it would hit.
TOO_SOON_S = 0.3

Steps = list[tuple[str, Callable[[], object]]]


def label_drawings(numbers: Sequence[int], label: int | None) -> None:
    """Say what drawings are, or with None take that back."""
    steps = _steps()
    before = drawing_store().label(numbers, label)
    if not before:
        raise NoSuchDrawingError("it is there no more: somebody removed it for good")
    said = "has no label now" if label is None else f"is labelled {label_words(label)}"
    _remember(steps, before, said, lambda: drawing_store().unlabel(label, before))


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

    steps = _steps()
    drawing_store().delete(numbers)
    _remember(steps, numbers, "is in the bin", undo)


def is_too_soon(what: str) -> bool:
    """Tell whether the same was asked for just before, when something else was in its place."""
    key, now = f"drawings_last_{what}", time.monotonic()
    before = st.session_state.get(key)
    st.session_state[key] = now
    return before is not None and now - before < TOO_SOON_S


def undo_bar() -> None:
    """Tell what was done last, and offer to undo it."""
    if not _steps():
        return
    words, _ = _steps()[-1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(words, width="content")
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
    """Undo what was done last."""
    if _steps() and not is_too_soon("undo"):
        _, take_back = _steps().pop()
        take_back()


def forget() -> None:
    """Offer no undo any more: what was done can't be undone now."""
    st.session_state.pop(UNDO, None)


def _steps() -> Steps:
    """Return what can be undone, the last last.

    It is asked for ahead of what is done: a second press cuts the first one off where that next
    looks into the session.
    """
    found: Steps = st.session_state.setdefault(UNDO, [])
    return found


def _remember(
    steps: Steps, numbers: Collection[int], said: str, undo: Callable[[], object]
) -> None:
    one = len(numbers) == 1
    words = f"Drawing {next(iter(numbers))} {said}." if one else f"Each of {len(numbers):,} {said}."
    steps.append((words, undo))
    del steps[:-STEPS]
