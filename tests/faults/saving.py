"""Saves drawings as fast as possible, and prints each one once it is saved.

    python -m tests.faults.saving DATABASE_URL [--seed 0] [--drawings N]

Prints a line of JSON for each drawing after the save has returned.
"""

import argparse
import hashlib
import io
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from digitrec.drawings.new_drawing import NewDrawing
from digitrec.drawings.schema import Drawing
from digitrec.drawings.store import DrawingStore
from digitrec.ink.stroke_json import to_json
from digitrec.settings import PROJECT_DIR
from tests.support.digits import strokes_of
from tests.support.drawings import new_drawing


@dataclass
class Saver:
    """A process that saves drawings.

    Attributes:
        process: The process.
        confirmed: The file it writes its output to.
    """

    process: subprocess.Popen[bytes]
    confirmed: Path

    def lines(self) -> list[dict[str, Any]]:
        """Return its output, without an incomplete last line."""
        *lines, _ = self.confirmed.read_text().split("\n")
        return [json.loads(line) for line in lines]


def start_saver(url: str, confirmed: Path, *options: str) -> Saver:
    command = [sys.executable, "-m", "tests.faults.saving", url, *options]
    with confirmed.open("ab") as out:
        return Saver(subprocess.Popen(command, cwd=PROJECT_DIR, stdout=out), confirmed)


def check_database(file: Path) -> None:
    """Check the database's integrity."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def check_confirmed(store: DrawingStore, lines: list[dict[str, Any]]) -> None:
    """Check that every confirmed drawing is in the database and complete."""
    found = {drawing.id: _marks(drawing) for drawing in store.stream()}
    for line in lines:
        assert found[line.pop("number")] == line


def _marks(drawing: Drawing) -> dict[str, str]:
    content = drawing.content
    strokes = json.dumps(to_json(content.strokes)).encode()
    return _hashes(content.picture, strokes, content.input)


def _hashes(picture: bytes, strokes: bytes, digit_input: bytes) -> dict[str, str]:
    parts = {"picture": picture, "strokes": strokes, "input": digit_input}
    return {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}


def _any_drawing(rng: random.Random) -> NewDrawing:
    """Make a drawing of noise, which doesn't compress."""
    side = rng.randint(10, 120)
    file = io.BytesIO()
    Image.frombytes("L", (side, side), rng.randbytes(side * side)).save(file, "PNG")
    points = [(rng.random() * 280, rng.random() * 280) for _ in range(rng.randint(1, 200))]
    digit_input = np.frombuffer(rng.randbytes(784), np.uint8).reshape(28, 28)
    return new_drawing(
        picture=file.getvalue(), digit_input=digit_input, source="upload",
        strokes=strokes_of([points]),
    )  # fmt: skip


def _save_all(url: str, seed: int, drawings: int) -> None:
    rng, store = random.Random(seed), DrawingStore(url)
    for _ in range(drawings):
        drawing = _any_drawing(rng)
        number = store.save(drawing)
        strokes = json.dumps(to_json(drawing.strokes)).encode()
        marks = _hashes(drawing.picture, strokes, drawing.digit_input.tobytes())
        os.write(1, json.dumps({"number": number, **marks}).encode() + b"\n")
        time.sleep(rng.uniform(0, 0.01))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--drawings", type=int, default=1_000_000)
    arguments = parser.parse_args()
    _save_all(arguments.url, arguments.seed, arguments.drawings)
