"""Reads the ink files that a network learns from."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitrec.datasets.folds import held_out
from digitrec.datasets.ink_files import InkDrawing, load_ink
from digitrec.labels import NO_DIGIT
from digitrec.runs.ink_library import InkLibrary
from digitrec.runs.results import InkSource, Results
from digitrec.runs.run import Run


@dataclass(frozen=True)
class LearnedInk:
    """Drawings by people to learn from.

    Attributes:
        drawings: The drawings.
        sources: Where they came from.
    """

    drawings: Sequence[InkDrawing]
    sources: list[InkSource]

    @property
    def key(self) -> str:
        """Names the drawings: the same ones have the same key."""
        return hashlib.sha256("".join(s.sha256 for s in self.sources).encode()).hexdigest()[:12]

    def for_pictures(self) -> list[InkDrawing]:
        """Return the drawings for a network that reads pictures.

        One fold of writers is held out, because they decide the vote between that network and a
        stroke reader.
        """
        unseen = {self.drawings[row].writer for row in held_out([d.writer for d in self.drawings])}
        return [drawing for drawing in self.drawings if drawing.writer not in unseen]


def read_ink(paths: Iterable[Path]) -> LearnedInk:
    """Read ink files, without letters and symbols that look like digits.

    Raises:
        DatasetError: If a file can't be read, or has another format.
    """
    drawings: list[InkDrawing] = []
    sources = []
    for path in paths:
        found = [drawing for drawing in load_ink(path) if not drawing.is_ambiguous]
        digits = sum(drawing.digit_label < NO_DIGIT for drawing in found)
        sources.append(
            InkSource(
                name=path.name,
                digits=digits,
                others=len(found) - digits,
                writers=len({drawing.writer for drawing in found}),
                sha256=_sha256(path),
            )
        )
        drawings += found
    return LearnedInk(drawings, sources)


def learned_ink(run: Run, names: Iterable[str]) -> LearnedInk:
    """Read the ink files that a run's configuration names.

    Raises:
        DatasetError: If a file can't be read, or has another format.
    """
    library = InkLibrary(run.path.parent)
    return read_ink(library.path(run, name) for name in names)


def learned_from(results: Results, path: Path) -> bool:
    """Return whether a model has learned from an ink file."""
    strokes = results.stroke_reader.sources if results.stroke_reader else []
    return _sha256(path) in {source.sha256 for source in (*results.ink, *strokes)}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
