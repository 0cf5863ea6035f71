"""Reads the UNIPEN distribution: handwriting as strokes, collected by many donors.

Its files hold keywords at the beginning of lines. Strokes are the points between ``.PEN_DOWN`` and
``.PEN_UP``, counted from 0 over all files that a file includes, and
``.SEGMENT CHARACTER 4-5 ? "7"`` says that the fifth and sixth are a seven; y grows upward. Guyon,
Schomaker, Plamondon, Liberman, Janet: UNIPEN project of on-line data exchange and recognizer
benchmarks, 1994. The data are at https://doi.org/10.5281/zenodo.1195803.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from digitrec.arrays import Points
from digitrec.datasets.ink_files import UNIT, InkDrawing
from digitrec.errors import DatasetError

# Folders of isolated characters: digits, capital letters, small letters, symbols.
CATEGORIES = ("1a", "1b", "1c", "1d")
SEGMENT = re.compile(r'\.SEGMENT\s+CHARACTER\s+(\S+)\s+\S+\s+"(.+)"')
PART = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?")
# An included file may include others, but not without end.
MOST_NESTED = 4


@dataclass
class _Page:
    """What a file and those that it includes say."""

    strokes: list[Points] = field(default_factory=list)
    segments: list[tuple[str, str]] = field(default_factory=list)
    writer: str = ""
    columns: tuple[int, int] = (0, 1)


def read_unipen(folder: Path) -> Iterator[InkDrawing]:
    """Yield the isolated characters of a distribution.

    Args:
        folder: Holds ``data`` and ``include``.

    Raises:
        DatasetError: If there are no such files.
    """
    files = [
        file for name in CATEGORIES for file in sorted((folder / "data" / name).rglob("*.dat"))
    ]
    if not files:
        raise DatasetError(
            f"{folder} isn't a UNIPEN distribution: expected .dat files in data/1a to data/1d"
        )
    for file in files:
        page = _Page()
        _read(file, folder / "include", page)
        writer = page.writer or file.parent.name
        yield from _characters(page, writer)


def _read(file: Path, includes: Path, page: _Page, depth: int = 0) -> None:
    try:
        lines = file.read_text(encoding="latin-1").splitlines()
    except OSError:
        return  # Some files of the distribution include others that are missing.
    points: list[list[float]] | None = None
    for line in lines:
        words = line.split()
        if points is not None and words and not line.startswith("."):
            points += _numbers(words, page.columns)
            continue
        match words[:1]:
            case [".PEN_DOWN"]:
                points = []
            case [".PEN_UP"]:
                if points is not None:
                    page.strokes.append(np.array(points, float).reshape(-1, 2))
                points = None
            case [".INCLUDE"] if len(words) > 1 and depth < MOST_NESTED:
                _read(includes / words[1], includes, page, depth + 1)
            case [".COORD"]:
                page.columns = (words.index("X") - 1, words.index("Y") - 1)
            case [".WRITER_ID"] if len(words) > 1:
                page.writer = words[1]
            case [".SEGMENT"]:
                if found := SEGMENT.match(line):
                    page.segments.append((found[1], found[2]))


def _numbers(words: list[str], columns: tuple[int, int]) -> list[list[float]]:
    try:
        return [[float(words[column]) for column in columns]]
    except (ValueError, IndexError):
        return []


def _characters(page: _Page, writer: str) -> Iterator[InkDrawing]:
    for place, label in page.segments:
        traces = [trace for part in place.split(",") for trace in _part(page.strokes, part)]
        if traces:
            yield InkDrawing(writer, label, _boxed(traces))


def _part(strokes: list[Points], part: str) -> list[Points]:
    """Return the strokes of ``4``, ``4-5`` or ``4:10-5:3``, where points follow the colons."""
    found = PART.fullmatch(part)
    if not found:
        return []
    first, first_point, last, last_point = found.groups()
    begin, end = int(first), int(last or first)
    chosen = [stroke.copy() for stroke in strokes[begin : end + 1]]
    if chosen and last_point is not None:
        chosen[-1] = chosen[-1][: int(last_point) + 1]
    if chosen and first_point is not None:
        chosen[0] = chosen[0][int(first_point) :]
    return [stroke for stroke in chosen if len(stroke)]


def _boxed(traces: list[Points]) -> list[Points]:
    flipped = [trace * (1, -1) for trace in traces]
    points = np.concatenate(flipped)
    corner, side = points.min(axis=0), float(np.ptp(points, axis=0).max())
    return [np.rint((trace - corner) * (UNIT / side if side else 1.0)) for trace in flipped]
