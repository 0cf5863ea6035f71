"""Trains the classifier of single digits: ``python -m digitrec.training.single_digit_classifier``.

This takes about 15 minutes on two cores.
"""

from functools import partial
from pathlib import Path

import keras
import numpy as np
from keras import layers

from digitrec.numbers.single_digit_classifier import FILE, HEIGHT, WIDTH
from digitrec.numbers.single_digit_examples import drawn_examples, mnist_examples
from digitrec.system.processes import in_processes

SEED = 1
MNIST_NUMBERS, DRAWN_NUMBERS = 14_000, 4_000
EPOCHS = 8
BATCH_SIZE = 128
LEARNING_RATE = 0.002
HELD_OUT = 20_000


def build() -> keras.Model:
    """Build the network: three 3 x 3 convolutions, a dense layer and one probability."""
    seen = x = layers.Input((HEIGHT, WIDTH, 2))
    for filters in (16, 32, 64):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.MaxPooling2D()(layers.ReLU()(layers.BatchNormalization()(x)))
    x = layers.Dropout(0.3)(layers.Flatten()(x))
    x = layers.Dropout(0.3)(layers.Dense(64, activation="relu")(x))
    return keras.Model(seen, layers.Dense(1, activation="sigmoid")(x))


def train(path: Path) -> None:
    """Train the classifier on composed numbers and write it as a ``.tflite`` file."""
    keras.utils.set_random_seed(SEED)
    made = in_processes(
        [
            partial(mnist_examples, MNIST_NUMBERS // 2, SEED),
            partial(mnist_examples, MNIST_NUMBERS // 2, SEED + 1),
            partial(drawn_examples, DRAWN_NUMBERS // 2, SEED),
            partial(drawn_examples, DRAWN_NUMBERS // 2, SEED + 1),
        ]
    )
    seen, labels = (np.concatenate(arrays) for arrays in zip(*made, strict=True))
    order = np.random.default_rng(SEED).permutation(len(labels))
    seen, labels = seen[order], labels[order]
    model = keras.Sequential([layers.Rescaling(1 / 255), build()])
    steps = -(-(len(labels) - HELD_OUT) // BATCH_SIZE) * EPOCHS
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    model.compile(keras.optimizers.AdamW(rate), "binary_crossentropy", metrics=["accuracy"])
    model.fit(
        seen[HELD_OUT:],
        labels[HELD_OUT:],
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        validation_data=(seen[:HELD_OUT], labels[:HELD_OUT]),
        verbose=2,
    )
    model.layers[-1].export(path, format="litert", verbose=False)


if __name__ == "__main__":
    train(FILE)
