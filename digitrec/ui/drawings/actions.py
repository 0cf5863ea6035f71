"""What can be done to drawings, and undone."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import streamlit as st

from digitrec.errors import NoSuchDrawingError
from digitrec.labels import label_words
from digitrec.ui.frame import act
from digitrec.ui.resources import drawing_store
from digitrec.words import counted

UNDO = "drawings_undo"
# So many can be undone, the last one first.
STEPS = 50
# What follows sooner is a double click or a key that is held: nobody has seen what it would hit.
TOO_SOON_S = 0.3

Undone = Callable[[Collection[int]], object]


class Step(NamedTuple):
    """What was done to drawings.

    Attributes:
        words: What was done, in a sentence.
        numbers: The drawings.
        take_back: Undoes it.
    """

    words: str
    numbers: Collection[int]
    take_back: Callable[[], object]


Steps = list[Step]


def label_drawings(numbers: Sequence[int], label: int | None) -> None:
    """Say what drawings are, or with None take that back."""
    steps = _steps()
    before = drawing_store().label(numbers, label)
    if not before:
        raise NoSuchDrawingError("this drawing no longer exists: it was deleted for good")
    said = "no longer labeled" if label is None else f"labeled {label_words(label)}"
    _remember(steps, before, said, lambda: drawing_store().unlabel(label, before))


def delete_drawings(numbers: Sequence[int]) -> None:
    """Move drawings to the trash."""
    steps = _steps()
    drawing_store().delete(numbers)
    _remember(steps, numbers, "moved to the trash", lambda: drawing_store().restore(numbers))


def is_too_soon(what: str) -> bool:
    """Tell whether the same was asked for just before, when something else was in its place."""
    key, now = f"drawings_last_{what}", time.monotonic()
    before = st.session_state.get(key)
    st.session_state[key] = now
    return before is not None and now - before < TOO_SOON_S


def undo_bar(undone: Undone | None = None) -> None:
    """Say what was done last, and offer to undo it.

    Args:
        undone: Is called with the drawings once it was undone.
    """
    if not _steps():
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_steps()[-1].words, width="content")
        st.button(
            "Undo",
            key="drawings_undo_last",
            icon=":material/undo:",
            type="tertiary",
            on_click=act,
            args=(undo, undone),
            shortcut="U",
        )


def undo(undone: Undone | None = None) -> None:
    """Undo what was done last, and call ``undone`` with the drawings."""
    if _steps() and not is_too_soon("undo"):
        step = _steps().pop()
        step.take_back()
        if undone:
            undone(step.numbers)


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
    if not numbers:
        return
    one = len(numbers) == 1
    which = f"Drawing {next(iter(numbers))}" if one else counted(len(numbers), "drawing")
    steps.append(Step(f"{which} {said}.", numbers, undo))
    del steps[:-STEPS]
