"""Trains one network that reads strokes."""

from collections.abc import Callable

import keras

from digitrec.arrays import Mask
from digitrec.training.strokes.batches import StrokeBatches
from digitrec.training.strokes.examples import StrokeExamples
from digitrec.training.strokes.network import build_stroke_network

EPOCHS = 30
LEARNING_RATE = 0.003
WEIGHT_DECAY = 0.001
LABEL_SMOOTHING = 0.02


def fit_stroke_network(
    examples: StrokeExamples,
    learned: Mask,
    seed: int,
    progress: Callable[[float], None],
) -> keras.Model:
    """Train a new network.

    Args:
        examples: The drawings.
        learned: bool (n,), which of the drawings by people to learn from.
        seed: The seed of the weights and of the batches.
        progress: Called after each epoch with the share that is done, 0 to 1.
    """
    keras.utils.set_random_seed(seed)
    network = build_stroke_network()
    batches = StrokeBatches(examples, learned, seed)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, EPOCHS * len(batches))
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        keras.losses.CategoricalCrossentropy(label_smoothing=LABEL_SMOOTHING),
    )
    report = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, _: progress((epoch + 1) / EPOCHS)
    )
    network.fit(batches, epochs=EPOCHS, callbacks=[report], verbose=0)
    return network
