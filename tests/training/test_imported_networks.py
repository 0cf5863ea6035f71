"""Model files of many kinds: each reads digits as in plain Keras, or is refused with a reason."""

import functools
import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf
from keras import layers

from digitrec.datasets.mnist import Mnist
from digitrec.errors import ModelError
from digitrec.exchange.foreign_files import check_network
from digitrec.runs.model_store import ModelStore
from digitrec.training.conversion import convert
from tests.support import training
from tests.support.network_files import (
    described_only,
    graph,
    hdf5_of_keras_2,
    identity_convolution,
    keras_2_file,
    litert,
    network,
    pytorch,
    quantized,
    readout,
    rewritten,
    saved_as,
    saved_model,
    weights_of_keras_2,
    weights_of_keras_3,
    with_branches,
    without_input,
    zipped,
)

Maker = Callable[[Path], Path]
Build = Callable[[], keras.Model]


def made(write: Callable[..., Path], build: Build, name: str, *how: Any) -> Maker:
    return lambda folder: write(build(), folder / name, *how)


def named(name: str, ending: str, build: Build = network) -> Maker:
    return made(saved_as, build, name, ending)


def keras_3(*before: Callable[[], keras.Layer], name: str = "m.keras", **how: Any) -> Maker:
    return named(name, ".keras", lambda: network(*(layer() for layer in before), **how))


def deep() -> keras.Model:
    """A network with several layers of a kind, and most of what Keras 2 named differently."""
    return network(
        # Keras 2.2 saved *Glorot uniform* like this.
        identity_convolution(
            activation="relu",
            kernel_initializer=keras.initializers.VarianceScaling(1.0, "fan_avg", "uniform"),
        ),
        identity_convolution(layers.SeparableConv2D),
        identity_convolution(layers.DepthwiseConv2D, activation="relu"),
        layers.LeakyReLU(0.1),
        layers.SpatialDropout2D(0.2),
        layers.ZeroPadding2D(1),
        layers.Cropping2D(1),
        layers.BatchNormalization(epsilon=0),
        identity_convolution(activation="relu"),
    )


def nested() -> keras.Model:
    inner = keras.Sequential([keras.Input((28, 28, 1)), identity_convolution()])
    return network(inner, layers.Dropout(0.3))


def divided() -> keras.Model:
    """Arithmetic between layers, for pictures of 0 to 255."""
    inputs = keras.Input((28, 28, 1))
    return keras.Model(inputs, network()(inputs / 255.0))


def normalization() -> keras.Layer:
    return layers.Normalization(mean=0.0, variance=1.0)


# The Keras 3 networks each have one kind of layer, which passes the picture through.
COMES_IN: dict[str, Maker] = {
    "28 x 28 x 1": keras_3(),
    "28 x 28": keras_3(shape=(28, 28)),
    "784": keras_3(shape=(784,)),
    "1 x 28 x 28": keras_3(shape=(1, 28, 28)),
    "0 to 255": keras_3(scale=(255, 0)),
    "black on white": keras_3(scale=(-1, 1)),
    "black on white, 255 to 0": keras_3(shape=(784,), scale=(-255, 255)),
    "-1 to 1": keras_3(shape=(28, 28), scale=(2, -1)),
    "logits": keras_3(last=None),
    "ten sigmoids": keras_3(last="sigmoid"),
    "no input layer": made(without_input, partial(network, shape=(28, 28)), "m.keras"),
    "rescaling inside": keras_3(lambda: layers.Rescaling(1 / 255)),
    "augmentation": keras_3(
        layers.RandomFlip, lambda: layers.RandomRotation(0.4),
        lambda: layers.RandomTranslation(0.4, 0.4), lambda: layers.RandomZoom(0.4),
        lambda: layers.RandomContrast(0.4), lambda: layers.GaussianNoise(0.5),
    ),
    "normalizations": keras_3(
        normalization, lambda: layers.BatchNormalization(epsilon=0), lambda: layers.Resizing(28, 28)
    ),
    "an activation layer": keras_3(layers.PReLU, lambda: layers.Activation("relu6")),
    "several branches": named("m.keras", ".keras", with_branches),
    "arithmetic": named("m.keras", ".keras", divided),
    "HDF5": named("m.h5", ".h5"),
    "HDF5 as .hdf5": named("m.hdf5", ".h5"),
    "HDF5 as .hdf": named("m.hdf", ".h5", partial(network, shape=(28, 28))),
    "HDF5 as .keras": named("m.keras", ".h5"),
    "a ZIP as .h5": named("m.h5", ".keras"),
    "a name without ending": named("model", ".keras"),
    "HDF5 of Keras 2.2": made(hdf5_of_keras_2, deep, "m.h5", "2.2.4"),
    "HDF5 of Keras 2.15": made(hdf5_of_keras_2, partial(network, shape=(784,)), "m.h5"),
    "HDF5 of Keras 2.15, branches": made(hdf5_of_keras_2, with_branches, "m.h5"),
    "Keras 2.15": made(keras_2_file, deep, "m.keras", "2.15.0"),
    "Keras 2.15, 28 x 28": made(
        keras_2_file, partial(network, shape=(28, 28)), "m.keras", "2.15.0"
    ),
    "Keras 2.15, nested": made(keras_2_file, nested, "m.keras", "2.15.0"),
    "Keras 2.15, branches": made(keras_2_file, with_branches, "m.keras", "2.15.0"),
    "Keras 2.14 on Windows": made(keras_2_file, deep, "m.keras", "2.14.0", "\\"),
    "Keras 2.13": made(keras_2_file, deep, "m.keras", "2.13.1"),
    "Keras 2.13, branches": made(keras_2_file, with_branches, "m.keras", "2.13.1"),
}  # fmt: skip

WITHOUT_LAYERS: dict[str, Maker] = {
    "a SavedModel": made(saved_model, partial(network, shape=(28, 28)), "m"),
    "a ZIP of a SavedModel": lambda folder: zipped(graph(folder / "m", tf.nn.softmax, 784)),
    "LiteRT": made(litert, network, "m.tflite"),
    "LiteRT, 784, one at a time": lambda folder: litert(
        network(shape=(784,), last=None, scale=(255, 0)), folder / "m.tflite", batch=1
    ),
    "LiteRT of bytes": made(quantized, partial(network, shape=(28, 28)), "m.tflite"),
}


def evil_graph(read: Callable[[tf.Tensor], tf.Tensor], folder: Path) -> Path:
    return graph(folder / "m", read, 784)


def read_a_file(x: tf.Tensor) -> tf.Tensor:
    return x + tf.cast(tf.strings.length(tf.io.read_file("/etc/hostname")), tf.float32)


def write_a_file(x: tf.Tensor) -> tf.Tensor:
    with tf.control_dependencies([tf.raw_ops.WriteFile(filename="x", contents="x")]):
        return tf.identity(x)


def call_python(x: tf.Tensor) -> tf.Tensor:
    return tf.ensure_shape(tf.py_function(lambda value: value, [x], tf.float32), [None, 10])


def of_bytes(name: str, content: bytes) -> Maker:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def with_layer(class_name: str, **settings: Any) -> Maker:
    part = {"module": "keras.layers", "class_name": class_name, "config": settings}

    def put_in(description: dict[str, Any]) -> None:
        description["config"]["layers"].insert(1, part | {"registered_name": None})

    return lambda folder: rewritten(
        saved_as(network(), folder / "plain.keras", ".keras"), folder / "m.keras", put_in
    )


def registered(description: dict[str, Any]) -> None:
    description["config"]["layers"][-1] |= {"module": None, "registered_name": "mine>Dense"}


IS_REFUSED: dict[str, tuple[Maker, str]] = {
    "weights of Keras 3": (
        lambda folder: weights_of_keras_3(folder / "m.weights.h5"),
        "has only the weights of a network",
    ),
    "weights of Keras 2": (
        lambda folder: weights_of_keras_2(folder / "m.h5"), r'of a network; save .*"mnist.keras"'
    ),
    "a description alone": (
        lambda folder: described_only(folder / "m.json"), "has no weights; save the whole"
    ),
    "a pickle": (of_bytes("m.pkl", pickle.dumps({})), "is a Python pickle"),
    "PyTorch": (lambda folder: pytorch(folder / "m.pt"), "is a PyTorch file"),
    "ONNX": (of_bytes("m.onnx", b"\x08\x07\x12\x04"), "is an ONNX file"),
    "a graph alone": (of_bytes("saved_model.pb", b"\x08\x01"), "only part of a SavedModel"),
    "an empty folder": (lambda folder: folder, "isn't a SavedModel"),
    "another size": (
        named("m.keras", ".keras", lambda: keras.Sequential(
            [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10)])),
        "an input of 8 x 8 x 1 and an output of 10",
    ),
    "letters": (
        named("m.keras", ".keras", lambda: keras.Sequential(
            [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(47)])),
        "an input of 28 x 28 x 1 and an output of 47",
    ),
    "Lambda": (
        named("m.keras", ".keras", lambda: network(layers.Lambda(lambda x: x))),
        "'Lambda' isn't allowed",
    ),
    "somebody's own class": (
        lambda folder: rewritten(
            saved_as(network(), folder / "plain.keras", ".keras"), folder / "m.keras", registered
        ),
        "'Dense' isn't allowed",
    ),
    "another program's model": (with_layer("TFSMLayer", filepath="/etc"), "'TFSMLayer' isn't"),
    "a vocabulary": (with_layer("StringLookup", vocabulary="/etc/passwd"), "'StringLookup' isn't"),
    "a graph that reads files": (partial(evil_graph, read_a_file), "'ReadFile' isn't allowed"),
    "a graph that writes files": (partial(evil_graph, write_a_file), "'WriteFile' isn't allowed"),
    "a graph that calls Python": (partial(evil_graph, call_python), "'EagerPyFunc' isn't allowed"),
}  # fmt: skip


pytestmark = pytest.mark.usefixtures("small_mnist")


@functools.cache
def plain_accuracy() -> float:
    mnist, (weights, bias) = training.small_mnist(), readout()
    answers = (mnist.x_test.reshape(-1, 784) / 255) @ weights + bias
    return float((answers.argmax(axis=1) == mnist.y_test).mean())


def test_there_are_enough_kinds() -> None:
    assert len(COMES_IN | WITHOUT_LAYERS | IS_REFUSED) >= 40


@pytest.mark.parametrize("kind", COMES_IN)
def test_a_network_reads_digits_as_plain_keras_does(
    kind: str, small_mnist: Mnist, tmp_path: Path
) -> None:
    file = COMES_IN[kind](tmp_path)
    model = convert.load_adapted(file, check_network(file), small_mnist).model
    assert model.input_shape == (None, 28, 28, 1)
    pictures = (small_mnist.x_test[..., None] / 255).astype("float32")
    answers = keras.ops.convert_to_numpy(model(pictures, training=False))
    assert answers.sum(axis=1) == pytest.approx(1, abs=1e-3)
    accuracy = (answers.argmax(axis=1) == small_mnist.y_test).mean()
    assert accuracy == pytest.approx(plain_accuracy(), abs=0.003)


@pytest.mark.parametrize("kind", WITHOUT_LAYERS)
def test_a_network_without_layers_is_served_as_it_is(
    kind: str, small_mnist: Mnist, store: ModelStore, tmp_path: Path
) -> None:
    run = convert.import_model(store, WITHOUT_LAYERS[kind](tmp_path))
    served = store.load_recognizer(run.name)
    outputs = served.outputs(small_mnist.x_test)
    accuracy = (outputs.argmax(axis=1) == small_mnist.y_test).mean()
    assert accuracy == pytest.approx(plain_accuracy(), abs=0.01)
    assert outputs.sum(axis=1) == pytest.approx(1, abs=0.03)
    assert run.results().import_note.endswith("can't be trained further.")
    assert not run.can_be_trained_further


@pytest.mark.parametrize("kind", IS_REFUSED)
def test_another_file_is_refused_with_the_right_reason(
    kind: str, store: ModelStore, tmp_path: Path
) -> None:
    make, words = IS_REFUSED[kind]
    file = make(tmp_path)
    with pytest.raises(ModelError, match=words):
        convert.import_model(store, file)
    assert {run.name for run in store.runs()} == {"bn-cnn", "seed-cnn"}
    assert not Path("x").exists()
