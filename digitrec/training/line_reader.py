"""Trains the line reader: ``python -m digitrec.training.line_reader [INK_FILE ...]``.

This takes about 45 minutes on two cores. The shipped line reader was trained with UNIPEN's
ink, MNIST's digits and generated ones; see docs/RECOGNITION.md.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from digitrec.numbers.lines.examples import MAX_SYMBOLS, LineExamples, line_examples
from digitrec.numbers.lines.reader import FILE
from digitrec.numbers.lines.symbols import BLANK, HEIGHT, STRIDE
from digitrec.numbers.lines.writing import Samples, samples_by_writer
from digitrec.runs.ink_sources import read_ink

SEED = 1
LINES = 600_000
BATCH_SIZE = 64
# Lines are composed in another process while the network learns, this many at a time.
CHUNK, WAITING = 512, 4
LEARNING_RATE = 0.0015
WARM_UP_STEPS = 200
WIDTH_STEP = 32


def build() -> keras.Model:
    """Build the network: it answers for every four columns of a line, float32 (n, width / 4, 13).

    Eight convolutions bring the line's height to 1, and three more look at the neighbors along it.
    Without recurrent layers, it takes a few milliseconds a line.
    """
    line = layers.Input((HEIGHT, None, 1))
    x = _convolution(layers.Rescaling(1 / 255)(line), 24)
    x = _convolution(layers.MaxPooling2D(2)(x), 48)
    x = _residual(_convolution(layers.MaxPooling2D(2)(x), 80))
    x = _residual(_convolution(layers.MaxPooling2D((2, 1))(x), 112))
    x = _convolution(layers.ZeroPadding2D((0, 1))(x), 160, (HEIGHT // 8, 3), padding="valid")
    x = layers.Dropout(0.15)(x)
    for width in (3, 5, 3):
        x = layers.Add()([x, _convolution(x, 160, (1, width))])
    x = layers.Conv2D(BLANK + 1, 1)(layers.Dropout(0.15)(x))
    return keras.Model(line, layers.Reshape((-1, BLANK + 1))(x))


def _convolution(
    x: keras.KerasTensor, filters: int, size: int | tuple[int, int] = 3, padding: str = "same"
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, size, padding=padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))


def _residual(x: keras.KerasTensor) -> keras.KerasTensor:
    filters = x.shape[-1]
    changed = layers.Conv2D(filters, 3, padding="same", use_bias=False)(_convolution(x, filters))
    return layers.ReLU()(layers.Add()([x, layers.BatchNormalization(momentum=0.98)(changed)]))


def train(people: Sequence[Samples], path: Path) -> None:
    """Train, each step on new lines, and write the network as ``.tflite``."""
    keras.utils.set_random_seed(SEED)
    network = build()
    optimizer = keras.optimizers.AdamW(LEARNING_RATE, weight_decay=1e-4, clipnorm=2.0)
    optimizer.build(network.trainable_variables)
    step, losses, steps = _step(network, optimizer), [], LINES // BATCH_SIZE
    for number, batch in enumerate(islice(_batches(people), steps)):
        share = number / steps
        falling = max(0.01, (1 + math.cos(math.pi * share)) / 2)
        optimizer.learning_rate.assign(LEARNING_RATE * falling * min(1, number / WARM_UP_STEPS))
        losses.append(float(step(*map(tf.constant, batch))))
        if number % 250 == 0:
            print(f"{share:.1%}, loss {np.mean(losses[-250:]):.3f}", flush=True)
    keras.Model(network.inputs, layers.Softmax()(network.output)).export(
        path, format="litert", verbose=False
    )


def _step(
    network: keras.Model, optimizer: keras.optimizers.Optimizer
) -> tf.types.experimental.GenericFunction:
    """Return a training step with the CTC loss.

    Graves et al., Connectionist temporal classification, 2006.
    """

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def step(
        pictures: tf.Tensor, widths: tf.Tensor, symbols: tf.Tensor, counts: tf.Tensor
    ) -> tf.Tensor:
        places = tf.where(tf.sequence_mask(counts, MAX_SYMBOLS))
        shape = (tf.shape(pictures, out_type=tf.int64)[0], MAX_SYMBOLS)
        labels = tf.SparseTensor(places, tf.gather_nd(symbols, places), shape)
        with tf.GradientTape() as tape:
            answers = network(tf.cast(pictures, tf.float32)[..., None], training=True)
            ends = tf.maximum((widths + STRIDE - 1) // STRIDE, 2 * counts + 1)
            losses = tf.compat.v1.nn.ctc_loss(
                labels, answers, tf.minimum(ends, tf.shape(answers)[1]), time_major=False,
                ignore_longer_outputs_than_inputs=True,
            )  # fmt: skip
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return loss

    return step


def _batches(people: Sequence[Samples]) -> Iterator[LineExamples]:
    """Yield batches of new lines of about the same width, forever."""
    rng = np.random.default_rng(SEED)
    for lines in _chunks(people):
        order = np.argsort(lines.widths, kind="stable").reshape(-1, BATCH_SIZE)
        for rows in rng.permutation(order):
            batch = LineExamples(*(part[rows] for part in lines))
            width = -(-int(batch.widths.max()) // WIDTH_STEP) * WIDTH_STEP
            yield batch._replace(pictures=batch.pictures[:, :, :width])


def _chunks(people: Sequence[Samples]) -> Iterator[LineExamples]:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        tasks = (pool.submit(line_examples, CHUNK, people, seed) for seed in count(SEED))
        waiting = list(islice(tasks, WAITING))
        try:
            while True:
                waiting.append(next(tasks))
                yield waiting.pop(0).result()
        finally:
            for task in waiting:
                task.cancel()


if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[1:]]
    drawings = read_ink(files).for_pictures() if files else []
    train(samples_by_writer(drawings), FILE)
