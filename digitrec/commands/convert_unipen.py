"""``convert-unipen``: makes an ink file from the UNIPEN distribution."""

import gzip
import json
from collections import defaultdict
from pathlib import Path

import click
import numpy as np

from digitrec.commands.console import stderr
from digitrec.commands.help_sections import Command
from digitrec.commands.options import FILE, option
from digitrec.datasets.ink_files import DIGIT_LABELS, InkDrawing
from digitrec.datasets.unipen import read_unipen
from digitrec.errors import BadInputError
from digitrec.formatting import counted, system_reason


@click.command("convert-unipen", cls=Command)
@click.argument("folder", type=FILE, metavar="FOLDER", help="The distribution's folder.")
@click.argument("file", type=FILE, metavar="FILE", help="The ink file to write: name.jsonl.gz.")
@option(
    "--others",
    type=click.IntRange(0),
    default=100,
    metavar="N",
    help="Keep at most this many drawings of each letter and symbol.",
    show_default=True,
)
def convert_unipen(*, folder: Path, file: Path, others: int) -> None:
    """Make an ink file from the UNIPEN distribution.

    Get train_r01_v07 from https://doi.org/10.5281/zenodo.1195803 and unpack it. Its terms allow
    training on it, but not redistributing the points.
    """
    with stderr().status("Reading …"):
        drawings = _fewer(list(read_unipen(folder)), others)
    try:
        with gzip.open(file, "wt", encoding="utf-8") as lines:
            lines.writelines(map(_line, drawings))
    except OSError as error:
        raise BadInputError(f"{file} can't be written: {system_reason(error)}") from error
    digits = sum(drawing.label in DIGIT_LABELS for drawing in drawings)
    writers = len({drawing.writer for drawing in drawings})
    print(
        f"{file}: {counted(digits, 'digit')} and {len(drawings) - digits:,} letters and symbols by "
        f"{counted(writers, 'writer')}"
    )


def _fewer(drawings: list[InkDrawing], most: int) -> list[InkDrawing]:
    """Return all digits, and some drawings of each other label, chosen at random."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, drawing in enumerate(drawings):
        if drawing.label not in DIGIT_LABELS:
            rows_of[drawing.label].append(row)
    rng = np.random.default_rng(0)
    kept = {int(row) for rows in rows_of.values() for row in rng.permutation(rows)[:most]}
    return [
        drawing
        for row, drawing in enumerate(drawings)
        if drawing.label in DIGIT_LABELS or row in kept
    ]


def _line(drawing: InkDrawing) -> str:
    strokes = [trace.astype(int).tolist() for trace in drawing.traces]
    row = {"writer": drawing.writer, "label": drawing.label, "strokes": strokes}
    return json.dumps(row, separators=(",", ":")) + "\n"
