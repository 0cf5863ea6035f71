"""Labeling and deleting drawings, with undo."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import streamlit as st

from digitrec.errors import NoSuchDrawingError
from digitrec.formatting import counted
from digitrec.labels import label_words
from digitrec.ui.page_frame import act
from digitrec.ui.resources import drawing_store

UNDO = "drawings_undo"
# At most this many actions can be undone.
STEPS = 50
# A faster press is a double click or a held key, and would act on a drawing nobody has seen yet.
TOO_SOON_S = 0.3

Undone = Callable[[Collection[int]], object]


class Step(NamedTuple):
    """An action that can be undone.

    Attributes:
        words: What was done, in a sentence.
        numbers: The drawings it was done to.
        undo: Undoes it.
    """

    words: str
    numbers: Collection[int]
    undo: Callable[[], object]


Steps = list[Step]


def label_drawings(numbers: Sequence[int], label: int | None) -> None:
    """Label drawings, or remove their labels with None."""
    steps = undo_steps()
    before = drawing_store().label(numbers, label)
    if not before:
        raise NoSuchDrawingError("this drawing no longer exists; it was deleted permanently")
    description = "no longer labeled" if label is None else f"labeled {label_words(label)}"
    remember(steps, before, description, lambda: drawing_store().unlabel(label, before))


def delete_drawings(numbers: Sequence[int]) -> None:
    """Move drawings to the trash."""
    steps = undo_steps()
    drawing_store().delete(numbers)
    remember(steps, numbers, "moved to the trash", lambda: drawing_store().restore(numbers))


def is_too_soon(what: str) -> bool:
    """Return whether the same action was requested less than ``TOO_SOON_S`` ago."""
    key, now = f"drawings_last_{what}", time.monotonic()
    before = st.session_state.get(key)
    st.session_state[key] = now
    return before is not None and now - before < TOO_SOON_S


def undo_bar(undone: Undone | None = None) -> None:
    """Say what was done last, with a button to undo it.

    Args:
        undone: Called with the numbers of the drawings after the undo.
    """
    if not undo_steps():
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(undo_steps()[-1].words, width="content")
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
    """Undo the last action, and call ``undone`` with the numbers of its drawings."""
    if undo_steps() and not is_too_soon("undo"):
        step = undo_steps().pop()
        step.undo()
        if undone:
            undone(step.numbers)


def forget() -> None:
    """Clear the undo history."""
    st.session_state.pop(UNDO, None)


def undo_steps() -> Steps:
    """Return the actions that can be undone, the latest last.

    An action fetches this list before it does anything: if the button is pressed again, Streamlit
    stops the first run of the script at its next access to the session state.
    """
    found: Steps = st.session_state.setdefault(UNDO, [])
    return found


def remember(
    steps: Steps, numbers: Collection[int], description: str, undo: Callable[[], object]
) -> None:
    """Add an action to those that can be undone, unless it changed nothing.

    Args:
        steps: What ``undo_steps`` returned before the action.
        numbers: The drawings that changed.
        description: What happened to them, to follow "Drawing 3" or "2 drawings".
        undo: Undoes the action.
    """
    if not numbers:
        return
    one = len(numbers) == 1
    which = f"Drawing {next(iter(numbers))}" if one else counted(len(numbers), "drawing")
    steps.append(Step(f"{which} {description}.", numbers, undo))
    del steps[:-STEPS]
