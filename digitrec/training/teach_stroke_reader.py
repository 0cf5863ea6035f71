"""Teaches the network that reads strokes with a person's labeled drawings."""

import hashlib
from typing import Any

import keras
import msgspec
import numpy as np

from digitrec.arrays import Labels
from digitrec.labels import NO_DIGIT
from digitrec.recognition.stroke_reader import CLASSES
from digitrec.runs.results import InkSource
from digitrec.runs.run import Run
from digitrec.synthetic.digits import draw_digit
from digitrec.synthetic.handwriting import Traces
from digitrec.synthetic.non_digits import draw_non_digit
from digitrec.teaching.taught_drawings import TaughtDrawings
from digitrec.training.keras_networks import load_network
from digitrec.training.strokes.variation import varied_features
from digitrec.training.train_steps import interpolate_weights
from digitrec.training.train_stroke_reader import export_stroke_network

EPOCHS = 4
BATCH = 128
LEARNING_RATE = 0.001
# Pictures of an epoch: the person's drawings, each repeated, and drawn digits and non-digits, which
# keep what the network knows.
OWN, STYLED, NON_DIGITS = 1_500, 3_500, 1_000


def teach_stroke_reader(run: Run, drawings: TaughtDrawings, seed: int) -> dict[str, Any] | None:
    """Teach the stroke reader of the model that a run starts from; it waits for the report.

    The target for drawn digits and non-digits is what the network answered before, as in Li and
    Hoiem, Learning without forgetting, 2016.

    Returns:
        The fields of ``StrokeReaderResults``; None if the model has no stroke reader.

    Raises:
        ModelError: If the network is damaged.
        TrainingError: If the exported network differs from the taught one.
    """
    before = run.base_stroke_reader()
    if before is None:
        return None
    rows = [i for i, held in enumerate(drawings.held_back) if not held and drawings.drawn[i]]
    own = [[stroke.points for stroke in drawings.drawn[i]] for i in rows]
    network = load_network(run.base_strokes_path)
    if own:
        _teach(network, own, drawings.labels[rows], seed)
        interpolate_weights(network, load_network(run.base_strokes_path))
    content = export_stroke_network(run, network, _drawn(NON_DIGITS, np.random.default_rng(seed)))
    results = msgspec.structs.replace(
        before,
        sha256=hashlib.sha256(content).hexdigest(),
        sources=[*before.sources, _source(drawings.labels[rows])],
    )
    return msgspec.to_builtins(results)


def _teach(network: keras.Model, own: list[Traces], labels: Labels, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # As in Keras's guide to fine-tuning.
    others = _drawn(STYLED, rng) + [draw_non_digit(rng) for _ in range(NON_DIGITS)]
    known = varied_features(others, rng)
    answers = network.predict(known, batch_size=BATCH, verbose=0)
    steps = EPOCHS * -(-(OWN + len(others)) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    network.compile(keras.optimizers.AdamW(rate), "categorical_crossentropy")
    repeated = np.arange(max(OWN, len(own))) % len(own)
    one_hot = np.eye(CLASSES, dtype=np.float32)[labels[repeated]]
    for _ in range(EPOCHS):
        fresh = varied_features([own[i] for i in repeated.tolist()], rng)
        x, y = np.concatenate([fresh, known]), np.concatenate([one_hot, answers])
        network.fit(x, y, batch_size=BATCH, verbose=0)


def _drawn(count: int, rng: np.random.Generator) -> list[Traces]:
    return [draw_digit(number % NO_DIGIT, rng) for number in range(count)]


def _source(labels: Labels) -> InkSource:
    digits = int((labels < NO_DIGIT).sum())
    return InkSource("labeled drawings", digits, len(labels) - digits, 1)
