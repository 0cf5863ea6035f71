"""What the drawings of a canvas are saved as, as long as they are the same drawings."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from digitrec.errors import StoreError
from digitrec.ink.strokes import Strokes, same_strokes
from digitrec.ui.drawings.actions import delete_drawings
from digitrec.ui.drawings.saved import Saved, Wanted, outside_trash, present, save_again
from digitrec.ui.resources import drawing_store

if TYPE_CHECKING:
    from digitrec.drawings.new_drawing import NewDrawing

# Undo and redo may come back to so many.
REMEMBERED = 20
# Among so many drawings is the one that was saved just before the tab was loaded anew.
RECENT = 20

Notes = list[tuple[Strokes, Mapping[int, Saved]]]


class SavedSketch(NamedTuple):
    """A drawing that is saved.

    Attributes:
        numbers: Those of the drawings in the history that it was saved as, without those that
            were deleted since.
        labels: The label of each that it was saved as, as it is now.
    """

    numbers: list[int]
    labels: list[int | None]


def saved_sketch(name: str, strokes: Strokes) -> SavedSketch | None:
    """Return what a drawing is saved as; None if it never was, or all of it was deleted since.

    Args:
        name: The canvas's name.
        strokes: What is on it.

    Raises:
        StoreError: If the database can't be read.
    """
    saved, numbers = _as_they_are(noted(name, strokes))
    return SavedSketch(numbers, [one.label for one in saved.values()]) if numbers else None


def save_sketch(name: str, strokes: Strokes, drawings: Iterable["NewDrawing"]) -> None:
    """Save a drawing once, however often and by what it is asked for.

    Args:
        name: The canvas's name.
        strokes: What is on it.
        drawings: What it is saved as. What it was saved as before and isn't among these goes.

    Raises:
        StoreError: If the database can't do it.
    """
    # Of two presses, the second may come before the first is through, and cuts it off where that
    # next looks into the session: from the save to the note it must not.
    notes = _notes(name)
    with st.session_state.setdefault(f"{name}_saving", Lock()):
        saved, _ = _as_they_are(noted(name, strokes))
        is_unsure = not saved and same_strokes(st.session_state.get(_unsure_key(name), ()), strokes)
        others = drawing_store().find(limit=RECENT) if is_unsure else []
        _note(notes, strokes, save_again([Wanted(one) for one in drawings], saved, others))


def unsave_sketch(name: str, strokes: Strokes) -> None:
    """Put what a drawing is saved as into the bin."""
    if saved := saved_sketch(name, strokes):
        delete_drawings(saved.numbers)
        _forget(_notes(name), strokes)


def noted(name: str, strokes: Strokes) -> Mapping[int, Saved]:
    """Return how a drawing was saved, by number, whatever became of that since."""
    return next((saved for known, saved in _notes(name) if same_strokes(known, strokes)), {})


def note_saved(name: str, strokes: Strokes, saved: Mapping[int, Saved]) -> None:
    """Note how a drawing is saved; how it was saved before is forgotten."""
    _note(_notes(name), strokes, saved)


def note_unsure(name: str, strokes: Strokes) -> None:
    """Note that a drawing came from the tab, which may not have been told that it is saved."""
    st.session_state[_unsure_key(name)] = strokes


def show_its_label(
    name: str, strokes: Strokes, value: Callable[[Sequence[int | None]], Any]
) -> None:
    """Let the label's widget show what a drawing is labeled, whenever that is something else.

    It is called before there is the widget, whose key is the canvas's name and ``_label``.

    Args:
        name: The canvas's name.
        strokes: What is on it.
        value: What the widget's value is for such labels.
    """
    with suppress(StoreError):  # It is told where the drawing can be saved.
        shown, key = saved_sketch(name, strokes), f"{name}_label_is_of"
        if st.session_state.get(key) != shown:
            st.session_state[key] = shown
            st.session_state[f"{name}_label"] = value(shown.labels) if shown else None


def leave_its_label(name: str, strokes: Strokes) -> None:
    """Let the label's widget show what it does, until the drawing is labeled something else."""
    saved = noted(name, strokes)
    labels = [one.label for one in saved.values()]
    st.session_state[f"{name}_label_is_of"] = SavedSketch(list(saved), labels) if saved else None


def _as_they_are(saved: Mapping[int, Saved]) -> tuple[dict[int, Saved], list[int]]:
    """Return drawings with the labels that they have now, and which are not in the bin."""
    there = present(saved)
    now = {one.id: saved[one.id]._replace(label=one.label) for one in there}
    return {**saved, **now}, outside_trash(there)


def _unsure_key(name: str) -> str:
    return f"{name}_unsure"


def _note(notes: Notes, strokes: Strokes, saved: Mapping[int, Saved]) -> None:
    _forget(notes, strokes)
    notes.append((strokes, saved))
    del notes[:-REMEMBERED]


def _forget(notes: Notes, strokes: Strokes) -> None:
    notes[:] = [note for note in notes if not same_strokes(note[0], strokes)]


def _notes(name: str) -> Notes:
    found: Notes = st.session_state.setdefault(f"{name}_saved", [])
    return found
