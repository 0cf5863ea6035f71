"""``import``: imports a network from another program's file."""

from pathlib import Path

import click

from digitrec.commands.console import tensorflow
from digitrec.commands.help_sections import Command
from digitrec.commands.options import FILE, json_option, option, store_option
from digitrec.commands.results import print_results
from digitrec.exchange.foreign_files import check_network, suggested_name
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.system.memory import limit_memory

# The memory that an import may take besides TensorFlow's: a fixed part, and a multiple of the
# file's size.
IMPORT_BYTES = 400_000_000
FILE_TIMES = 4


@click.command("import", cls=Command)
@click.argument(
    "file",
    type=FILE,
    metavar="FILE",
    help="A Keras or LiteRT file (.keras, .h5, .tflite), or a SavedModel: its folder or a ZIP.",
)
@option(
    "--name",
    help="Give the model this name.",
    show_default="the file's name, numbered if that is taken",
)
@store_option
@json_option
def import_network(*, file: Path, name: str | None, store: ModelStore, as_json: bool) -> None:
    """Import a network from another program's file."""
    # Rejects most bad files before TensorFlow is loaded.
    check_network(file)
    with tensorflow("Importing"):
        from digitrec.training.conversion.convert import import_model

        # After TensorFlow is loaded, since it takes much more memory than a network does.
        limit_memory(IMPORT_BYTES + FILE_TIMES * _size(file))
        run = import_model(store, file, name)
    report = run.read_json("report.json", dict) or {}
    print_results(run, report, as_json=as_json)
    if not as_json:
        print(report["import_note"])
        _explain_title(run, name or suggested_name(file.name))


def _explain_title(run: Run, wanted: str) -> None:
    if run.title != wanted:
        print(f"There is already a model called {wanted!r}, so this one is called {run.title!r}.")


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
