"""Learning from the hard pictures of each batch.

Only a training process imports this module: it brings TensorFlow with it.
"""

import keras
import tensorflow as tf

# Of so many pictures one is learned from.
SEEN_PER_LEARNED = 4

Batch = tuple[tf.Tensor, tf.Tensor]


def learn_from_hard_examples(network: keras.Model) -> None:
    """Let a compiled network learn from the quarter of each batch that it is most wrong about.

    To ask about a picture takes a sixth of the time that learning from it does, and after a few
    thousand steps most pictures have nothing left to teach: Jiang et al., Accelerating deep
    learning by focusing on the biggest losers, 2019; Shrivastava et al., Training region-based
    object detectors with online hard example mining, 2016. The loss and the metrics that the
    network reports are those of all pictures.
    """

    def train_step(batch: Batch) -> dict[str, tf.Tensor]:
        images, labels = batch
        answers = network(images, training=False)
        losses = keras.losses.sparse_categorical_crossentropy(labels, answers)
        hard_count = tf.maximum(1, tf.size(losses) // SEEN_PER_LEARNED)
        hard = tf.math.top_k(losses, hard_count, sorted=False).indices
        _learn(network, tf.gather(images, hard), tf.gather(labels, hard))
        for metric in network.metrics:
            if metric.name == "loss":
                metric.update_state(losses)
            else:
                metric.update_state(labels, answers)
        return network.get_metrics_result()

    network.train_step = train_step


def _learn(network: keras.Model, images: tf.Tensor, labels: tf.Tensor) -> None:
    with tf.GradientTape() as tape:
        loss = network.compute_loss(y=labels, y_pred=network(images, training=True))
    weights = network.trainable_weights
    network.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
