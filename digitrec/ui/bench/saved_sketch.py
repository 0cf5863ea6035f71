"""Which drawings in the history a canvas's drawing is saved as."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from digitrec.errors import StoreError
from digitrec.ink.strokes import Strokes, same_strokes
from digitrec.labels import label_words
from digitrec.ui.drawings.actions import delete_drawings
from digitrec.ui.drawings.saved import Saved, Wanted, outside_trash, present, save_again
from digitrec.ui.resources import drawing_store

if TYPE_CHECKING:
    from digitrec.drawings.new_drawing import NewDrawing

# How many drawings are remembered as saved when undo and redo return to them.
REMEMBERED = 20
# A drawing saved just before the tab was reloaded is among this many of the newest.
RECENT = 20

Notes = list[tuple[Strokes, Mapping[int, Saved]]]


class SavedSketch(NamedTuple):
    """A drawing that is saved.

    Attributes:
        numbers: The numbers of its drawings in the history, without deleted ones.
        labels: The current label of each, deleted ones included.
    """

    numbers: list[int]
    labels: list[int | None]

    @property
    def words(self) -> str:
        """What the drawing of one digit is saved as."""
        label = self.labels[0]
        return "Saved without a label" if label is None else f"Saved as {label_words(label)}"


def saved_sketch(name: str, strokes: Strokes) -> SavedSketch | None:
    """Return what a drawing is saved as; None if it isn't saved or was deleted.

    Args:
        name: The canvas's name.
        strokes: The strokes on it.

    Raises:
        StoreError: If the database can't be read.
    """
    saved, numbers = _as_they_are(noted(name, strokes))
    return SavedSketch(numbers, [one.label for one in saved.values()]) if numbers else None


def save_sketch(name: str, strokes: Strokes, drawings: Iterable["NewDrawing"]) -> None:
    """Save a drawing once, even if this is called several times.

    Args:
        name: The canvas's name.
        strokes: The strokes on it.
        drawings: What to save it as. These replace what it was saved as before.

    Raises:
        StoreError: If the database can't be read or written.
    """
    # A second click interrupts the first one's script at its next access to the session. That must
    # not happen between the save and its note.
    notes = _notes(name)
    with st.session_state.setdefault(f"{name}_saving", Lock()):
        saved, _ = _as_they_are(noted(name, strokes))
        is_unsure = not saved and same_strokes(st.session_state.get(_unsure_key(name), ()), strokes)
        others = drawing_store().find(limit=RECENT) if is_unsure else []
        _note(notes, strokes, save_again([Wanted(one) for one in drawings], saved, others))


def unsave_sketch(name: str, strokes: Strokes) -> None:
    """Move the saved drawings of a canvas's drawing to the trash."""
    if saved := saved_sketch(name, strokes):
        delete_drawings(saved.numbers)
        _forget(_notes(name), strokes)


def noted(name: str, strokes: Strokes) -> Mapping[int, Saved]:
    """Return how a drawing was saved, by number, ignoring later changes."""
    return next((saved for known, saved in _notes(name) if same_strokes(known, strokes)), {})


def note_saved(name: str, strokes: Strokes, saved: Mapping[int, Saved]) -> None:
    """Note how a drawing is saved, replacing an earlier note."""
    _note(_notes(name), strokes, saved)


def note_unsure(name: str, strokes: Strokes) -> None:
    """Note that a drawing came from the tab, which may not know that it is saved."""
    st.session_state[_unsure_key(name)] = strokes


def show_its_label(
    name: str, strokes: Strokes, value: Callable[[Sequence[int | None]], Any]
) -> None:
    """Set the label's widget to the drawing's label when that changes.

    Call this before the widget, whose key is the canvas's name followed by ``_label``.

    Args:
        name: The canvas's name.
        strokes: The strokes on it.
        value: Turns labels into the widget's value.
    """
    with suppress(StoreError):  # The save buttons show this error.
        shown, key = saved_sketch(name, strokes), f"{name}_label_is_of"
        if st.session_state.get(key) != shown:
            st.session_state[key] = shown
            st.session_state[f"{name}_label"] = value(shown.labels) if shown else None


def leave_its_label(name: str, strokes: Strokes) -> None:
    """Keep the value of the label's widget until the drawing's label changes."""
    saved = noted(name, strokes)
    labels = [one.label for one in saved.values()]
    st.session_state[f"{name}_label_is_of"] = SavedSketch(list(saved), labels) if saved else None


def _as_they_are(saved: Mapping[int, Saved]) -> tuple[dict[int, Saved], list[int]]:
    """Return drawings with their current labels, and the numbers of those not in the trash."""
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
