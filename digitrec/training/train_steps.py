"""Training steps other than Keras's own: what a network learns from a batch."""

import keras
import tensorflow as tf

from digitrec.training.keras_networks import members

# With hard examples only, one of this many pictures is learned from.
SEEN_PER_LEARNED = 4
# Pictures in one forward pass: for 1,024 the layers hold hundreds of megabytes.
FORWARD_BATCH = 256

# A network knows a picture if it gives its label at least this probability.
SURE = 0.9
# How far a taught network moves from what it was. Taught a seven drawn as a triangle, `seed-cnn`
# and `bn-cnn` lost 0.04 and 0.06 points of their accuracy on MNIST at this point, and 0.15 and 0.13
# at the end of the way; of 200 other triangles, all wrong before, 4 and 0 were still wrong at this
# point, and none at the end.
TAUGHT_SHARE = 0.6

Batch = tuple[tf.Tensor, tf.Tensor]


def set_learning_step(network: keras.Model, *, hard_examples: bool) -> None:
    """Let each member of a compiled network learn for itself, from all or the hard pictures.

    Members that learn together leave to each other what they are good at, and their vote is worth
    less: Jeffares et al., Joint training of deep ensembles fails due to learner collusion, 2023.

    Hard are the quarter of a batch that the network is most wrong about. A forward pass takes a
    sixth of the time of learning, and after a few thousand steps most pictures have nothing left
    to teach: Jiang et al., Accelerating deep learning by focusing on the biggest losers, 2019;
    Shrivastava et al., Training region-based object detectors with online hard example mining,
    2016.

    The loss and the metrics that the network reports are those of its vote on all pictures.
    """

    def train_step(batch: Batch) -> dict[str, tf.Tensor]:
        images, labels = batch
        answers = _forward(network, images)
        losses = keras.losses.sparse_categorical_crossentropy(labels, answers)
        if hard_examples:
            hard_count = tf.maximum(1, tf.size(losses) // SEEN_PER_LEARNED)
            hard = tf.math.top_k(losses, hard_count, sorted=False).indices
            _learn(network, tf.gather(images, hard), tf.gather(labels, hard))
        else:
            _learn(network, images, labels)
        return _measure(network, labels, answers, losses)

    if hard_examples or len(members(network)) > 1:
        network.train_step = train_step


def set_teaching_step(network: keras.Model, before: keras.Model) -> None:
    """Let a compiled network learn what it doesn't know, and answer all else as before.

    Where the network was right and sure before, it learns the answer that it gave; elsewhere it
    learns the label: Li and Hoiem, Learning without forgetting, 2016.

    Batch normalization keeps its statistics, as in Keras's guide to fine-tuning, and nothing is
    dropped out: the statistics of batches that repeat a few drawings are not those of the digits
    to come.

    Args:
        network: What is taught.
        before: What it was.
    """
    entropy = keras.losses.CategoricalCrossentropy()

    def train_step(batch: Batch) -> dict[str, tf.Tensor]:
        images, labels = batch
        targets = _answers_to_learn(before, images, labels)
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
        return _measure(network, labels, vote, losses)

    network.train_step = train_step


def interpolate_weights(network: keras.Model, before: keras.Model) -> None:
    """Move a taught network back toward what it was, to ``TAUGHT_SHARE`` of the way.

    In between it knows most of what both know: Wortsman et al., Robust fine-tuning of zero-shot
    models, 2022.

    Args:
        network: What was taught; its weights are changed.
        before: What it was.
    """
    pairs = zip(before.get_weights(), network.get_weights(), strict=True)
    network.set_weights([old + TAUGHT_SHARE * (new - old) for old, new in pairs])


def _answers_to_learn(before: keras.Model, images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Return float32 (n, classes): the earlier answers where they were right and sure, or labels.

    The label is a probability of 1.
    """
    answers = before(images, training=False)
    one_hot = tf.one_hot(labels, answers.shape[-1])
    was_sure = tf.reduce_sum(answers * one_hot, axis=1) >= SURE
    return tf.where(was_sure[:, None], answers, one_hot)


def _measure(
    network: keras.Model, labels: tf.Tensor, answers: tf.Tensor, losses: tf.Tensor
) -> dict[str, tf.Tensor]:
    for metric in network.metrics:
        if metric.name == "loss":
            metric.update_state(losses)
        else:
            metric.update_state(labels, answers)
    return network.get_metrics_result()


def _forward(network: keras.Model, images: tf.Tensor) -> tf.Tensor:
    """Return the answers, float32 (n, classes), computed part by part to save memory."""
    classes = network.output_shape[-1]
    count = tf.shape(images)[0]
    parts = tf.TensorArray(tf.float32, 0, True, infer_shape=False, element_shape=(None, classes))

    def answer(number: tf.Tensor, parts: tf.TensorArray) -> tuple[tf.Tensor, tf.TensorArray]:
        start = number * FORWARD_BATCH
        part = images[start : start + FORWARD_BATCH]
        return number + 1, parts.write(number, network(part, training=False))

    def is_left(number: tf.Tensor, _: tf.TensorArray) -> tf.Tensor:
        return number * FORWARD_BATCH < count

    _, parts = tf.while_loop(is_left, answer, (0, parts), parallel_iterations=1)
    return parts.concat()


def _learn(network: keras.Model, images: tf.Tensor, labels: tf.Tensor) -> None:
    """Teach the members one after the other, since all at once would take much memory."""
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
