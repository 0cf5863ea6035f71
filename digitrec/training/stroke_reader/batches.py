"""The batches of a stroke reader's training: each drawing is drawn anew every time it is seen."""

import math
from typing import Any

import keras
import numpy as np

from digitrec.arrays import Floats, Mask
from digitrec.ink.pen_path import fit_box, path_features, pen_path
from digitrec.recognition.stroke_reader import CLASSES
from digitrec.training.stroke_reader.examples import StrokeExamples
from digitrec.training.stroke_reader.variation import bent, redrawn

BATCH = 256


class StrokeBatches(keras.utils.PyDataset):
    """Batches of varied drawings. They depend only on the seed and the epoch.

    Args:
        examples: The drawings.
        learned: bool (n,), which of the drawings by people to learn from.
        seed: The seed.
    """

    def __init__(self, examples: StrokeExamples, learned: Mask, seed: int) -> None:
        super().__init__(workers=1)
        self._examples, self._learned, self._seed = examples, learned, seed
        self._epoch = 0
        self._choose_rows()

    def __len__(self) -> int:
        return math.ceil(len(self._rows) / BATCH)

    def __getitem__(self, number: int) -> tuple[Floats, Floats]:
        """Return float32 (n, 96, 9) and one-hot labels, float32 (n, 11)."""
        rng = np.random.default_rng([self._seed, self._epoch, number])
        rows = self._rows[number * BATCH : (number + 1) * BATCH]
        drawings = [redrawn(self._examples.drawings[row], rng) for row in rows]
        paths = np.stack([pen_path(traces) for traces in drawings])
        places = bent(fit_box(paths[..., :2].astype(np.float64)), rng)
        one_hot = np.eye(CLASSES, dtype=np.float32)[self._examples.labels[rows]]
        return path_features(places, paths[..., 2]), one_hot

    def on_epoch_end(self) -> None:
        """Choose the rows of the next epoch."""
        self._epoch += 1
        self._choose_rows()

    def _choose_rows(self) -> None:
        rng = np.random.default_rng([self._seed, self._epoch])
        self._rows: Any = self._examples.epoch(self._learned, rng)
