"""What a network learns from a batch, where that is not all of it as Keras does it.

Only a training process imports this module: it brings TensorFlow with it.
"""

import keras
import tensorflow as tf

from digitrec.training.keras_networks import members

# Of so many pictures one is learned from.
SEEN_PER_LEARNED = 4
# Pictures that are asked about at once: what the layers hold for 1,024 are hundreds of megabytes.
ASKED_AT_ONCE = 256

# A network knows a picture if it gives its label such a probability.
SURE = 0.9
# So far a taught network goes from what it was. Taught a seven drawn as a triangle, `seed-cnn` and
# `bn-cnn` then had lost 0.04 and 0.06 points of their accuracy on MNIST, at the end of the way 0.15
# and 0.13; of 200 other triangles, all wrong before, 4 and none were wrong, and none at the end.
KEPT_SHARE = 0.6

Batch = tuple[tf.Tensor, tf.Tensor]


def set_learning(network: keras.Model, *, hard_examples: bool) -> None:
    """Let the members of a compiled network learn each for itself, from all or the hard pictures.

    Of members that learn together each leaves to the others what they are good at, and their
    vote is worth less: Jeffares et al., Joint training of deep ensembles fails due to learner
    collusion, 2023.

    Hard are the quarter of a batch that the network is most wrong about. To ask about a picture
    takes a sixth of the time that learning from it does, and after a few thousand steps most
    pictures have nothing left to teach: Jiang et al., Accelerating deep learning by focusing on
    the biggest losers, 2019; Shrivastava et al., Training region-based object detectors with
    online hard example mining, 2016.

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
        _learn(network, images, labels_learned)
        return _measured(network, labels, answers, losses)

    if hard_examples or len(members(network)) > 1:
        network.train_step = train_step


def set_teaching(network: keras.Model, before: keras.Model) -> None:
    """Let a compiled network learn what it did not know, and answer all else as it did before.

    Of a picture that the network read right before, and was sure of, it learns the answer that it
    gave; of another one the label: Li and Hoiem, Learning without forgetting, 2016.

    It learns as it answers: batch normalisation goes on with the statistics that it has, as
    Keras's guide to fine-tuning has it, and nothing is dropped out. Those of a batch with a few
    drawings over and over would not be those of the digits to come.

    Args:
        network: What is taught.
        before: What it was.
    """
    entropy = keras.losses.CategoricalCrossentropy()

    def train_step(batch: Batch) -> dict[str, tf.Tensor]:
        images, labels = batch
        known = before(images, training=False)
        said = tf.one_hot(labels, known.shape[-1])
        was_sure = tf.reduce_sum(known * said, axis=1) >= SURE
        targets = tf.where(was_sure[:, None], known, said)
        answers, weights, gradients = [], [], []
        for member in members(network):
            with tf.GradientTape() as tape:
                answers.append(member(images, training=False))
                loss = entropy(targets, answers[-1])
            weights += member.trainable_weights
            gradients += tape.gradient(loss, member.trainable_weights)
        network.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        vote = tf.reduce_mean(answers, axis=0)
        losses = keras.losses.sparse_categorical_crossentropy(labels, vote)
        return _measured(network, labels, vote, losses)

    network.train_step = train_step


def go_back(network: keras.Model, before: keras.Model) -> None:
    """Bring a taught network back from where it came to, by all but ``KEPT_SHARE`` of the way.

    Between the two it knows most of what both know: Wortsman et al., Robust fine-tuning of
    zero-shot models, 2022.

    Args:
        network: What was taught; its weights are changed.
        before: What it was.
    """
    pairs = zip(before.get_weights(), network.get_weights(), strict=True)
    network.set_weights([old + KEPT_SHARE * (new - old) for old, new in pairs])


def _measured(
    network: keras.Model, labels: tf.Tensor, answers: tf.Tensor, losses: tf.Tensor
) -> dict[str, tf.Tensor]:
    for metric in network.metrics:
        if metric.name == "loss":
            metric.update_state(losses)
        else:
            metric.update_state(labels, answers)
    return network.get_metrics_result()


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


def _learn(network: keras.Model, images: tf.Tensor, labels: tf.Tensor) -> None:
    """Teach the members one after the other: what all hold at once would be much memory."""
    weights: list[keras.Variable] = []
    gradients: list[tf.Tensor] = []
    for member in members(network):
        with tf.control_dependencies(gradients):
            images = tf.identity(images)
        with tf.GradientTape() as tape:
            loss = network.compute_loss(y=labels, y_pred=member(images, training=True))
        weights += member.trainable_weights
        gradients += tape.gradient(loss, member.trainable_weights)
    network.optimizer.apply_gradients(zip(gradients, weights, strict=True))
