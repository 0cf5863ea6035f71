"""The queue of drawings to label."""

from collections.abc import Collection
from contextlib import suppress

import streamlit as st

from digitrec.drawings.model_answers import answer_of_model
from digitrec.drawings.schema import Drawing
from digitrec.drawings.selection import Order, Selection, Verdict
from digitrec.drawings.store import DrawingStore
from digitrec.errors import ModelError, NoSuchDrawingError, PictureError
from digitrec.ui.resources import model_store, recognizer

# About as many as a person labels in one sitting.
LENGTH = 200
WAITING = Selection(verdict=Verdict.UNLABELED)
QUEUE, POSITION = "review_queue", "review_position"


def queue(store: DrawingStore) -> list[int]:
    """Return the numbers of the drawings to label, the most useful first.

    The queue stays the same until the person reaches its end, so that they can go back.
    """
    state = st.session_state
    if QUEUE not in state or (state[POSITION] >= len(state[QUEUE]) and store.count(WAITING).all):
        rebuild_queue(store)
    return list(state[QUEUE])


def rebuild_queue(store: DrawingStore) -> None:
    """Fill the queue with the drawings most useful to label now, and go to the first."""
    st.session_state[QUEUE] = store.numbers(WAITING, Order.MOST_USEFUL, LENGTH)
    st.session_state[POSITION] = 0


def position() -> int:
    """Return the current position in the queue, from 0."""
    return int(st.session_state[POSITION])


def length() -> int:
    """Return how many drawings the queue has."""
    return len(st.session_state[QUEUE])


def move(steps: int) -> None:
    """Move forward or, with a negative number, back."""
    st.session_state[POSITION] = max(0, position() + steps)


def move_past(number: int) -> None:
    """Go to the drawing after this one. Repeated calls don't skip any."""
    with suppress(ValueError):
        st.session_state[POSITION] = st.session_state[QUEUE].index(number) + 1


def go_back_to(numbers: Collection[int]) -> None:
    """Go to the first of these drawings, and put it back if it was removed."""
    state, number = st.session_state, next(iter(numbers))
    if number not in state[QUEUE]:
        state[QUEUE].insert(position(), number)
    state[POSITION] = state[QUEUE].index(number)


def current_drawing(store: DrawingStore) -> Drawing | None:
    """Return the drawing to label next, or None if every drawing has a label.

    Drawings that were deleted in the meantime leave the queue.
    """
    while (numbers := queue(store)) and position() < len(numbers):
        with suppress(NoSuchDrawingError):
            drawing = store.get(numbers[position()])
            if drawing.deleted_at is None:
                return drawing
        st.session_state[QUEUE].remove(numbers[position()])
    return None


def ask_all_models(store: DrawingStore) -> None:
    """Let every model recognize the queue's drawings, and put those they disagree on first."""
    numbers = store.numbers(WAITING, Order.MOST_USEFUL, LENGTH)
    names = [run.name for run in model_store().models()]
    bar = st.progress(0.0)
    for done, number in enumerate(numbers):
        bar.progress(
            done / len(numbers), f"All models are reading the drawings: {done} of {len(numbers)} …"
        )
        content, model_answers = store.get(number).content, []
        for name in names:
            with suppress(ModelError, PictureError):
                model_answers.append(answer_of_model(recognizer(name), number, content))
        store.add_model_answers(model_answers)
    rebuild_queue(store)
