"""Each model's accuracy on the labeled drawings of the history.

Accuracies are cached beside the runs by the model's hash, together with the state of the drawings.
Labeling or deleting a drawing makes all of them invalid.
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
from digitrec.formatting import system_reason
from digitrec.ink.preprocessing import open_picture, preprocess_drawing
from digitrec.ink.strokes import Strokes
from digitrec.recognition.recognizer import Recognizer
from digitrec.system.atomic_files import make_folder, write_atomically

if TYPE_CHECKING:
    from digitrec.drawings.schema import Content
    from digitrec.drawings.store import DrawingStore


@dataclass(frozen=True)
class LabeledDrawings:
    """Labeled drawings, prepared as input for models.

    Attributes:
        ids: int64 (n,), the drawings' numbers.
        inputs: uint8 (n, 28, 28), white ink (255) on black (0).
        drawn: The strokes of each; empty if they are unknown.
        labels: int64 (n,), 0 to 9, or 10 for *not a digit*.
        state: A hash of the drawings' numbers and labels.
        owner: The drawings' owner; empty without a login.
    """

    ids: npt.NDArray[np.int64]
    inputs: npt.NDArray[np.uint8]
    drawn: list[Strokes]
    labels: npt.NDArray[np.int64]
    state: str
    owner: str = ""


def labeled_drawings(store: DrawingStore) -> LabeledDrawings:
    """Prepare the labeled drawings as the drawing page does, without the unreadable ones."""
    from digitrec.drawings.selection import Selection, Verdict  # With SQLAlchemy: see resources.

    ids, inputs, drawn, labels, state = [], [], [], [], []
    for drawing in store.stream(Selection(verdict=Verdict.LABELED)):
        state.append((drawing.id, drawing.label))
        with suppress(PictureError):
            inputs.append(model_input(drawing.content))
            drawn.append(drawing.content.strokes)
            ids.append(drawing.id)
            labels.append(drawing.label)
    digits = np.array(inputs, np.uint8).reshape(-1, 28, 28)
    return LabeledDrawings(
        np.array(ids, np.int64),
        digits,
        drawn,
        np.array(labels, np.int64),
        _state(state),
        store.owner,
    )


def model_input(content: Content) -> npt.NDArray[np.uint8]:
    """Return a drawing's input for a model: uint8 (28, 28), white ink (255) on black.

    Strokes are rendered again, as on the drawing page. Without strokes, the saved input is used.

    Raises:
        PictureError: If the picture can't be read or has no ink.
    """
    if not content.strokes:
        return np.frombuffer(content.input, np.uint8).reshape(28, 28)
    return preprocess_drawing(open_picture(content.picture), content.strokes)


def drawings_state(store: DrawingStore) -> str:
    """Return a hash of all labels.

    It changes whenever a label is set or changed, or a labeled drawing is deleted or restored.
    """
    return _state(store.labels())


def _state(labels: Sequence[tuple[int, int | None]]) -> str:
    """Hash numbers and labels. That is enough: drawings never change, and numbers aren't reused."""
    return hashlib.sha256(json.dumps(labels).encode()).hexdigest()


def measure(recognizer: Recognizer, drawings: LabeledDrawings) -> float:
    """Return a model's accuracy on the drawings, 0 to 1; there must be at least one."""
    recognitions = recognizer.recognize_all(drawings.inputs, drawings.drawn)
    answers = [recognition.label for recognition in recognitions]
    return float((np.array(answers) == drawings.labels).mean())


@dataclass(frozen=True)
class Measurements:
    """Accuracies measured on the same drawings with the same labels.

    Attributes:
        state: The state of the drawings.
        accuracies: Accuracy, 0 to 1, by the model's SHA-256.
    """

    state: str
    accuracies: dict[str, float]

    @classmethod
    def read(cls, models_dir: Path, owner: str = "") -> Measurements:
        """Read the saved measurements; empty if the file is missing or damaged.

        Args:
            models_dir: The folder of the file.
            owner: The drawings' owner; empty without a login.
        """
        try:
            return msgspec.json.decode(_file(models_dir, owner).read_bytes(), type=cls)
        except (OSError, ValueError):
            return cls("", {})

    def write(self, models_dir: Path, owner: str = "") -> None:
        """Save the measurements.

        Args:
            models_dir: The folder of the file.
            owner: The drawings' owner; empty without a login.

        Raises:
            ModelError: If the file can't be written.
        """
        path = _file(models_dir, owner)
        try:
            make_folder(models_dir)
            content = msgspec.json.encode(self) + b"\n"
            write_atomically(path, lambda temporary: temporary.write_bytes(content))
        except OSError as error:
            raise ModelError(f"{models_dir} can't be written: {system_reason(error)}") from error


def _file(models_dir: Path, owner: str) -> Path:
    """Return the owner's file. It begins with a dot, which no run's name does."""
    return models_dir / (f".drawing_accuracy-{owner}.json" if owner else ".drawing_accuracy.json")
