"""What all sessions share: the settings, the stores and the served models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from digitrec.errors import ModelError
from digitrec.estimate import pace_of_products, pace_of_runs
from digitrec.model_store import ModelStore
from digitrec.recognizer import Recognizer
from digitrec.settings import DEFAULT_MODEL, load_settings

if TYPE_CHECKING:
    from digitrec.drawing_store import DrawingStore


def model_store() -> ModelStore:
    """Return the models/ folders as the settings say."""
    return ModelStore(load_settings().models_dir)


def drawing_store() -> DrawingStore:
    """Return the drawings' database as the settings say.

    Raises:
        StoreError: If it can't be opened.
    """
    return _drawing_store(load_settings().database_url)


@st.cache_resource(show_spinner=False)
def _drawing_store(url: str) -> DrawingStore:
    # SQLAlchemy and Alembic are half of the app's start: they wait until they are needed.
    from digitrec.drawing_store import DrawingStore

    return DrawingStore(url)


def recognizer(name: str) -> Recognizer:
    """Return a served model; a file that changed is loaded anew.

    Raises:
        ModelError: If there is no such model, or it is damaged.
    """
    store = model_store()
    path = store.run(name).tflite_path
    try:
        changed_ns = path.stat().st_mtime_ns
    except OSError as error:
        raise ModelError(f"model {name!r} has no file to serve") from error
    return _recognizer(store, name, str(path), changed_ns)


@st.cache_resource(show_spinner=False, max_entries=8)
def _recognizer(_store: ModelStore, name: str, path: str, changed_ns: int) -> Recognizer:  # noqa: ARG001
    return _store.load_recognizer(name)


def machine_pace() -> float:
    """Return how many times as long as on the reference machine a training takes on this one."""
    return pace_of_runs(model_store()) or _pace_of_products()


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
