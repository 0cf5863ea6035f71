"""``train``: trains a network on MNIST."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from digitrec.commands.help_sections import Command
from digitrec.commands.options import (
    json_option,
    option,
    owner_option,
    parameter_options,
    store_option,
)
from digitrec.commands.running import train_and_print
from digitrec.commands.teach import labeled_drawings_in, taught_run
from digitrec.recipes.parameter_kinds import HISTORY, parameters
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.ink_library import InkLibrary
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import load_settings
from digitrec.teaching.history_ink import needs_history, write_history


@click.command("train", cls=Command)
@parameter_options
@option("--name", help="Give the run this name.", show_default="its network and a number")
@option("--run", help="Resume this paused or interrupted run and ignore the other settings.")
@owner_option
@store_option
@json_option
def train(store: ModelStore, *, as_json: bool, **options: Any) -> int:
    """Train a network on MNIST.

    Prints the accuracy on the test set. Ctrl-C stops the run and keeps what it has learned.
    """
    return train_and_print(store, run_to_train(store, options), as_json=as_json)


def run_to_train(store: ModelStore, options: Mapping[str, Any]) -> Run:
    """Create a run from the command's options, or find the one to resume.

    Args:
        store: The run's store.
        options: ``name``, ``run``, ``owner`` and the training parameters.

    Raises:
        ConfigurationError: If a parameter or the name is invalid.
        ModelError: If there is no such run or model.
    """
    if options["run"]:
        return store.named(options["run"])
    values = {name: options[name] for name in parameters(TrainingConfig)}
    if values["start_from"] is not None:
        values["start_from"] = store.named(values["start_from"]).name
    for name in ("ink", "strokes_from"):
        values[name] = tuple(_full_path(store, file) for file in values[name])
    config = TrainingConfig(**values)
    if config.drawings:
        drawings = labeled_drawings_in(load_settings().database_url, options["owner"])
        return taught_run(store, config, drawings, options["name"])
    if not needs_history(config):
        return store.create_run(config, options["name"])
    history = labeled_drawings_in(load_settings().database_url, options["owner"])
    return store.create_run(config, options["name"], lambda run: write_history(run, history))


def _full_path(store: ModelStore, file: str) -> str:
    is_known = file in (HISTORY, *InkLibrary(store.models_dir).names())
    return file if is_known else str(Path(file).resolve())
