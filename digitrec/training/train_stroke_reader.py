"""Trains, checks and measures the network that reads strokes beside a model."""

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import keras
import msgspec
import numpy as np

from digitrec.arrays import Floats, Indices
from digitrec.datasets.folds import FOLDS, HELD_OUT_FOLD, can_be_divided
from digitrec.errors import TrainingError
from digitrec.ink.pen_path import drawing_features
from digitrec.ink.preprocessing import preprocess_traces
from digitrec.labels import NO_DIGIT
from digitrec.recognition.metrics import (
    expected_calibration_error,
    mean_over_groups,
    wrong_and_confident,
)
from digitrec.recognition.recognizer import Recognizer
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.recognition.vote import Vote, combined, fit_digit_odds, fit_weights
from digitrec.runs.ink_sources import LearnedInk
from digitrec.runs.results import HeldOutInk, StrokeReaderResults
from digitrec.runs.run import Run
from digitrec.synthetic.handwriting import Traces
from digitrec.training.export import EXPORT_TOLERANCE
from digitrec.training.strokes.examples import StrokeExamples, stroke_examples
from digitrec.training.strokes.fit import fit_stroke_network
from digitrec.training.strokes.folds import held_out_outputs

CONFIDENT = 0.9
CHECKED_DRAWINGS = 200


def train_stroke_reader(
    run: Run,
    by_shape: Recognizer,
    ink: LearnedInk,
    seed: int,
    progress: Callable[[float], None],
) -> dict[str, Any]:
    """Train a stroke reader for a model and write it to the run's folder, pending its report.

    First a network for each fold of writers learns from the others: what they answer decides the
    vote. Then the network that is kept learns from all. If the model has learned from pictures of
    ink, only the one fold that it did without says how both read other people.

    Args:
        run: The run.
        by_shape: The model that reads pictures.
        ink: The drawings by people to learn from.
        seed: The seed.
        progress: Called with the share that is done, 0 to 1.

    Returns:
        The fields of ``StrokeReaderResults``.

    Raises:
        TrainingError: If the exported network differs from the trained one.
    """
    began = time.perf_counter()
    examples = stroke_examples(ink, seed)
    folds = _folds(run, examples)
    share = len(folds) / (len(folds) + 1)
    vote, measured = Vote(), None
    if folds:
        rows, outputs = held_out_outputs(
            run, examples, folds, seed, lambda done: progress(share * done)
        )
        vote, measured = _fitted(by_shape, examples, rows, outputs, is_one_fold=len(folds) == 1)
    learned = np.ones(examples.ink_count, bool)
    network = fit_stroke_network(
        examples, learned, seed, lambda done: progress(share + (1 - share) * done)
    )
    content = export_stroke_network(run, network, examples.drawings[-CHECKED_DRAWINGS:])
    results = StrokeReaderResults(
        sha256=hashlib.sha256(content).hexdigest(),
        parameters=network.count_params(),
        vote=vote,
        sources=ink.sources,
        held_out=measured,
        duration_s=round(time.perf_counter() - began, 1),
    )
    return msgspec.to_builtins(results)


def _folds(run: Run, examples: StrokeExamples) -> list[int]:
    """Return the folds of writers that decide the vote: the model hasn't learned from them."""
    if not can_be_divided(examples.writers):
        return []
    config = run.config()
    return [HELD_OUT_FOLD] if config and config.ink else list(range(FOLDS))


def export_stroke_network(run: Run, network: keras.Model, drawings: Sequence[Traces]) -> bytes:
    """Write a network for further training and for serving, pending the run's report.

    Args:
        run: The run.
        network: The network.
        drawings: The drawings to compare both on.

    Returns:
        The served network.

    Raises:
        TrainingError: If its answers differ from the network's.
    """
    # Without the optimizer: teaching starts with a new one.
    bare = keras.Model(network.inputs, network.outputs, name=network.name)
    run.write_atomically(run.next_path(run.strokes_keras_path).name, bare.save)
    served = run.next_path(run.strokes_tflite_path)
    run.write_atomically(
        served.name, lambda path: network.export(path, format="litert", verbose=False)
    )
    content = served.read_bytes()
    reader = StrokeReader(content, run.name)
    expected = network.predict(drawing_features(drawings), verbose=0)
    difference = np.abs(reader.outputs(drawings) - expected).max()
    if not difference <= EXPORT_TOLERANCE:
        raise TrainingError(
            f"the exported stroke reader differs from the network by {difference:.3g}, more than "
            f"{EXPORT_TOLERANCE}"
        )
    return content


def _fitted(
    by_shape: Recognizer,
    examples: StrokeExamples,
    rows: Indices,
    outputs: Floats,
    *,
    is_one_fold: bool,
) -> tuple[Vote, HeldOutInk]:
    """Fit the vote on the folds' answers to digits, and measure it there.

    One fold has too few mistakes to choose weights by.
    """
    is_digit = examples.labels[rows] < NO_DIGIT
    digits, outputs = rows[is_digit], outputs[is_digit]
    inputs = np.stack([preprocess_traces(examples.drawings[row]) for row in digits])
    shape = by_shape.answers(inputs)
    labels = examples.labels[digits]
    vote = Vote() if is_one_fold else fit_weights(shape, outputs, labels)
    vote = fit_digit_odds(vote, shape, outputs, by_shape.calibration.digit_threshold)
    together = combined(shape, outputs, vote)
    right = together.probabilities.argmax(axis=1) == labels
    confidences = together.probabilities.max(axis=1)
    writers = [examples.writers[row] for row in digits]
    return vote, HeldOutInk(
        digits=len(digits),
        writers=len(set(writers)),
        by_shape=_accuracy(shape.probabilities, labels),
        by_strokes=_accuracy(outputs[:, :NO_DIGIT], labels),
        together=_accuracy(together.probabilities, labels),
        mean_over_writers=mean_over_groups(right, writers)[0],
        wrong_and_confident=wrong_and_confident(right, confidences, CONFIDENT),
        calibration_error=expected_calibration_error(right, confidences),
    )


def _accuracy(probabilities: Floats, labels: Any) -> float:
    return float((probabilities.argmax(axis=1) == labels).mean())
