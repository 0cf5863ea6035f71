"""What the pages load and share: the stores, the served models, MNIST's test set."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from digitrec.arrays import Digits, Floats, Labels
from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError, StoreError
from digitrec.jobs.duration_estimate import likely_pace, matmul_pace
from digitrec.recognition.inspector import Inspector
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.runs.test_answers import kept_test_answers
from digitrec.settings import DEFAULT_MODEL, load_settings
from digitrec.system.memory import freeze_loaded_objects
from digitrec.ui.account import person
from digitrec.ui.plain_text import plain

if TYPE_CHECKING:
    from digitrec.drawings.store import DrawingStore

# The progress bar is updated after this many pictures.
CHUNK = 250
# Wait this long, so that the first answer reaches the browser first.
PRELOAD_DELAY_S = 1.0


def model_store() -> ModelStore:
    """Return the model store, with the current user's choice of model.

    Raises:
        ConfigurationError: If the person has to log in first.
    """
    return ModelStore(load_settings().models_dir, person=person())


def model_title(name: str) -> str:
    """Return a model's title, or its name if the model is gone."""
    return model_store().title(name)


def drawing_store() -> DrawingStore:
    """Return the drawings of the current user.

    Raises:
        ConfigurationError: If the person has to log in first.
        StoreError: If the database can't be opened.
    """
    return drawings_of(person())


def drawings_of(owner: str) -> DrawingStore:
    """Return a person's drawings.

    Raises:
        StoreError: If the database can't be opened.
    """
    return _database(load_settings().database_url).for_owner(owner)


@st.cache_resource(show_spinner=False)
def _database(url: str) -> DrawingStore:
    # SQLAlchemy and Alembic take half of the app's startup time, so they are imported only here.
    from digitrec.drawings.store import DrawingStore

    return DrawingStore(url)


def open_drawing_store_ahead() -> None:
    """Open the database in the background, once, so that the first *Save* doesn't wait for it."""
    _preload(load_settings().database_url)


@st.cache_resource(show_spinner=False)
def _preload(url: str) -> None:
    def open_it() -> None:
        time.sleep(PRELOAD_DELAY_S)
        with suppress(StoreError):  # The pages that use the database show the error.
            _database(url)
        freeze_loaded_objects()

    Thread(target=open_it, daemon=True).start()


def recognizer(name: str) -> Recognizer:
    """Return a served model, reloaded if its file has changed.

    Raises:
        ModelError: If the model doesn't exist or is damaged.
    """
    store = model_store()
    return _recognizer(store, name, *_served_file(store.run(name)))


@st.cache_resource(show_spinner=False, max_entries=8)
def _recognizer(_store: ModelStore, name: str, path: str, changed_ns: int) -> Recognizer:  # noqa: ARG001
    return _store.load_recognizer(name)


def inspector(run: Run) -> Inspector:
    """Return an inspector of a run's served model, reloaded if its file has changed.

    Raises:
        ModelError: If the run has no model, or the model is damaged or has no convolutions.
    """
    return _inspector(run, *_served_file(run))


@st.cache_resource(show_spinner=False, max_entries=8)
def _inspector(_run: Run, path: str, changed_ns: int) -> Inspector:  # noqa: ARG001
    return Inspector(_run.model_bytes(), _run.name, _run.results().tensor_format)


def _served_file(run: Run) -> tuple[str, int]:
    """Return the path and the modification time, in nanoseconds, of a served model."""
    try:
        return str(run.tflite_path), run.tflite_path.stat().st_mtime_ns
    except OSError as error:
        raise ModelError(
            f"model {run.short_title!r} has no model.tflite; restore its folder from a backup"
        ) from error


@st.cache_resource(show_spinner=False)
def mnist_test_set() -> tuple[Digits, Labels]:
    """Return MNIST's test set: digits, uint8 (10000, 28, 28), white on black, and their labels.

    Raises:
        DatasetError: If MNIST is damaged.
    """
    mnist = load_mnist()
    return mnist.x_test, mnist.y_test


def answers_to_test_set(run: Run) -> Floats:
    """Return a model's probabilities for the test set, float32 (10000, 10).

    Older runs didn't keep them. Their model recognizes the test set once per server, which takes
    some seconds and shows a progress bar.

    Raises:
        ModelError: If there is no model, or the model or its kept answers are damaged.
    """
    kept = kept_test_answers(run)
    if kept is not None:
        return kept
    model = recognizer(run.name)
    computed, key = _computed_answers(), (str(run.path), run.tflite_path.stat().st_mtime_ns)
    if key not in computed:
        computed[key] = _compute_answers(model)
    return computed[key]


@st.cache_resource(show_spinner=False)
def _computed_answers() -> dict[tuple[str, int], Floats]:
    return {}


def _compute_answers(model: Recognizer) -> Floats:
    pictures, _ = mnist_test_set()
    answers: list[Floats] = []
    bar, title = st.empty(), model_title(model.name)
    for start in range(0, len(pictures), CHUNK):
        text = plain(f"{title} is reading the test set: {start:,} of {len(pictures):,}")
        bar.progress(start / len(pictures), text)
        answers.append(model.answers(pictures[start : start + CHUNK]).probabilities)
    bar.empty()
    return np.concatenate(answers)


def machine_pace() -> float:
    """Return this machine's pace: 2 means training takes twice as long as on the reference."""
    return likely_pace(model_store(), _matmul_pace())


@st.cache_resource(show_spinner=False)
def _matmul_pace() -> float:
    return matmul_pace()


def active_recognizer() -> tuple[Recognizer, ModelError | None]:
    """Return the active model and None, or the default model and why the active one failed.

    Raises:
        ModelError: If the default model can't be used either.
    """
    name = model_store().active_name()
    try:
        return recognizer(name), None
    except ModelError as error:
        if name == DEFAULT_MODEL:
            raise
        return recognizer(DEFAULT_MODEL), error
