"""Reads the ink files that a network learns from."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitrec.datasets.ink_files import InkDrawing, load_ink
from digitrec.labels import NO_DIGIT
from digitrec.runs.results import InkSource


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
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            )
        )
        drawings += found
    return LearnedInk(drawings, sources)
