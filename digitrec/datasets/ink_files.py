"""Ink files: drawings as strokes in JSON Lines, optionally gzipped.

Each line is ``{"writer": …, "label": …, "strokes": [[[x, y], …], …]}``; y grows downward. The lines
that *History* downloads are read too: their strokes are ``{"points": [[x, y], …]}``.
"""

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np

from digitrec.arrays import Points
from digitrec.errors import DatasetError
from digitrec.labels import NO_DIGIT

UNIT = 1000.0
# Letters and symbols that can't be told from a digit in handwriting.
LOOK_ALIKES = frozenset("bBDgGiIjlLoOqQsSTyzZ|")


@dataclass(frozen=True)
class InkDrawing:
    """One drawing of an ink file.

    Attributes:
        writer: Who drew it.
        label: What it shows.
        traces: float64 (n, 2) points (x, y) of each stroke. The box around them begins at 0, and
            its longer side is 1000.
    """

    writer: str
    label: str
    traces: list[Points]

    @property
    def digit_label(self) -> int:
        """The label for a network: 0 to 9, or ``NO_DIGIT``."""
        return int(self.label) if self.label in DIGIT_LABELS else NO_DIGIT

    @property
    def is_ambiguous(self) -> bool:
        """Whether it shows a letter or symbol that looks like a digit."""
        return self.label in LOOK_ALIKES


DIGIT_LABELS = frozenset("0123456789")
Trace = Annotated[list[tuple[float, float]], msgspec.Meta(min_length=1)]


class _Stroke(msgspec.Struct):
    points: Trace


class _Line(msgspec.Struct):
    strokes: list[Trace | _Stroke]
    label: str | int | None
    writer: str | int = ""


def load_ink(path: Path) -> list[InkDrawing]:
    """Load the drawings of an ink file, without those that have no label or no strokes.

    Raises:
        DatasetError: If the file can't be read or is empty, or a line has another format.
    """
    try:
        opener: Any = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rb") as file:
            drawings = [each for each in _drawings(file, path) if each]
    except (OSError, EOFError) as error:
        raise DatasetError(f"{path} can't be read: {error}") from error
    if not drawings:
        raise DatasetError(f"{path} holds no drawings")
    return drawings


def by_writer(drawings: Iterable[InkDrawing]) -> dict[str, list[InkDrawing]]:
    """Return the drawings of each writer, in their order."""
    found: dict[str, list[InkDrawing]] = defaultdict(list)
    for drawing in drawings:
        found[drawing.writer].append(drawing)
    return found


def _drawings(file: Any, path: Path) -> Iterator[InkDrawing | None]:
    decoder = msgspec.json.Decoder(_Line)
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                yield _drawing(decoder.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
                raise DatasetError(
                    f"{path}, line {number}: expected a drawing, got {error}"
                ) from error


def _drawing(line: _Line) -> InkDrawing | None:
    if line.label is None or not line.strokes:
        return None
    traces = [
        np.array(stroke.points if isinstance(stroke, _Stroke) else stroke, float)
        for stroke in line.strokes
    ]
    points = np.concatenate(traces)
    if not np.isfinite(points).all():
        raise ValueError("points that aren't numbers")
    corner, side = points.min(axis=0), float(np.ptp(points, axis=0).max())
    scale = UNIT / side if side else 1.0
    placed = [(trace - corner) * scale for trace in traces]
    return InkDrawing(str(line.writer), str(line.label), placed)
