"""The drawings that wait for a label, one after the other."""

from collections.abc import Collection
from contextlib import suppress

import streamlit as st

from digitrec.drawings.accuracy import model_input
from digitrec.drawings.opinions import opinion_of
from digitrec.drawings.schema import Drawing
from digitrec.drawings.selection import Order, Selection, Verdict
from digitrec.drawings.store import DrawingStore
from digitrec.errors import ModelError, NoSuchDrawingError, PictureError
from digitrec.ui.resources import model_store, recognizer

# As many as a person labels at a sitting.
LENGTH = 200
WAITING = Selection(verdict=Verdict.UNLABELLED)
QUEUE, PLACE = "review_queue", "review_place"


def queue(store: DrawingStore) -> list[int]:
    """Return the numbers of the drawings to label, the most useful first.

    It stays what it is until it was gone through, so that one can go back.
    """
    state = st.session_state
    if QUEUE not in state or (state[PLACE] >= len(state[QUEUE]) and store.count(WAITING).all):
        begin_anew(store)
    return list(state[QUEUE])


def begin_anew(store: DrawingStore) -> None:
    """Take the drawings that are the most useful now, and begin with the first."""
    st.session_state[QUEUE] = store.numbers(WAITING, Order.MOST_USEFUL, LENGTH)
    st.session_state[PLACE] = 0


def place() -> int:
    """Return which of the queue is looked at, from 0."""
    return int(st.session_state[PLACE])


def length() -> int:
    """Return how many drawings the queue has."""
    return len(st.session_state[QUEUE])


def move(steps: int) -> None:
    """Go on in the queue, or back."""
    st.session_state[PLACE] = max(0, place() + steps)


def go_on_after(number: int) -> None:
    """Go to the drawing after this one, however often that is asked for."""
    with suppress(ValueError):
        st.session_state[PLACE] = st.session_state[QUEUE].index(number) + 1


def go_back_to(numbers: Collection[int]) -> None:
    """Go to the first of these drawings, whether it is still in the queue or not."""
    state, number = st.session_state, next(iter(numbers))
    if number not in state[QUEUE]:
        state[QUEUE].insert(place(), number)
    state[PLACE] = state[QUEUE].index(number)


def drawing_in_turn(store: DrawingStore) -> Drawing | None:
    """Return the drawing whose turn it is, or None when no drawing waits for a label.

    What was deleted since the queue began leaves it.
    """
    while (numbers := queue(store)) and place() < len(numbers):
        with suppress(NoSuchDrawingError):
            drawing = store.get(numbers[place()])
            if drawing.deleted_at is None:
                return drawing
        st.session_state[QUEUE].remove(numbers[place()])
    return None


def ask_all_models(store: DrawingStore) -> None:
    """Let every model read the drawings of the queue, so that what they dispute comes first."""
    numbers = store.numbers(WAITING, Order.MOST_USEFUL, LENGTH)
    names = [run.name for run in model_store().models()]
    bar = st.progress(0.0)
    for done, number in enumerate(numbers):
        bar.progress(done / len(numbers), f"{len(names)} models read {done} of {len(numbers)} …")
        try:
            digit = model_input(store.get(number).content)
        except PictureError:
            continue
        opinions = []
        for name in names:
            try:
                opinions.append(opinion_of(recognizer(name), number, digit))
            except ModelError:
                continue
        store.add_opinions(opinions)
    begin_anew(store)
