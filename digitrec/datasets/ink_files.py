"""Ink files: drawings as strokes in JSON Lines, optionally gzipped.

Each line is ``{"writer": …, "label": …, "strokes": [[[x, y], …], …]}``; y grows downward, and
the longer side of the drawing's bounding box is 1000.
"""

import gzip
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.arrays import Points
from digitrec.errors import DatasetError

UNIT = 1000.0


@dataclass(frozen=True)
class InkDrawing:
    """One drawing of an ink file.

    Attributes:
        writer: Who drew it.
        label: What it shows.
        traces: float64 (n, 2) points (x, y) for each stroke, 0 to 1000.
    """

    writer: str
    label: str
    traces: list[Points]


def load_ink(path: Path) -> list[InkDrawing]:
    """Load the drawings of an ink file.

    Raises:
        DatasetError: If the file can't be read or is empty, or a line has another format.
    """
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            drawings = [_drawing(number, line, path) for number, line in _lines(file)]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} can't be read: {error}") from error
    if not drawings:
        raise DatasetError(f"{path} holds no drawings")
    return drawings


def _lines(file: Any) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(file, 1) if line.strip())


def _drawing(number: int, line: str, path: Path) -> InkDrawing:
    try:
        row = json.loads(line)
        traces = [np.array(stroke, float).reshape(-1, 2) for stroke in row["strokes"]]
        points = np.concatenate(traces)
        if not len(points) or not math.isfinite(points.sum()):
            raise ValueError("no points, or points that aren't numbers")
        return InkDrawing(str(row.get("writer", "")), str(row["label"]), traces)
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{path}, line {number}: expected a drawing, got {error}") from error
