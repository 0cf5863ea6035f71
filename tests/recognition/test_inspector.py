from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from digitrec.arrays import Digits, Floats
from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.inspector import Inspector
from digitrec.runs.model_store import ModelStore
from digitrec.training.keras_networks import build_network, load_network, members


@pytest.fixture(scope="module")
def digit() -> Digits:
    return load_mnist().x_test[0]


def randomize(network: keras.Model) -> keras.Model:
    """Give a network random weights and batch statistics, so that every layer has an effect."""
    random = np.random.default_rng(0)
    for variable in network.variables:
        if variable.dtype == "float32":
            values = random.normal(0, 0.3, variable.shape)
            spread = np.abs(values) + 0.5
            variable.assign(spread if variable.path.endswith("moving_variance") else values)
    return network


def export(network: keras.Model, folder: Path) -> bytes:
    network.export(folder / "model.tflite", format="litert", verbose=False)
    return (folder / "model.tflite").read_bytes()


def values(network: keras.Model, tensors: list[keras.KerasTensor], digit: Digits) -> list[Floats]:
    """Return the values that Keras computes for these tensors."""
    inputs = digit[None, ..., None].astype(np.float32) / 255
    found = keras.Model(network.inputs, tensors)([inputs], training=False)
    return [np.asarray(value)[0] for value in found]


def ends_of_convolutions(network: keras.Model) -> list[keras.KerasTensor]:
    """Return each convolution with its normalization and activation, before a block's addition."""
    ends = []
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D):
            end = layer
            while isinstance(after := consumer(end), layers.BatchNormalization | layers.ReLU):
                end = after
            ends.append(end.output)
    return ends


def consumer(layer: keras.Layer) -> keras.Layer | None:
    """Return the layer that takes this one's output, if there is only one."""
    nodes = layer._outbound_nodes
    return nodes[0].operation if len(nodes) == 1 else None


def assert_maps_equal(inspector: Inspector, digit: Digits, expected: list[Floats]) -> None:
    found = inspector.feature_maps(digit)
    assert [each.name for each in found] == [f"Convolution {i + 1}" for i in range(len(expected))]
    for (_, maps), wanted in zip(found, expected, strict=True):
        assert maps.dtype == np.float32
        assert wanted.max() > 0.1
        np.testing.assert_allclose(maps, wanted, atol=1e-3)


@pytest.mark.parametrize(("name", "convolutions"), [("bn-cnn", 8), ("seed-cnn", 2)])
def test_the_maps_of_the_shipped_models_equal_those_of_keras(
    store: ModelStore, digit: Digits, name: str, convolutions: int
) -> None:
    run = store.run(name)
    networks = members(load_network(run.keras_path))
    inspector = Inspector(run.model_bytes(), name)
    expected = values(networks[0], ends_of_convolutions(networks[0]), digit)
    assert inspector.networks == len(networks)
    assert len(expected) == convolutions
    assert_maps_equal(inspector, digit, expected)


def test_an_ensemble_shows_the_filters_of_its_first_network(tmp_path: Path) -> None:
    ensemble = randomize(build_network(TrainingConfig(network="bn-cnn", ensemble=2)))
    first, _ = members(ensemble)
    inspector = Inspector(export(ensemble, tmp_path), "two")
    assert inspector.networks == 2
    convolution, norm = first.layers[1:3]
    scale = norm.gamma / np.sqrt(norm.moving_variance + norm.epsilon)
    expected = np.asarray(convolution.kernel)[:, :, 0] * np.asarray(scale)
    np.testing.assert_allclose(inspector.filters, expected, atol=1e-5)


def test_maps_of_imported_networks_include_norm_and_activation(
    tmp_path: Path, digit: Digits
) -> None:
    picture = keras.Input((28, 28, 1))
    x = layers.Conv2D(4, 3)(layers.Rescaling(2.0)(picture))
    first = layers.BatchNormalization()(layers.LeakyReLU()(x))
    dilated = layers.Conv2D(5, 3, dilation_rate=2, activation="elu")(first)
    shortcut = layers.Conv2D(5, 1)(first[:, 2:-2, 2:-2])
    x = layers.ReLU()(layers.Add()([dilated, shortcut]))
    answer = layers.Dense(10, activation="softmax")(layers.Flatten()(x))
    network = randomize(keras.Model(picture, answer))
    inspector = Inspector(export(network, tmp_path), "other")
    assert inspector.networks == 1
    assert_maps_equal(inspector, digit, values(network, [first, dilated, shortcut], digit))


def test_a_model_without_convolutions_is_rejected(tmp_path: Path) -> None:
    network = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")]
    )
    with pytest.raises(ModelError, match="model 'flat' has no convolutions"):
        Inspector(export(network, tmp_path), "flat")


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 5000])
def test_files_other_than_models_are_rejected(content: bytes) -> None:
    with pytest.raises(ModelError, match="model 'x' isn't a LiteRT model"):
        Inspector(content, "x")
