"""A person's drawing whose answers a run logs while it trains, beside those of test digits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitrec.arrays import Digit
from digitrec.runs.run import Run


@dataclass(frozen=True, eq=False)
class WatchedDrawing:
    """A drawing to watch.

    Attributes:
        digit: uint8 (28, 28), white ink (255) on black (0): the network's input.
        label: The true digit, 0 to 9; None if it is unknown.
        owner: The ID of the person who drew it; empty in an app without a login.
    """

    digit: Digit
    label: int | None = None
    owner: str = ""

    def write(self, run: Run) -> None:
        """Save the drawing in a run's folder."""
        label = -1 if self.label is None else self.label

        def save(path: Path) -> None:
            with path.open("wb") as file:
                np.savez_compressed(file, digit=self.digit, label=label, owner=self.owner)

        run.write_atomically(run.watched_path.name, save)


def read_watched_drawing(run: Run) -> WatchedDrawing | None:
    """Return the drawing that a run watches; None if there is none or its file is damaged."""
    try:
        # np.load doesn't close the file if it is damaged.
        with run.watched_path.open("rb") as opened, np.load(opened) as file:
            digit = file["digit"].astype(np.uint8).reshape(28, 28)
            label, owner = int(file["label"]), str(file["owner"])
    except Exception:  # NumPy raises many kinds of errors, and a run works without the drawing.
        return None
    return WatchedDrawing(digit, label if 0 <= label <= 9 else None, owner)
