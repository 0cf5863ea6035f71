"""The batches for training and evaluation."""

import keras
import tensorflow as tf

from digitrec.arrays import Digits, Labels
from digitrec.recipes.parameters import TrainingConfig
from digitrec.training.augmentation import augment
from digitrec.training.training_set import TrainingSet

# The last part of a run trains on data closer to MNIST: half of the pictures aren't augmented, and
# half of the added ones are replaced by MNIST's.
CLOSING_SHARE = 0.25
VALIDATION_BATCH = 250


class EpochNumber(keras.callbacks.Callback):
    """Keeps the epoch's number, from 0, in a variable for the input pipeline."""

    def __init__(self) -> None:
        super().__init__()
        self.value = tf.Variable(0, dtype=tf.int64, trainable=False)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Set the epoch before its batches are drawn."""
        self.value.assign(epoch)


def as_tensors(training_set: TrainingSet) -> TrainingSet:
    """Return the training pictures as tensors.

    TensorFlow copies the arrays, so drop them, or the pictures take twice the memory.
    """
    x, y = tf.constant(training_set.x_train), tf.constant(training_set.y_train)
    return training_set._replace(x_train=x, y_train=y)


def training_batches(
    training_set: TrainingSet, config: TrainingConfig, epoch: tf.Variable, skipped: int = 0
) -> tf.data.Dataset:
    """Return the batches of an epoch; ``epoch`` is read when they are drawn.

    They depend only on the seed and the epoch, so a resumed run gets the same batches as without
    the pause. The pictures stay uint8 in memory and are converted to float32, 0 to 1, batch by
    batch.

    Args:
        training_set: The pictures.
        config: The run's parameters.
        epoch: The number of the epoch, from 0.
        skipped: How many batches to skip at the start of the epoch.

    Returns:
        Pairs of float32 (n, 28, 28, 1), 0 to 1, and uint8 (n,).
    """
    images, labels = map(tf.convert_to_tensor, (training_set.x_train, training_set.y_train))
    count = training_set.steps_per_epoch(config.batch_size)
    mnist_count = training_set.mnist_count
    mnist_per_epoch = training_set.mnist_repeats * mnist_count
    closing_begins = (1 - CLOSING_SHARE) * config.epochs * count

    def order(_: tf.Tensor) -> tf.data.Dataset:
        seed = tf.stack([tf.constant(config.seed, tf.int64), epoch.read_value()])
        positions = tf.range(training_set.epoch_size)
        shuffled = tf.random.experimental.stateless_shuffle(positions, seed)
        return tf.data.Dataset.from_tensor_slices(shuffled).batch(config.batch_size)

    def batch(number: tf.Tensor, positions: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        step = epoch.read_value() * count + number
        seed = tf.stack([tf.constant(config.seed, tf.int64), step])
        is_closing = tf.cast(step, tf.float32) >= closing_begins
        coins = tf.random.stateless_uniform([2, tf.size(positions)], seed) < 0.5
        is_replaced = is_closing & coins[0]
        is_mnist = (positions < mnist_per_epoch) | is_replaced
        rows = tf.where(
            is_mnist, positions % mnist_count, positions - mnist_per_epoch + mnist_count
        )
        inputs = _to_input(tf.gather(images, rows))
        if config.augmentation:
            is_kept = (is_closing & coins[1])[:, None, None, None]
            inputs = tf.where(is_kept, inputs, augment(inputs, seed))
        return inputs, tf.gather(labels, rows)

    ordered = tf.data.Dataset.range(1).flat_map(order).enumerate().skip(skipped)
    batches = ordered.map(batch, num_parallel_calls=2 if config.augmentation else 1)
    return batches.prefetch(2).apply(tf.data.experimental.assert_cardinality(count - skipped))


def evaluation_batches(x: Digits, y: Labels) -> tf.data.Dataset | None:
    """Return batches without augmentation, in order; None if there are no pictures."""
    if not len(x):
        return None
    batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(VALIDATION_BATCH)
    return batches.map(lambda images, labels: (_to_input(images), labels)).prefetch(2)


def _to_input(images: tf.Tensor) -> tf.Tensor:
    return tf.cast(images[..., None], tf.float32) / 255
