"""Folds of writers: a network's outputs for drawings by people it hasn't learned from."""

from collections.abc import Callable

import numpy as np

from digitrec.arrays import Floats
from digitrec.datasets.folds import FOLDS, can_be_divided, folds_of
from digitrec.ink.pen_path import drawing_features
from digitrec.recognition.stroke_reader import CLASSES
from digitrec.runs.run import Run
from digitrec.training.strokes.examples import StrokeExamples
from digitrec.training.strokes.fit import fit_stroke_network


def held_out_outputs(
    run: Run, examples: StrokeExamples, seed: int, progress: Callable[[float], None]
) -> Floats | None:
    """Train a network for each fold on the other folds, and return its outputs for this one.

    The outputs of each finished fold are kept in the run's folder, so an interrupted training
    continues with the next fold.

    Args:
        run: The run.
        examples: The drawings.
        seed: The seed.
        progress: Called with the share that is done, 0 to 1.

    Returns:
        float32 (n, 11), the probabilities for each drawing by a person; None if a fold has no
        writers.
    """
    if not can_be_divided(examples.writers):
        return None
    folds = folds_of(examples.writers)
    outputs = np.zeros((len(folds), CLASSES), np.float32)
    for fold in range(FOLDS):
        held_out = folds == fold
        kept = run.strokes_fold_path(f"{examples.key}-{seed}-{fold}")
        if not kept.is_file():
            network = fit_stroke_network(
                examples,
                ~held_out,
                seed,
                lambda done, fold=fold: progress((fold + done) / FOLDS),  # type: ignore[misc]
            )
            drawings = [examples.drawings[row] for row in np.flatnonzero(held_out)]
            found = network.predict(drawing_features(drawings), verbose=0)
            run.write_atomically(kept.name, lambda path, found=found: np.save(path, found))  # type: ignore[misc]
        outputs[held_out] = np.load(kept)
    return outputs
