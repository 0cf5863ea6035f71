"""Measures a model on people whom its stroke reader hasn't learned from.

    python -m benchmarks.unseen_writers INK_FILE [--other INK_FILE] [--folds 0] [--model bn-cnn]

For each fold of writers a stroke reader learns from all other writers, which takes about a quarter
of an hour, and votes with the model. Then it reads the fold's digits as the app's canvas gives
them, its non-digits, and whole numbers composed of its digits, by strokes and by picture.

If the model has learned from pictures of ink, it did without the writers of fold 0, so only this
fold says how it reads pictures of other people's drawings.

Prints one JSON object a fold, and the means over the folds at the end. The networks are kept in
``--keep``, and trained only if they aren't there yet.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.arrays import Mask
from digitrec.datasets.folds import FOLDS, folds_of
from digitrec.datasets.ink_files import InkDrawing
from digitrec.labels import NO_DIGIT
from digitrec.numbers.evaluation import compose_numbers, evaluate_numbers
from digitrec.recognition.ink_evaluation import (
    CanvasInputs,
    canvas_inputs,
    evaluate_digits,
    evaluate_others,
)
from digitrec.recognition.recognizer import Recognizer
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.recognition.vote import Vote
from digitrec.runs.ink_sources import read_ink
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL, load_settings
from digitrec.training.strokes.examples import StrokeExamples, stroke_examples
from digitrec.training.strokes.fit import fit_stroke_network

PEN, SIZE, SEED = (10.0, 22.0), (0.4, 0.85), 0


def stroke_reader(examples: StrokeExamples, learned: Mask, kept: Path) -> StrokeReader:
    """Train a stroke reader on some of the drawings, or take the one that was kept."""
    if not kept.exists():
        network = fit_stroke_network(examples, learned, SEED, lambda _: None)
        network.export(kept, format="litert", verbose=False)
    return StrokeReader(kept.read_bytes(), kept.stem)


def measured(recognizer: Recognizer, ink: Sequence[InkDrawing], fold: int) -> dict[str, Any]:
    """Measure a model on the writers of a fold."""
    own = [drawing for drawing in ink if folds_of([drawing.writer]) == [fold]]
    digits = [drawing for drawing in own if drawing.digit_label < NO_DIGIT]
    others = [drawing for drawing in own if drawing.digit_label == NO_DIGIT]
    inputs = canvas_inputs(digits, pen=PEN, size=SIZE, seed=SEED)
    together, _ = evaluate_digits(recognizer, digits, inputs)
    by_shape, _ = evaluate_digits(recognizer, digits, CanvasInputs(inputs.digits))
    results = {"fold": fold, "together": together, "by_shape": by_shape}
    if others:
        other_inputs = canvas_inputs(others, pen=PEN, size=SIZE, seed=SEED)
        results["others"] = evaluate_others(recognizer, inputs, other_inputs)
    return results | {"numbers": evaluate_numbers(recognizer, compose_numbers(digits, SEED))}


def mean_of(folds: list[Any]) -> Any:
    """Return the mean of each number in the folds' results."""
    first = folds[0]
    if isinstance(first, dict):
        shared = [key for key in first if all(key in fold for fold in folds)]
        return {key: mean_of([fold[key] for fold in folds]) for key in shared}
    is_number = isinstance(first, int | float) and not isinstance(first, bool)
    return float(np.mean(folds)) if is_number else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ink", type=Path)
    parser.add_argument("--other", type=Path)
    parser.add_argument("--folds", type=int, nargs="+", default=[0], choices=range(FOLDS))
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--vote", type=float, nargs=3, metavar=("SHAPE", "STROKES", "ODDS"))
    options = parser.parse_args()

    store = ModelStore(load_settings().models_dir)
    by_shape = store.load_recognizer(options.model)
    vote = Vote(*options.vote) if options.vote else by_shape.vote
    learned = read_ink([options.ink, *([options.other] if options.other else [])])
    examples = stroke_examples(learned, SEED)
    results = []
    for fold in options.folds:
        kept = options.keep / f"strokes-{learned.key}-{fold}.tflite"
        reader = stroke_reader(examples, folds_of(examples.writers) != fold, kept)
        recognizer = by_shape.voting_with(reader, vote)
        results.append(measured(recognizer, learned.drawings, fold))
        print(json.dumps(results[-1]), flush=True)
    print(json.dumps({"mean": mean_of(results)}))


if __name__ == "__main__":
    main()
