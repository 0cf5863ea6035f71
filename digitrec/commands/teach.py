"""``teach``: teaches a model with labeled drawings."""

import os
from pathlib import Path

import click

from digitrec.commands.console import native_messages_to
from digitrec.commands.help_sections import Command
from digitrec.commands.models import chosen_model
from digitrec.commands.options import (
    database_option,
    json_option,
    model_option,
    option,
    owner_option,
    store_option,
)
from digitrec.commands.running import train_and_print
from digitrec.drawings.accuracy import LabeledDrawings, labeled_drawings
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.teaching.teaching_run import create_teaching, teaching_config


@click.command("teach", cls=Command)
@model_option
@store_option
@option("--name", help="Give the taught model this name.", show_default="taught-001, taught-002, …")
@owner_option
@database_option
@json_option
def teach(
    *,
    model: str | None,
    store: ModelStore,
    name: str | None,
    owner: str,
    database_url: str,
    as_json: bool,
) -> int:
    """Teach a model with your labeled drawings.

    This makes a new model and leaves the old one unchanged.
    """
    with native_messages_to(Path(os.devnull)):
        config = teaching_config(store, chosen_model(store, model).name)
    drawings = labeled_drawings_in(database_url, owner)
    run = taught_run(store, config, drawings, name)
    return train_and_print(store, run, as_json=as_json)


def labeled_drawings_in(database_url: str, owner: str) -> LabeledDrawings:
    """Return the labeled drawings of a person.

    Raises:
        StoreError: If the database can't be read.
    """
    from digitrec.drawings.store import DrawingStore  # Imports SQLAlchemy.

    database = DrawingStore(database_url, owner)
    try:
        return labeled_drawings(database)
    finally:
        database.close()


def taught_run(
    store: ModelStore, config: TrainingConfig, drawings: LabeledDrawings, name: str | None
) -> Run:
    """Create a run that teaches a model with drawings.

    Raises:
        ConfigurationError: If there are no labeled drawings, or the name is invalid or taken.
        ModelError: If the model to start from is missing or damaged.
    """
    with native_messages_to(Path(os.devnull)):
        return create_teaching(store, config, drawings, name)
