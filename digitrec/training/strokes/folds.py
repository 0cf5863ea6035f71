"""Folds of writers: a network's outputs for drawings by people it hasn't learned from."""

from collections.abc import Callable, Sequence

import numpy as np

from digitrec.arrays import Floats, Indices
from digitrec.datasets.folds import folds_of
from digitrec.ink.pen_path import drawing_features
from digitrec.recognition.stroke_reader import CLASSES
from digitrec.runs.run import Run
from digitrec.training.strokes.examples import StrokeExamples
from digitrec.training.strokes.fit import fit_stroke_network


def held_out_outputs(
    run: Run,
    examples: StrokeExamples,
    chosen: Sequence[int],
    seed: int,
    progress: Callable[[float], None],
) -> tuple[Indices, Floats]:
    """Train a network for each chosen fold on the others, and return its outputs for this one.

    The outputs of each finished fold are kept in the run's folder, so an interrupted training
    continues with the next fold.

    Args:
        run: The run.
        examples: The drawings.
        chosen: The folds.
        seed: The seed.
        progress: Called with the share that is done, 0 to 1.

    Returns:
        intp (n,), the rows of the folds' drawings, and float32 (n, 11), their probabilities.
    """
    folds = folds_of(examples.writers)
    outputs = np.zeros((len(folds), CLASSES), np.float32)
    for place, fold in enumerate(chosen):
        held_out = folds == fold
        kept = run.strokes_fold_path(f"{examples.key}-{seed}-{fold}")
        if not kept.is_file():
            network = fit_stroke_network(
                examples,
                ~held_out,
                seed,
                lambda done, place=place: progress((place + done) / len(chosen)),  # type: ignore[misc]
            )
            drawings = [examples.drawings[row] for row in np.flatnonzero(held_out)]
            found = network.predict(drawing_features(drawings), verbose=0)
            run.write_atomically(kept.name, lambda path, found=found: np.save(path, found))  # type: ignore[misc]
        outputs[held_out] = np.load(kept)
    rows = np.flatnonzero(np.isin(folds, chosen))
    return rows, outputs[rows]
