"""``export``: writes a model in another program's format."""

from pathlib import Path

import click

from digitrec.commands.console import tensorflow
from digitrec.commands.help_sections import Command
from digitrec.commands.options import FILE, option, store_option
from digitrec.exchange.formats import EXPORT_FORMATS
from digitrec.runs.model_store import ModelStore


@click.command("export", cls=Command)
@click.argument("name", metavar="NAME", help="The model.")
@option(
    "--format",
    "file_format",
    type=click.Choice(list(EXPORT_FORMATS)),
    required=True,
    help="The format to write.",
)
@option(
    "--output",
    type=FILE,
    metavar="PATH",
    help="Write to this file, or to this folder for saved-model.",
    show_default="the model's name, in the current folder",
)
@store_option
def export(*, name: str, file_format: str, output: Path | None, store: ModelStore) -> None:
    """Write a model in another program's format.

    Prints the path of the file or folder.
    """
    run = store.named(name)
    with tensorflow("Exporting"):
        from digitrec.training.conversion.convert import export_model

        target = output or Path(run.name + EXPORT_FORMATS[file_format])
        export_model(run, file_format, target)
    print(target)
