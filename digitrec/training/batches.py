"""The batches that a network is given: their order, and how their pictures are varied.

Only a training process imports this module: it brings TensorFlow with it.
"""

import math

import keras
import tensorflow as tf

from digitrec.arrays import Digits, Labels
from digitrec.recipes.configuration import TrainingConfig
from digitrec.training.augmentation import augment
from digitrec.training.training_set import Parts

# In the last part of a run the pictures come closer to MNIST's own: of the varied ones half are
# left as they are, and of the added ones half make way.
CLOSING_SHARE = 0.25
VALIDATION_BATCH = 250


class EpochNumber(keras.callbacks.Callback):
    """Keeps the number of the epoch, from 0, where the input pipeline reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.value = tf.Variable(0, dtype=tf.int64, trainable=False)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Note the epoch before its batches are drawn."""
        self.value.assign(epoch)


def given_to_tensorflow(parts: Parts) -> Parts:
    """Return the parts with the training pictures as TensorFlow holds them.

    It keeps a copy of what it is given; the caller forgets its own, or the memory goes twice.
    """
    return parts._replace(x_train=tf.constant(parts.x_train), y_train=tf.constant(parts.y_train))


def training_batches(
    parts: Parts, config: TrainingConfig, epoch: tf.Variable, skipped: int = 0
) -> tf.data.Dataset:
    """Return the batches of the epoch whose number ``epoch`` holds when it is iterated.

    What an epoch holds follows from the seed and the epoch alone, so that a run which is
    resumed sees what the uninterrupted one would have seen. The pictures stay uint8 in
    memory and become float32, 0 to 1, batch by batch.

    Args:
        parts: The pictures.
        config: The run's parameters.
        epoch: The number of the epoch, from 0.
        skipped: How many of the epoch's first batches are left out.
    """
    images, labels = tf.convert_to_tensor(parts.x_train), tf.convert_to_tensor(parts.y_train)
    count = math.ceil(parts.examples / config.batch_size)
    drawn_as_own = parts.repeats * parts.own
    closing_begins = (1 - CLOSING_SHARE) * config.epochs * count

    def order(_: tf.Tensor) -> tf.data.Dataset:
        seed = tf.stack([tf.constant(config.seed, tf.int64), epoch.read_value()])
        shuffled = tf.random.experimental.stateless_shuffle(tf.range(parts.examples), seed)
        return tf.data.Dataset.from_tensor_slices(shuffled).batch(config.batch_size)

    def batch(number: tf.Tensor, chosen: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        step = epoch.read_value() * count + number
        seed = tf.stack([tf.constant(config.seed, tf.int64), step])
        is_closing = tf.cast(step, tf.float32) >= closing_begins
        coins = tf.random.stateless_uniform([2, tf.size(chosen)], seed) < 0.5
        makes_way = is_closing & coins[0]
        is_own = (chosen < drawn_as_own) | makes_way
        rows = tf.where(is_own, chosen % parts.own, chosen - drawn_as_own + parts.own)
        inputs = _to_input(tf.gather(images, rows))
        if config.augmentation:
            stays = (is_closing & coins[1])[:, None, None, None]
            inputs = tf.where(stays, inputs, augment(inputs, seed))
        return inputs, tf.gather(labels, rows)

    ordered = tf.data.Dataset.range(1).flat_map(order).enumerate().skip(skipped)
    batches = ordered.map(batch, num_parallel_calls=2 if config.augmentation else 1)
    return batches.prefetch(2).apply(tf.data.experimental.assert_cardinality(count - skipped))


def evaluation_batches(x: Digits, y: Labels) -> tf.data.Dataset | None:
    """Return batches of the pictures as they are, or None where there are none."""
    if not len(x):
        return None
    batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(VALIDATION_BATCH)
    return batches.map(lambda images, labels: (_to_input(images), labels)).prefetch(2)


def _to_input(images: tf.Tensor) -> tf.Tensor:
    return tf.cast(images[..., None], tf.float32) / 255
