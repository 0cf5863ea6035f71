"""The labeled drawings a model is taught with, and its answers to them before it learns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Digits, Floats, Labels, Mask
from digitrec.drawings.accuracy import LabeledDrawings
from digitrec.errors import ConfigurationError, ModelError
from digitrec.ink.stroke_arrays import STROKE_ARRAYS, from_arrays, to_arrays
from digitrec.ink.strokes import Strokes
from digitrec.labels import NO_DIGIT
from digitrec.recognition.recognition import Recognition
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run

# With fewer drawings, none is held back: the model needs them all to learn from.
MIN_TO_HOLD_BACK = 10
HELD_BACK_SHARE = 0.2
# The progress is updated after this many drawings.
CHUNK = 100
# The fractional part of the golden ratio. Its multiples spread consecutive numbers evenly between
# 0 and 1. Knuth, The Art of Computer Programming, volume 3, 1998, section 6.4.
GOLDEN = 0.6180339887498949

Progress = Callable[[float], None]


@dataclass(frozen=True)
class TaughtDrawings:
    """A run's drawings, and the answers of the model that it starts from.

    Attributes:
        ids: int64 (n,), the drawings' numbers.
        inputs: uint8 (n, 28, 28), white ink (255) on black (0).
        labels: uint8 (n,), 0 to 9, or 10 for non-digits.
        held_back: bool (n,), True for drawings to measure with and not to learn from.
        answers: uint8 (n,), the model's answers, as labels.
        confidences: float32 (n,), the answers' confidence, 0 to 1.
        drawn: The strokes of each; empty if they are unknown.
        test_accuracy: The model's accuracy on MNIST's test set, 0 to 1.
        left_out: How many labeled non-digits are missing because the model has no class for them.
        owner: The ID of the person who drew them; empty in an app without a login.
    """

    ids: npt.NDArray[np.int64]
    inputs: Digits
    labels: Labels
    held_back: Mask
    answers: Labels
    confidences: Floats
    drawn: list[Strokes]
    test_accuracy: float
    left_out: int
    owner: str = ""

    @classmethod
    def read(cls, run: Run) -> "TaughtDrawings | None":
        """Return a run's drawings, or None if it isn't taught with any.

        Raises:
            ModelError: If the file is damaged.
        """
        if not run.drawings_path.is_file():
            return None
        try:
            with np.load(run.drawings_path) as file:
                values = dict(file)
            test_accuracy, left_out = float(values.pop("test_accuracy")), values.pop("left_out")
            owner = str(values.pop("owner", ""))  # The oldest files have none, and no strokes.
            known = {name: values.pop(name) for name in STROKE_ARRAYS if name in values}
            return cls(
                **values,
                drawn=from_arrays(known) if known else [()] * len(values["ids"]),
                test_accuracy=test_accuracy,
                left_out=int(left_out),
                owner=owner,
            )
        except Exception as error:
            raise ModelError(f"run {run.title!r}: drawings.npz is damaged") from error

    def write(self, run: Run) -> None:
        """Save the drawings in a run's folder."""

        def save(path: Path) -> None:
            values = {name: value for name, value in vars(self).items() if name != "drawn"}
            np.savez_compressed(path, **(values | to_arrays(self.drawn)))

        run.write_atomically(run.drawings_path.name, save)


def drawings_to_teach(
    store: ModelStore,
    start_from: str,
    drawings: LabeledDrawings,
    progress: Progress | None = None,
) -> TaughtDrawings:
    """Let a model recognize the drawings it can be taught with, before it learns from them.

    Args:
        store: The models.
        start_from: The model's name.
        drawings: The labeled drawings. Non-digits are left out if the model has no class for them.
        progress: Called with the share of drawings done so far, 0 to 1.

    Raises:
        ConfigurationError: If there is nothing to teach the model.
        ModelError: If the model doesn't exist or is damaged.
    """
    model = store.load_recognizer(start_from)
    fits = drawings.labels < model.classes
    if not fits.any():
        raise ConfigurationError(_nothing_to_teach(start_from, len(fits)))
    ids, labels = drawings.ids[fits], drawings.labels[fits].astype(np.uint8)
    inputs = drawings.inputs[fits]
    drawn = [strokes for strokes, kept in zip(drawings.drawn, fits, strict=True) if kept]
    answers = []
    for start in range(0, len(ids), CHUNK):
        if progress:
            progress(start / len(ids))
        chunk = slice(start, start + CHUNK)
        recognitions = model.recognize_all(inputs[chunk], drawn[chunk])
        answers += [answer_and_confidence(recognition) for recognition in recognitions]
    base = store.run(start_from)
    return TaughtDrawings(
        ids,
        inputs,
        labels,
        hold_back(ids, labels, _already_learned(base)),
        np.array([answer for answer, _ in answers], np.uint8),
        np.array([confidence for _, confidence in answers], np.float32),
        drawn,
        test_accuracy=base.results().test_accuracy,
        left_out=int((~fits).sum()),
        owner=drawings.owner,
    )


def answer_and_confidence(recognition: Recognition) -> tuple[int, float]:
    """Return an answer as a label, and its confidence, 0 to 1."""
    if recognition.is_digit:
        return recognition.digit, recognition.confidence
    return NO_DIGIT, max(recognition.shares)


def hold_back(
    ids: npt.NDArray[np.int64], labels: npt.NDArray[np.integer], learned: npt.NDArray[np.int64]
) -> Mask:
    """Choose about a fifth of the drawings to measure with, by their numbers.

    A drawing that is held back stays held back in later runs, however many are added.

    Args:
        ids: int64 (n,), the drawings' numbers.
        labels: (n,), their labels. At least one drawing of each label isn't held back.
        learned: int64 (m,), the numbers of drawings that the model has already learned from.

    Returns:
        bool (n,).
    """
    if len(ids) < MIN_TO_HOLD_BACK:
        return np.zeros(len(ids), bool)
    positions = ids * GOLDEN % 1
    held_back = (positions < HELD_BACK_SHARE) & ~np.isin(ids, learned)
    for label in np.unique(labels):
        of_label = np.flatnonzero(labels == label)
        held_back[of_label[positions[of_label].argmax()]] = False
    return held_back


def planned(base: Run, classes: int, labeled: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return how many drawings a model would learn from, and how many would be held back.

    Args:
        base: The model.
        classes: How many classes it has.
        labeled: The drawings' numbers and labels.
    """
    fits = [(number, label) for number, label in labeled if label < classes]
    if len(fits) < MIN_TO_HOLD_BACK:
        return len(fits), 0
    ids, labels = np.array(fits, np.int64).T
    held_back = int(hold_back(ids, labels, _already_learned(base)).sum())
    return len(fits) - held_back, held_back


def _already_learned(base: Run) -> npt.NDArray[np.int64]:
    earlier = TaughtDrawings.read(base)
    return earlier.ids[~earlier.held_back] if earlier else np.zeros(0, np.int64)


def _nothing_to_teach(model: str, labeled: int) -> str:
    if labeled:
        return f"model {model!r} recognizes only digits, but all labeled drawings are non-digits"
    return "there is nothing to teach with; label some drawings first"
