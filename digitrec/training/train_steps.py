"""Custom training steps."""

import keras
import tensorflow as tf

from digitrec.training.keras_networks import members

# With hard examples only, the network trains on one of this many pictures.
SEEN_PER_LEARNED = 4
# Pictures in one forward pass: with 1,024 the layers take hundreds of megabytes.
FORWARD_BATCH = 256

# The network is confident about a picture if the label's probability is at least this.
SURE = 0.9
# The share of the way from the old weights to the taught ones. Taught sevens drawn as triangles,
# `seed-cnn` and `bn-cnn` lost 0.04 and 0.06 points of accuracy on MNIST with 0.6, and 0.15 and 0.13
# with 1. Of 200 other triangles, all wrong before, 4 and 0 were still wrong with 0.6, and none
# with 1.
TAUGHT_SHARE = 0.6

Batch = tuple[tf.Tensor, tf.Tensor]


def set_train_step(network: keras.Model, *, hard_examples: bool) -> None:
    """Train each member of a compiled network separately, on all or only the hard pictures.

    Members that train jointly rely on each other, and their average is less accurate: Jeffares et
    al., Joint training of deep ensembles fails due to learner collusion, 2023.

    The hard pictures are the quarter of a batch with the largest losses. A forward pass takes a
    sixth of the time of a training step, and after a few thousand steps there is nothing left to
    learn from most pictures: Jiang et al., Accelerating deep learning by focusing on the biggest
    losers, 2019; Shrivastava et al., Training region-based object detectors with online hard
    example mining, 2016.

    The reported loss and metrics are those of the average answer to all pictures.
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
    """Teach a compiled network what it doesn't know, and keep its other answers.

    Where the network was right and sure before, the target is its earlier answer; elsewhere it is
    the label: Li and Hoiem, Learning without forgetting, 2016.

    Batch normalization keeps its statistics, as in Keras's guide to fine-tuning, and dropout is
    off: batches that repeat a few drawings have different statistics than future digits.

    Args:
        network: The network to teach.
        before: The network before teaching.
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
        mean_answer = tf.reduce_mean(answers, axis=0)
        losses = keras.losses.sparse_categorical_crossentropy(labels, mean_answer)
        return _measure(network, labels, mean_answer, losses)

    network.train_step = train_step


def interpolate_weights(network: keras.Model, before: keras.Model) -> None:
    """Set a taught network's weights to ``TAUGHT_SHARE`` of the way from the old ones.

    In between, it keeps most of what both networks know: Wortsman et al., Robust fine-tuning of
    zero-shot models, 2022.

    Args:
        network: The taught network, which is changed.
        before: The network before teaching.
    """
    pairs = zip(before.get_weights(), network.get_weights(), strict=True)
    network.set_weights([old + TAUGHT_SHARE * (new - old) for old, new in pairs])


def _answers_to_learn(before: keras.Model, images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Return the earlier answers where they were right and sure, else one-hot labels.

    Returns:
        float32 (n, classes).
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
    """Return the answers, float32 (n, classes), computed in parts to save memory."""
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
    """Train the members one after another, since all at once would take much memory."""
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
