"""Drawings in a file, before they are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from digitrec.drawings.files.incoming import Item


@dataclass(frozen=True)
class Source:
    """Drawings that are found in a file.

    Attributes:
        name: What to call it.
        labels: Yields each drawing's label, or None; it reads no pictures
            and is quick.
        drawings: Yields the drawings; its argument says whether rows and columns are swapped.
        can_turn: Whether it cares: pixels can be swapped, pictures can't.
    """

    name: str
    labels: Callable[[], Iterator[Any]]
    drawings: Callable[[bool], Iterator[Item]]
    can_turn: bool = True
