"""The batches of a stroke reader's training: each drawing is varied every time."""

import math
from typing import Any

import keras
import numpy as np

from digitrec.arrays import Floats, Mask
from digitrec.recognition.stroke_reader import CLASSES
from digitrec.training.strokes.examples import StrokeExamples
from digitrec.training.strokes.variation import varied_features

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
        features = varied_features([self._examples.drawings[row] for row in rows], rng)
        return features, np.eye(CLASSES, dtype=np.float32)[self._examples.labels[rows]]

    def on_epoch_end(self) -> None:
        """Choose the rows of the next epoch."""
        self._epoch += 1
        self._choose_rows()

    def _choose_rows(self) -> None:
        rng = np.random.default_rng([self._seed, self._epoch])
        self._rows: Any = self._examples.epoch(self._learned, rng)
