"""The model that a command uses."""

import os
from pathlib import Path

from digitrec.commands.console import native_messages_to
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run


def chosen_model(store: ModelStore, name: str | None) -> Run:
    """Return the run of a model by its title; without a name, the app's model.

    Raises:
        ModelError: If there is no such model.
    """
    return store.named(name or store.active_name())


def load_recognizer(store: ModelStore, name: str | None) -> Recognizer:
    """Load a model to recognize with.

    Raises:
        ModelError: If there is no such model, or it is damaged.
    """
    with native_messages_to(Path(os.devnull)):
        return store.load_recognizer(chosen_model(store, name).name)
