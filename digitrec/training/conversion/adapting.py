"""Adapts another program's Keras network to digitrec's inputs and outputs."""

from typing import NamedTuple

import keras
import numpy as np

from digitrec.arrays import Digits, Floats
from digitrec.datasets.mnist import Mnist
from digitrec.errors import ModelError
from digitrec.exchange.input_scale import UNSCALED, Scale, are_probabilities, find_scale
from digitrec.recognition.tensor_format import is_color, takes_digits

CLASSES = (10, 11)
# With larger batches, a large network's layers take too much memory.
BATCH_SIZE = 100
# How many pictures show whether a network's outputs are probabilities.
PROBE_COUNT = 64


class Adapted(NamedTuple):
    """A network that digitrec can serve.

    Attributes:
        model: Takes float32 (n, 28, 28, 1), 0 to 1; returns probabilities, float32 (n, 10) or
            (n, 11).
        changes: What was added to the network, in words.
    """

    model: keras.Model
    changes: list[str]


def adapt_network(network: keras.Model, mnist: Mnist, name: str) -> Adapted:
    """Add layers before and after a network where needed.

    Args:
        network: Takes pixels in any shape and on any of the usual scales; returns probabilities or
            logits.
        mnist: The pictures to detect the scale with.
        name: The file's name, for error messages.

    Raises:
        ModelError: If it isn't a network for digits, or its weights are damaged.
    """
    shape = _input_shape(network, name)
    plain = _wrap(network, shape, UNSCALED)

    def predict(pictures: Digits, scale: Scale) -> Floats:
        values = pictures[..., None].astype(np.float32) / 255 * scale.factor + scale.offset
        parts = [values[i : i + BATCH_SIZE] for i in range(0, len(values), BATCH_SIZE)]
        answers = [keras.ops.convert_to_numpy(plain(part, training=False)) for part in parts]
        return np.concatenate(answers)

    if not np.isfinite(outputs := predict(mnist.x_test[:PROBE_COUNT], UNSCALED)).all():
        raise ModelError(f"{name}: its weights are damaged; its outputs are NaN or infinite")
    scale = find_scale(predict, mnist)
    if scale != UNSCALED:
        outputs = predict(mnist.x_test[:PROBE_COUNT], scale)
    softmax = not are_probabilities(outputs)
    needs_layer = softmax and not _ends_in_softmax(network)
    changes = change_words(scale, shape, softmax=softmax)
    if not changes and shape == network.input_shape[1:] and len(network.output_shape) == 2:
        return Adapted(network, [])
    return Adapted(_wrap(network, shape, scale, softmax=needs_layer), changes)


def change_words(scale: Scale, shape: tuple[int, ...], *, softmax: bool) -> list[str]:
    """Describe what is done to the inputs and outputs."""
    pictures = [scale.words] if scale.words else []
    if is_color(shape):
        pictures.append("repeated for three color channels")
    elif shape != (28, 28, 1):
        pictures.append(f"reshaped to {' × '.join(map(str, shape))}")
    changes = [f"pictures are {' and '.join(pictures)}"] if pictures else []
    return [*changes, "a softmax turns its outputs into probabilities"] if softmax else changes


def _input_shape(network: keras.Model, name: str) -> tuple[int, ...]:
    """Check a network's input and output, and return the input's shape."""
    shapes = [_shape(tensors) for tensors in (network.inputs, network.outputs)]
    shape = shapes[0]
    if shape is not None and len(shape) == 3:  # Height, width or channels may be undefined.
        shape = (shape[0] or 28, shape[1] or 28, shape[2] or 1)
    out = shapes[1]
    count = None if out is None or None in out else int(np.prod(out))  # type: ignore[arg-type]
    if shape is None or None in shape or not takes_digits(shape) or count not in CLASSES:  # type: ignore[arg-type]
        raise ModelError(
            f"{name}: expected an input of 28 x 28 x 1 and 10 classes, or 11 with the non-digit "
            f"last; this network has an input of {_shape_text(shapes[0])} and an output of "
            f"{_shape_text(out)}"
        )
    return shape  # type: ignore[return-value]


def _wrap(
    network: keras.Model, shape: tuple[int, ...], scale: Scale, *, softmax: bool = False
) -> keras.Model:
    inputs = values = keras.Input((28, 28, 1))
    if scale != UNSCALED:
        values = keras.layers.Rescaling(scale.factor, scale.offset)(values)
    if is_color(shape):
        values = keras.layers.Concatenate()([values] * 3)
    elif shape != (28, 28, 1):
        values = keras.layers.Reshape(shape)(values)
    (answers,) = keras.tree.flatten(network(values))
    if len(answers.shape) > 2:
        answers = keras.layers.Flatten()(answers)
    return keras.Model(inputs, keras.layers.Softmax()(answers) if softmax else answers)


def _ends_in_softmax(network: keras.Model) -> bool:
    """Replace a final sigmoid by a softmax, which ranks the digits the same way.

    Returns:
        Whether there was one.
    """
    last = network.outputs[0]._keras_history.operation
    if isinstance(last, keras.Model):
        return _ends_in_softmax(last)
    if getattr(last, "activation", None) is not keras.activations.sigmoid:
        return False
    last.activation = keras.activations.softmax
    return True


def _shape(tensors: list[keras.KerasTensor]) -> tuple[int | None, ...] | None:
    return tuple(tensors[0].shape[1:]) if tensors and len(tensors) == 1 else None


def _shape_text(shape: tuple[int | None, ...] | None) -> str:
    return "several tensors" if shape is None else " x ".join(str(size) for size in shape)
