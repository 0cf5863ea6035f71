"""How many of the labeled drawings in the history each model reads right.

What was measured is kept beside the runs, by the hash of the model, together with the state of
the drawings; once a drawing is labeled, deleted or added, all of it is void.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import numpy.typing as npt

from digitrec.errors import ModelError, PictureError
from digitrec.ink.preprocessing import open_picture, preprocess_drawing
from digitrec.recognition.recognizer import Recognizer
from digitrec.system.atomic_files import make_folder, write_whole
from digitrec.words import system_reason

if TYPE_CHECKING:
    from digitrec.drawings.schema import Content
    from digitrec.drawings.store import DrawingStore


@dataclass(frozen=True)
class LabeledDrawings:
    """The drawings that say what they are, as the models are given them.

    Attributes:
        ids: int64 (n,), their numbers.
        inputs: uint8 (n, 28, 28), white ink (255) on black (0).
        labels: int64 (n,), 0 to 9, or 10 for what is no digit.
        state: Tells these drawings with these labels from others.
        owner: Whose they are; empty where nobody has to log in.
    """

    ids: npt.NDArray[np.int64]
    inputs: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    state: str
    owner: str = ""


def labeled_drawings(store: DrawingStore) -> LabeledDrawings:
    """Prepare the labeled drawings as the drawing page does; unreadable ones are left out."""
    from digitrec.drawings.selection import Selection, Verdict  # With SQLAlchemy: see resources.

    ids, inputs, labels, state = [], [], [], []
    for drawing in store.stream(Selection(verdict=Verdict.LABELED)):
        state.append((drawing.id, drawing.label))
        with suppress(PictureError):
            inputs.append(model_input(drawing.content))
            ids.append(drawing.id)
            labels.append(drawing.label)
    digits = np.array(inputs, np.uint8).reshape(-1, 28, 28)
    return LabeledDrawings(
        np.array(ids, np.int64), digits, np.array(labels, np.int64), _state(state), store.owner
    )


def model_input(content: Content) -> npt.NDArray[np.uint8]:
    """Return what a model is given of a drawing now: uint8 (28, 28), white ink (255) on black.

    Strokes are drawn anew as on the drawing page; what has none is taken as it was.

    Raises:
        PictureError: If the picture can't be read or holds no ink.
    """
    if not content.strokes:
        return np.frombuffer(content.input, np.uint8).reshape(28, 28)
    return preprocess_drawing(open_picture(content.picture), content.strokes)


def drawings_state(store: DrawingStore) -> str:
    """Return what tells the labeled drawings from those of another time."""
    return _state(store.labels())


def _state(labels: Sequence[tuple[int, int | None]]) -> str:
    """Hash numbers and labels: a drawing never changes, and no number is given twice."""
    return hashlib.sha256(json.dumps(labels).encode()).hexdigest()


def measure(recognizer: Recognizer, drawings: LabeledDrawings) -> float:
    """Return the share of the drawings, of which there must be some, that a model reads right."""
    answers = [recognition.label for recognition in recognizer.recognize_all(drawings.inputs)]
    return float((np.array(answers) == drawings.labels).mean())


@dataclass(frozen=True)
class Measurements:
    """What was measured with the drawings of one state.

    Attributes:
        state: That of the drawings.
        accuracies: Shares from 0 to 1, by the SHA-256 of the models.
    """

    state: str
    accuracies: dict[str, float]

    @classmethod
    def read(cls, models_dir: Path, owner: str = "") -> Measurements:
        """Return what was measured last; nothing if the file is missing or damaged.

        Args:
            models_dir: Where it is kept.
            owner: Whose drawings; empty where nobody has to log in.
        """
        try:
            return msgspec.json.decode(_file(models_dir, owner).read_bytes(), type=cls)
        except (OSError, ValueError):
            return cls("", {})

    def write(self, models_dir: Path, owner: str = "") -> None:
        """Keep what was measured.

        Args:
            models_dir: Where it is kept.
            owner: Whose drawings; empty where nobody has to log in.

        Raises:
            ModelError: If it can't be written.
        """
        path = _file(models_dir, owner)
        try:
            make_folder(models_dir)
            content = msgspec.json.encode(self) + b"\n"
            write_whole(path, lambda temporary: temporary.write_bytes(content))
        except OSError as error:
            raise ModelError(f"{models_dir} can't be written: {system_reason(error)}") from error


def _file(models_dir: Path, owner: str) -> Path:
    """Return a person's file; no run's name begins with a dot."""
    return models_dir / (f".drawing_accuracy-{owner}.json" if owner else ".drawing_accuracy.json")
