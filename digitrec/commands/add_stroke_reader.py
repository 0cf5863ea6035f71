"""``add-stroke-reader``: trains a stroke reader for a model."""

import json
import os
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from digitrec.commands.console import choose_backend, native_messages_to, stderr
from digitrec.commands.help_sections import Command
from digitrec.commands.options import FILE, json_option, option, store_option
from digitrec.formatting import percent
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run


@click.command("add-stroke-reader", cls=Command)
@click.argument("model", metavar="MODEL", help="The model.")
@click.argument(
    "files", type=FILE, nargs=-1, required=True, metavar="FILE…", help="Ink files to learn from."
)
@option("--seed", type=int, default=0, metavar="N", help="Set the random seed.", show_default=True)
@store_option
@json_option
def add_stroke_reader(
    *, model: str, files: tuple[Path, ...], seed: int, store: ModelStore, as_json: bool
) -> None:
    """Train a stroke reader for a model.

    On the canvas, both networks vote. The stroke reader also learns from generated digits in other
    styles. If this is interrupted, run the same command again: it continues with the remaining
    folds of writers.
    """
    run = store.named(model)
    results = _train(store, run, files, seed)
    held_out = results["held_out"]
    if as_json:
        print(json.dumps(results))
    elif held_out is None:
        print(f"{run.short_title} reads strokes; there were too few writers to measure how well")
    else:
        print(
            f"{run.short_title} reads {percent(held_out['together'])} of {held_out['digits']:,} "
            f"digits by {held_out['writers']:,} writers it hadn't seen: "
            f"{percent(held_out['by_shape'])} by shape, {percent(held_out['by_strokes'])} by "
            "strokes"
        )


def _train(store: ModelStore, run: Run, files: tuple[Path, ...], seed: int) -> dict[str, Any]:
    by_shape = store.load_recognizer(run.name)
    choose_backend()
    with native_messages_to(Path(os.devnull)), Progress(console=stderr()) as bar:
        from digitrec.runs.ink_sources import read_ink
        from digitrec.training.train_stroke_reader import train_stroke_reader

        task = bar.add_task("Learning strokes", total=1.0)
        results = train_stroke_reader(
            run, by_shape, read_ink(files), seed, lambda done: bar.update(task, completed=done)
        )
    report = run.read_json("report.json", dict) or {}
    run.write_results(report | {"stroke_reader": results})
    run.remove_resume_files()
    return results
