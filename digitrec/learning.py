"""What a network learns from a batch, where that is not all of it as Keras does it.

Only a training process imports this module: it brings TensorFlow with it.
"""

import keras
import numpy as np
import tensorflow as tf

from digitrec.architectures import members
from digitrec.recognizer import DIGITS
from digitrec.results import HeldOut

# Of so many pictures one is learned from.
SEEN_PER_LEARNED = 4
# Pictures that are asked about at once: what the layers hold for 1,024 are hundreds of megabytes.
ASKED_AT_ONCE = 256
# How far a taught network goes from what it was to what it became: the first of these with which
# it reads no more than such a share less of MNIST's digits.
KEPT_SHARES = (1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2)
FORGOTTEN = 0.001

Batch = tuple[tf.Tensor, tf.Tensor]


def set_learning(network: keras.Model, *, hard_examples: bool, settled: bool) -> None:
    """Let the members of a compiled network learn each for itself, from all or the hard pictures.

    Of members that learn together each leaves to the others what they are good at, and their
    vote is worth less: Jeffares et al., Joint training of deep ensembles fails due to learner
    collusion, 2023.

    Hard are the quarter of a batch that the network is most wrong about. To ask about a picture
    takes a sixth of the time that learning from it does, and after a few thousand steps most
    pictures have nothing left to teach: Jiang et al., Accelerating deep learning by focusing on
    the biggest losers, 2019; Shrivastava et al., Training region-based object detectors with
    online hard example mining, 2016.

    A settled network learns as it answers: its batch normalisation goes on with the statistics
    that it has, as Keras's guide to fine-tuning has it, and nothing is dropped out. Those of a
    batch with a few drawings over and over would not be those of the digits to come.

    The loss and the metrics that the network reports are those of its vote on all pictures.
    """

    def train_step(batch: Batch) -> dict[str, tf.Tensor]:
        images, labels = batch
        answers = _ask(network, images)
        losses = keras.losses.sparse_categorical_crossentropy(labels, answers)
        if hard_examples:
            hard_count = tf.maximum(1, tf.size(losses) // SEEN_PER_LEARNED)
            hard = tf.math.top_k(losses, hard_count, sorted=False).indices
            images, labels_learned = tf.gather(images, hard), tf.gather(labels, hard)
        else:
            labels_learned = labels
        _learn(network, images, labels_learned, training=not settled)
        for metric in network.metrics:
            if metric.name == "loss":
                metric.update_state(losses)
            else:
                metric.update_state(labels, answers)
        return network.get_metrics_result()

    if hard_examples or settled or len(members(network)) > 1:
        network.train_step = train_step


def remember(network: keras.Model, before: keras.Model, known: HeldOut) -> None:
    """Bring a taught network back to where it was before, as far as it has forgotten.

    A network between the two knows most of what both know: Wortsman et al., Robust fine-tuning of
    zero-shot models, 2022.

    Args:
        network: What was taught; its weights are changed.
        before: What it was.
        known: Digits of MNIST that neither learned from.
    """
    old, new = before.get_weights(), network.get_weights()
    least = _accuracy(before, known) - FORGOTTEN
    for kept in KEPT_SHARES:
        network.set_weights([kept * b + (1 - kept) * a for a, b in zip(old, new, strict=True)])
        if _accuracy(network, known) >= least:
            break


def _accuracy(network: keras.Model, known: HeldOut) -> float:
    inputs = known.digits[..., None].astype(np.float32) / 255
    answers = network.predict(inputs, batch_size=ASKED_AT_ONCE, verbose=0)
    return float((answers[:, :DIGITS].argmax(axis=1) == known.labels).mean())


def _ask(network: keras.Model, images: tf.Tensor) -> tf.Tensor:
    """Return the answers, float32 (n, classes), asked for part by part."""
    classes = network.output_shape[-1]
    count = tf.shape(images)[0]
    parts = tf.TensorArray(tf.float32, 0, True, infer_shape=False, element_shape=(None, classes))

    def ask(number: tf.Tensor, parts: tf.TensorArray) -> tuple[tf.Tensor, tf.TensorArray]:
        start = number * ASKED_AT_ONCE
        part = images[start : start + ASKED_AT_ONCE]
        return number + 1, parts.write(number, network(part, training=False))

    def is_left(number: tf.Tensor, _: tf.TensorArray) -> tf.Tensor:
        return number * ASKED_AT_ONCE < count

    _, parts = tf.while_loop(is_left, ask, (0, parts), parallel_iterations=1)
    return parts.concat()


def _learn(network: keras.Model, images: tf.Tensor, labels: tf.Tensor, *, training: bool) -> None:
    """Teach the members one after the other: what all hold at once would be much memory."""
    weights: list[keras.Variable] = []
    gradients: list[tf.Tensor] = []
    for member in members(network):
        with tf.control_dependencies(gradients):
            images = tf.identity(images)
        with tf.GradientTape() as tape:
            loss = network.compute_loss(y=labels, y_pred=member(images, training=training))
        weights += member.trainable_weights
        gradients += tape.gradient(loss, member.trainable_weights)
    network.optimizer.apply_gradients(zip(gradients, weights, strict=True))
