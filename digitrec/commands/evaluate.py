"""``evaluate``: measures a model on labeled digits."""

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from digitrec.arrays import Digits, Labels
from digitrec.commands.console import tracked
from digitrec.commands.evaluate_ink import InkOptions, evaluate_ink, evaluate_ink_numbers
from digitrec.commands.help_sections import Command
from digitrec.commands.models import load_recognizer
from digitrec.commands.options import FILE, json_option, model_option, option, store_option
from digitrec.datasets.mnist import load_mnist
from digitrec.datasets.npz import load_labeled
from digitrec.formatting import counted, percent
from digitrec.recognition.metrics import evaluate_probabilities
from digitrec.runs.model_store import ModelStore

# Pictures per step of the progress bar.
PART = 500

WITH_INK = "With --ink"


@click.command("evaluate", cls=Command)
@model_option
@store_option
@option(
    "--npz",
    type=FILE,
    metavar="FILE",
    help="Measure on these digits: arrays x, uint8 (n, 28, 28), and y, or a download from History.",
    show_default="MNIST's test set",
)
@option(
    "--ink",
    type=FILE,
    metavar="FILE",
    help="Measure on digits given as strokes, drawn at random sizes and positions.",
)
@json_option
@option("--numbers", is_flag=True, help="Read whole numbers made of the digits.", section=WITH_INK)
@option(
    "--other",
    type=FILE,
    metavar="FILE",
    help="Also measure how many of these non-digits are rejected.",
    section=WITH_INK,
)
@option(
    "--pen",
    type=(float, float),
    default=(10.0, 22.0),
    metavar="MIN MAX",
    help="Draw with a pen this wide, in canvas pixels.",
    show_default="10 22",
    section=WITH_INK,
)
@option(
    "--size",
    type=(float, float),
    default=(40.0, 85.0),
    metavar="MIN MAX",
    help="Draw each digit this large: its longer side in percent of the canvas.",
    show_default="40 85",
    section=WITH_INK,
)
@option(
    "--seed",
    type=int,
    default=0,
    metavar="N",
    help="Set the random seed for pen widths, sizes and positions.",
    show_default=True,
    section=WITH_INK,
)
@option(
    "--sheet", type=FILE, metavar="FILE", help="Write a picture of the mistakes.", section=WITH_INK
)
def evaluate(
    *,
    model: str | None,
    store: ModelStore,
    npz: Path | None,
    ink: Path | None,
    as_json: bool,
    numbers: bool,
    **options: Any,
) -> None:
    """Measure a model on labeled digits."""
    _check_together(npz, ink, numbers=numbers, other=options["other"])
    if ink:
        how = InkOptions(ink, **options)
        evaluate_them = evaluate_ink_numbers if numbers else evaluate_ink
        evaluate_them(store, model, how, as_json=as_json)
    else:
        _evaluate_pictures(store, model, *_pictures(npz), as_json=as_json)


def _check_together(npz: Path | None, ink: Path | None, *, numbers: bool, other: Any) -> None:
    if npz and ink:
        raise click.UsageError("use either --npz or --ink")
    if numbers and not ink:
        raise click.UsageError("--numbers needs --ink with the digits to compose numbers from")
    if other and not ink:
        raise click.UsageError("--other needs --ink with the digits to compare with")


def _pictures(npz: Path | None) -> tuple[Digits, Labels]:
    """Return uint8 (n, 28, 28) and the labels, (n,)."""
    if npz:
        return load_labeled(npz)
    mnist = load_mnist()
    return mnist.x_test, mnist.y_test


def _evaluate_pictures(
    store: ModelStore, model: str | None, x: Digits, y: Labels, *, as_json: bool
) -> None:
    recognizer = load_recognizer(store, model)
    parts = [x[i : i + PART] for i in range(0, len(x), PART)]
    answers = [recognizer.answers(part) for part in tracked(parts, "Recognizing")]
    measured = evaluate_probabilities(y, np.concatenate([part.probabilities for part in answers]))
    if as_json:
        print(json.dumps({"model": recognizer.name, **measured}))
    else:
        title = store.run(recognizer.name).short_title
        digits = counted(measured["count"], "digit")
        print(f"{title}: {percent(measured['accuracy'])} accuracy on {digits}")
