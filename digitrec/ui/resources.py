"""What all sessions share: the settings, the stores, the served models, the test pictures."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from digitrec.arrays import Digits, Floats, Labels
from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError, StoreError
from digitrec.jobs.pace import likely_pace, pace_of_products
from digitrec.recognition.inspector import Inspector
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.runs.test_answers import kept_test_answers
from digitrec.settings import DEFAULT_MODEL, load_settings
from digitrec.system.memory import keep_what_there_is
from digitrec.ui.account import person
from digitrec.ui.plain import plain

if TYPE_CHECKING:
    from digitrec.drawings.store import DrawingStore

# Test pictures that are answered between two steps of the progress bar.
PART = 250


def model_store() -> ModelStore:
    """Return the models/ folders as the settings say, and the choices of this session's person.

    Raises:
        ConfigurationError: If the person has to log in first.
    """
    return ModelStore(load_settings().models_dir, person=person())


def model_title(name: str) -> str:
    """Return what people call a model; its name where it is gone."""
    return model_store().title(name)


def drawing_store() -> DrawingStore:
    """Return the drawings of this session's person, in the database that the settings name.

    Raises:
        ConfigurationError: If the person has to log in first.
        StoreError: If it can't be opened.
    """
    return drawings_of(person())


def drawings_of(owner: str) -> DrawingStore:
    """Return a person's drawings, in the database that the settings name.

    Raises:
        StoreError: If it can't be opened.
    """
    return _database(load_settings().database_url).of(owner)


@st.cache_resource(show_spinner=False)
def _database(url: str) -> DrawingStore:
    # SQLAlchemy and Alembic are half of the app's start: they wait until they are needed.
    from digitrec.drawings.store import DrawingStore

    return DrawingStore(url)


def open_drawing_store_ahead() -> None:
    """Open the database in the background, once, so that the first *Save* need not wait for it."""
    _open_ahead(load_settings().database_url)


@st.cache_resource(show_spinner=False)
def _open_ahead(url: str) -> None:
    def open_it() -> None:
        with suppress(StoreError):  # It is shown to whoever needs the database.
            _database(url)
        keep_what_there_is()

    Thread(target=open_it, daemon=True).start()


def recognizer(name: str) -> Recognizer:
    """Return a served model; a file that changed is loaded anew.

    Raises:
        ModelError: If there is no such model, or it is damaged.
    """
    store = model_store()
    return _recognizer(store, name, *_served_file(store.run(name)))


@st.cache_resource(show_spinner=False, max_entries=8)
def _recognizer(_store: ModelStore, name: str, path: str, changed_ns: int) -> Recognizer:  # noqa: ARG001
    return _store.load_recognizer(name)


def inspector(run: Run) -> Inspector:
    """Return what looks into a run's served model; a file that changed is loaded anew.

    Raises:
        ModelError: If it has no model, or the model is damaged or has no convolutions.
    """
    return _inspector(run, *_served_file(run))


@st.cache_resource(show_spinner=False, max_entries=8)
def _inspector(_run: Run, path: str, changed_ns: int) -> Inspector:  # noqa: ARG001
    return Inspector(_run.model_bytes(), _run.name, _run.results().feeding)


def _served_file(run: Run) -> tuple[str, int]:
    """Return a served model's path and when it was changed, in nanoseconds."""
    try:
        return str(run.tflite_path), run.tflite_path.stat().st_mtime_ns
    except OSError as error:
        raise ModelError(f"model {run.title!r} has no file to serve") from error


@st.cache_resource(show_spinner=False)
def mnist_test_set() -> tuple[Digits, Labels]:
    """Return MNIST's test set: uint8 (10000, 28, 28), white ink on black, and its labels.

    Raises:
        DatasetError: If MNIST is damaged.
    """
    mnist = load_mnist()
    return mnist.x_test, mnist.y_test


def answers_to_test_set(run: Run) -> Floats:
    """Return what a model answers for the test set, float32 (10000, 10).

    A run that is too old to have kept it is asked, once: some seconds, with a progress bar.

    Raises:
        ModelError: If there is no model, or it or what it answered is damaged.
    """
    kept = kept_test_answers(run)
    if kept is not None:
        return kept
    model = recognizer(run.name)
    asked, key = _asked(), (str(run.path), run.tflite_path.stat().st_mtime_ns)
    if key not in asked:
        asked[key] = _ask(model)
    return asked[key]


@st.cache_resource(show_spinner=False)
def _asked() -> dict[tuple[str, int], Floats]:
    return {}


def _ask(model: Recognizer) -> Floats:
    pictures, _ = mnist_test_set()
    answers: list[Floats] = []
    bar, title = st.empty(), model_title(model.name)
    for start in range(0, len(pictures), PART):
        text = plain(f"{title} answers the test set: {start:,} of {len(pictures):,}")
        bar.progress(start / len(pictures), text)
        answers.append(model.answers(pictures[start : start + PART]).probabilities)
    bar.empty()
    return np.concatenate(answers)


def machine_pace() -> float:
    """Return how many times as long as on the reference machine a training takes on this one."""
    return likely_pace(model_store(), _pace_of_products())


@st.cache_resource(show_spinner=False)
def _pace_of_products() -> float:
    return pace_of_products()


def active_recognizer() -> tuple[Recognizer, ModelError | None]:
    """Return the app's model; if it can't be used, the one that ships and the reason.

    Raises:
        ModelError: If that can't be used either.
    """
    name = model_store().active_name()
    try:
        return recognizer(name), None
    except ModelError as error:
        if name == DEFAULT_MODEL:
            raise
        return recognizer(DEFAULT_MODEL), error
