"""What a model is taught with a person's labelled drawings, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Digits, Floats, Labels, Mask
from digitrec.drawings.accuracy import LabelledDrawings
from digitrec.errors import ConfigurationError, ModelError
from digitrec.labels import NO_DIGIT
from digitrec.recipes.configuration import TrainingConfig
from digitrec.recipes.workload import picture_seconds
from digitrec.recognition.recognizer import DIGITS, Recognition, Recognizer
from digitrec.runs.model_store import ModelStore, cannot_be_trained
from digitrec.runs.run import Run

# With fewer drawings than that none is held back: each is needed to learn from.
ENOUGH = 10
HELD_BACK_SHARE = 0.2
# What is held out of MNIST where the model says nothing of it.
VALIDATION_SPLIT = 0.05
# Drawings between two reports of progress.
ASKED_AT_ONCE = 100
# A small network learns so much of MNIST again, a large one what it can learn in such a time on two
# cores. Taught a seven drawn as a triangle with an eighth of MNIST, `seed-cnn` lost 0.15 points of
# its test accuracy, with half of it 0.04; `bn-cnn` lost 0.06 with an eighth.
MOST_REPEATED = 0.5
REPEATED_S = 13.0
# The golden ratio's fraction: numbers in a row, or in any regular order, are spread evenly by its
# multiples. Knuth, The Art of Computer Programming, volume 3, 1998, section 6.4.
GOLDEN = 0.6180339887498949

Progress = Callable[[float], None]


@dataclass(frozen=True)
class TaughtDrawings:
    """A run's drawings, and what the model that it starts from says of them.

    Attributes:
        ids: int64 (n,), their numbers.
        inputs: uint8 (n, 28, 28), white ink (255) on black (0).
        labels: uint8 (n,), 0 to 9, or 10 for what is no digit.
        held_back: bool (n,), which are not learned from, to measure with.
        answers: uint8 (n,), what the model says, as the labels.
        confidences: float32 (n,), how sure it is of that, 0 to 1.
        test_accuracy: How many of MNIST's test pictures it reads right, 0 to 1.
        left_out: How many labelled drawings are missing, since it can't say that they are no digit.
        owner: Whose drawings they are; empty where nobody has to log in.
    """

    ids: npt.NDArray[np.int64]
    inputs: Digits
    labels: Labels
    held_back: Mask
    answers: Labels
    confidences: Floats
    test_accuracy: float
    left_out: int
    owner: str = ""

    @classmethod
    def read(cls, run: Run) -> "TaughtDrawings | None":
        """Return the drawings that a run is taught with; None if it is not.

        Raises:
            ModelError: If they can't be read.
        """
        if not run.drawings_path.is_file():
            return None
        try:
            with np.load(run.drawings_path) as file:
                values = dict(file)
            test_accuracy, left_out = float(values.pop("test_accuracy")), values.pop("left_out")
            owner = str(values.pop("owner", ""))  # The oldest files have none.
            return cls(**values, test_accuracy=test_accuracy, left_out=int(left_out), owner=owner)
        except Exception as error:
            raise ModelError(f"run {run.title!r}: drawings.npz is damaged") from error

    def write(self, run: Run) -> None:
        """Put the drawings into a run's folder."""

        def save(path: Path) -> None:
            np.savez_compressed(path, **vars(self))

        run.write_whole(run.drawings_path.name, save)


def hold_back(
    ids: npt.NDArray[np.int64], labels: npt.NDArray[np.integer], learned: npt.NDArray[np.int64]
) -> Mask:
    """Choose about a fifth of the drawings, by their numbers alone.

    What is held back in one teaching is so in the next, whatever was drawn meanwhile.

    Args:
        ids: int64 (n,), the drawings' numbers.
        labels: (n,), what they are; of each label one drawing at least is learned from.
        learned: int64 (m,), the numbers of those that the model has learned from already.

    Returns:
        bool (n,).
    """
    if len(ids) < ENOUGH:
        return np.zeros(len(ids), bool)
    places = ids * GOLDEN % 1
    held_back = (places < HELD_BACK_SHARE) & ~np.isin(ids, learned)
    for label in np.unique(labels):
        of_label = np.flatnonzero(labels == label)
        held_back[of_label[places[of_label].argmax()]] = False
    return held_back


def create_teaching(
    store: ModelStore,
    config: TrainingConfig,
    drawings: LabelledDrawings,
    name: str | None = None,
) -> Run:
    """Make the folder of a run that is taught with drawings, and put them into it.

    Args:
        store: Where the run goes.
        config: What to train; says that there are drawings, and the model to start from.
        drawings: The labelled drawings.
        name: The run's name; None makes one of the time.

    Raises:
        ConfigurationError: If nothing is labelled, or the name can't be one or is taken.
        ModelError: If there is no such model, it is damaged, or the folder can't be made.
    """
    taught = asked_before(store, cast(str, config.start_from), drawings)
    return store.create_run(config, name, taught.write)


def teaching_config(store: ModelStore, start_from: str) -> TrainingConfig:
    """Return how a model is taught with drawings.

    What it was held out of MNIST for validation stays held out, or the validation would be of
    pictures that it knows.

    Raises:
        ConfigurationError: If it can't be a model's name.
        ModelError: If there is no such model, it is damaged, or has no layers to train.
    """
    base = store.run(start_from)
    if base.has_model and not base.can_be_trained_further:
        raise ModelError(cannot_be_trained(start_from))
    began = base.config()
    defaults = TrainingConfig()
    known = began or defaults
    config = TrainingConfig(
        network=known.network,
        ensemble=known.ensemble,
        epochs=2,
        optimizer="adamw",
        learning_rate=0.002,
        schedule="cosine",
        batch_size=128,
        validation_split=known.validation_split or VALIDATION_SPLIT,
        augmentation=True,
        styles=known.styles,
        non_digits=store.load_recognizer(start_from).classes > DIGITS,
        drawings=True,
        start_from=start_from,
        seed=known.seed,
    )
    in_time = REPEATED_S / picture_seconds(config) / (60_000 * (1 - config.validation_split))
    return replace(config, training_share=round(min(in_time, MOST_REPEATED), 2))


def teaching_report(
    drawings: TaughtDrawings, served: Recognizer, accuracy: float
) -> dict[str, Any]:
    """Say what came of a teaching.

    Args:
        drawings: The drawings, with what was said of them before.
        served: The taught model as it is served.
        accuracy: How many of MNIST's test pictures it reads right, 0 to 1.

    Returns:
        ``taught``, ``held_back`` and ``left_out``, numbers of drawings; ``taught_right`` and
        ``held_back_right``, how many of them were read right before and are after;
        ``test_accuracy``, before and after; ``changed``, the drawings whose answer is another one
        now: ``id``, ``label``, ``held_back``, and ``before`` and ``after`` with ``answer`` and
        ``confidence``.
    """
    recognitions = served.recognize_all(drawings.inputs)
    before = list(zip(drawings.answers.tolist(), drawings.confidences.tolist(), strict=True))
    after = [answer_and_confidence(recognition) for recognition in recognitions]
    right = [
        np.array([answer for answer, _ in answers]) == drawings.labels
        for answers in (before, after)
    ]
    held_back = drawings.held_back
    return {
        "taught": int((~held_back).sum()),
        "held_back": int(held_back.sum()),
        "left_out": drawings.left_out,
        "taught_right": [int(r[~held_back].sum()) for r in right],
        "held_back_right": [int(r[held_back].sum()) for r in right],
        "test_accuracy": [drawings.test_accuracy, accuracy],
        "changed": [
            {
                "id": int(drawings.ids[i]),
                "label": int(drawings.labels[i]),
                "held_back": bool(held_back[i]),
                "before": {"answer": before[i][0], "confidence": round(before[i][1], 4)},
                "after": {"answer": after[i][0], "confidence": round(after[i][1], 4)},
            }
            for i in range(len(after))
            if before[i][0] != after[i][0]
        ],
    }


def answer_and_confidence(recognition: Recognition) -> tuple[int, float]:
    """Return what a model says, as a label, and how sure it is of that, 0 to 1."""
    if recognition.is_digit:
        return recognition.digit, recognition.confidence
    return NO_DIGIT, max(recognition.shares)


def asked_before(
    store: ModelStore,
    start_from: str,
    drawings: LabelledDrawings,
    progress: Progress | None = None,
) -> TaughtDrawings:
    """Ask a model about the drawings that it can be taught with, before it learns from them.

    Args:
        store: Where the model is.
        start_from: The model's name.
        drawings: The labelled drawings. Those that are no digit are left out where the model
            knows ten answers only.
        progress: Called now and then with how many of the drawings the model was asked about,
            0 to 1.

    Raises:
        ConfigurationError: If nothing is labelled.
        ModelError: If there is no such model, or it is damaged.
    """
    model = store.load_recognizer(start_from)
    fits = drawings.labels < model.classes
    if not fits.any():
        raise ConfigurationError(_nothing_to_teach(start_from, len(fits)))
    ids, labels = drawings.ids[fits], drawings.labels[fits].astype(np.uint8)
    inputs = drawings.inputs[fits]
    answers = []
    for start in range(0, len(ids), ASKED_AT_ONCE):
        if progress:
            progress(start / len(ids))
        recognitions = model.recognize_all(inputs[start : start + ASKED_AT_ONCE])
        answers += [answer_and_confidence(recognition) for recognition in recognitions]
    base = store.run(start_from)
    earlier = TaughtDrawings.read(base)
    learned = earlier.ids[~earlier.held_back] if earlier else np.zeros(0, np.int64)
    return TaughtDrawings(
        ids,
        inputs,
        labels,
        hold_back(ids, labels, learned),
        np.array([answer for answer, _ in answers], np.uint8),
        np.array([confidence for _, confidence in answers], np.float32),
        test_accuracy=base.results().test_accuracy,
        left_out=int((~fits).sum()),
        owner=drawings.owner,
    )


def _nothing_to_teach(model: str, labelled: int) -> str:
    if labelled:
        return f"model {model!r} knows digits only, and all that is labelled is no digit"
    return "there is nothing to teach with: no drawing has a label"
