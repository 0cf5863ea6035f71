"""Networks' files as other programs and older versions of Keras write them.

All networks share one linear readout of MNIST's pixels, fitted in closed form; what stands before
it lets the picture through. So each reads as many digits right as plain Keras does with it.
"""

import functools
import io
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers

from digitrec.datasets.mnist import load_mnist

Floats = np.ndarray[Any, np.dtype[np.float32]]
Description = dict[str, Any]


class Readout(NamedTuple):
    weights: Floats
    bias: Floats


@functools.cache
def readout() -> Readout:
    """Logits from pixels of 0 to 1, by least squares from 4,000 training pictures."""
    mnist = load_mnist()
    x = np.hstack([mnist.x_train[:4000].reshape(-1, 784) / 255, np.ones((4000, 1))])
    y = np.eye(10)[mnist.y_train[:4000]]
    solved = np.linalg.solve(x.T @ x + 30 * np.eye(785), x.T @ y) * 10
    return Readout(solved[:784].astype(np.float32), solved[784].astype(np.float32))


def on_scale(factor: float, offset: float) -> Readout:
    """The readout for pixels that were multiplied and moved."""
    weights, bias = readout()
    return Readout(weights / factor, bias - offset / factor * weights.sum(axis=0))


def network(
    *before: keras.Layer,
    shape: tuple[int, ...] = (28, 28, 1),
    last: str | None = "softmax",
    scale: tuple[float, float] = (1, 0),
) -> keras.Sequential:
    """A network with some layers before its readout."""
    dense = layers.Dense(10, activation=last)
    model = keras.Sequential([keras.Input(shape), *before, layers.Flatten(), dense])
    dense.set_weights(list(on_scale(*scale)))
    return model


def identity_convolution(kind: type[keras.Layer] = layers.Conv2D, **settings: Any) -> keras.Layer:
    """A 3 x 3 convolution with one filter that lets a picture through."""
    kernel = np.zeros((3, 3, 1, 1), np.float32)
    kernel[1, 1] = 1
    own = {"filters": 1} if kind is not layers.DepthwiseConv2D else {}
    layer = kind(kernel_size=3, padding="same", **own, **settings)
    layer.build((None, 28, 28, 1))
    rest = [np.ones(weight.shape) for weight in layer.get_weights()[1:-1]]
    layer.set_weights([kernel, *rest, np.zeros(1)])
    return layer


def with_branches(last: str | None = "softmax") -> keras.Model:
    """A network that isn't a row of layers: the mean of a picture and of what came through."""
    inputs = keras.Input((28, 28, 1))
    through = identity_convolution(activation="relu")(inputs)
    both = layers.Average()([inputs, through])
    dense = layers.Dense(10, activation=last)
    model = keras.Model(inputs, dense(layers.Flatten()(both)))
    dense.set_weights(list(readout()))
    return model


def saved_as(model: keras.Model, target: Path, ending: str) -> Path:
    """Save in one format under a name that says another."""
    model.save(plain := target.with_name(f"plain{ending}"))
    return Path(shutil.move(plain, target))


# What Keras 3 says of a layer, and Keras 2 didn't.
_NEW = {"optional", "quantization_config", "build_config", "registered_name"}


def described_by_keras_2(part: Any, *, modules: bool = True) -> Any:
    """Say in Keras 2's words what Keras 3 says of a network."""
    if isinstance(part, list):
        return [described_by_keras_2(one, modules=modules) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("class_name") == "DTypePolicy":
        return part["config"]["name"]
    if part.get("class_name") == "__keras_tensor__":
        return part
    old = {
        key: described_by_keras_2(value, modules=modules)
        for key, value in part.items()
        if key not in _NEW
    }
    if "batch_shape" in old:
        old |= {"batch_input_shape": old.pop("batch_shape"), "sparse": False, "ragged": False}
    if "class_name" in old:
        _settings_of_keras_2(old)
    if not modules:
        old.pop("module", None)
    return old


def _settings_of_keras_2(layer: Description) -> None:
    name, settings = layer["class_name"], layer["config"]
    if name in ("SeparableConv2D", "DepthwiseConv2D"):
        settings |= {"groups": 1, "kernel_initializer": {"class_name": "Zeros", "config": {}}}
    if name.startswith("SpatialDropout"):
        settings |= {"trainable": True, "noise_shape": None}
    if name == "LeakyReLU":
        settings["alpha"] = settings.pop("negative_slope")
    if name == "Functional":
        layer["module"] = "keras.src.engine.functional"
    if "inbound_nodes" in layer:
        layer["inbound_nodes"] = [
            [[*tensor["config"]["keras_history"], {}] for tensor in _tensors(node["args"])]
            for node in layer["inbound_nodes"]
        ]


def _tensors(value: Any) -> list[Description]:
    if isinstance(value, list):
        return [tensor for one in value for tensor in _tensors(one)]
    return [value]


def _with_input_on_first_layer(description: Description) -> Description:
    first, second, *_ = description["config"]["layers"]
    second["config"]["batch_input_shape"] = first["config"]["batch_input_shape"]
    return description


def keras_2_file(model: keras.Model, target: Path, version: str, separator: str = "/") -> Path:
    """Write a .keras file as Keras 2.13, 2.14 or 2.15 did."""
    model.save(plain := target.with_name("plain.keras"))
    with zipfile.ZipFile(plain) as archive:
        config = json.loads(archive.read("config.json"))
        weights = archive.read("model.weights.h5")
    description = described_by_keras_2(config)
    if isinstance(model, keras.Sequential):
        _with_input_on_first_layer(description)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": version}))
        archive.writestr("config.json", json.dumps(description))
        archive.writestr("model.weights.h5", _old_weights(weights, version, separator))
    return target


def _old_weights(content: bytes, version: str, separator: str) -> bytes:
    folder = "layers" if version.startswith("2.15") else "_layer_checkpoint_dependencies"
    target = io.BytesIO()
    with h5py.File(io.BytesIO(content)) as new, h5py.File(target, "w") as old:
        old.create_group("metrics/mean/vars")
        for layer, group in new["layers"].items():
            name = _doubled(layer) if version.startswith("2.13") and group["vars"] else layer
            new.copy(group, old, f"{folder}{separator}{name}")
    return target.getvalue()


def _doubled(layer: str) -> str:
    """Number a layer with weights as Keras 2.13 did, which counted each of them twice."""
    kind, _, number = layer.rpartition("_")
    return f"{kind}_{2 * int(number)}" if number.isdigit() else layer


def hdf5_of_keras_2(model: keras.Model, target: Path, version: str = "2.15.0") -> Path:
    """Write an HDF5 file as Keras 2 did; before 2.3 a row of layers had no input layer."""
    model.save(plain := target.with_name("plain.h5"))
    with h5py.File(plain, "r+") as file:
        description = described_by_keras_2(json.loads(file.attrs["model_config"]), modules=False)
        if isinstance(model, keras.Sequential):
            _with_input_on_first_layer(description)
            if version < "2.3":
                del description["config"]["layers"][0]
        file.attrs["model_config"] = json.dumps(description)
        file.attrs["keras_version"] = version
    return Path(shutil.move(plain, target))


def without_input(model: keras.Sequential, target: Path) -> Path:
    """A row of layers that was built by its first pictures: it has a shape, and no input."""
    model.save(plain := target.with_name("plain.keras"))

    def change(description: Description) -> None:
        first = description["config"]["layers"].pop(0)
        description["config"]["build_input_shape"] = first["config"]["batch_shape"]

    return rewritten(plain, target, change)


def rewritten(source: Path, target: Path, change: Callable[[Description], Any]) -> Path:
    """Copy a .keras file with another description."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                description = json.loads(content)
                content = json.dumps(change(description) or description).encode()
            new.writestr(name, content)
    return target


def saved_model(model: keras.Model, target: Path) -> Path:
    model.export(target, format="tf_saved_model", verbose=False)
    return target


def graph(target: Path, compute: Callable[[tf.Tensor], tf.Tensor], *shape: int) -> Path:
    """A SavedModel that no Keras made."""
    module = tf.Module()
    module.weights, module.bias = (tf.Variable(values) for values in readout())
    spec = tf.TensorSpec([None, *shape], tf.float32)
    module.serve = tf.function(
        lambda x: compute(x @ module.weights + module.bias), input_signature=[spec]
    )
    signatures = {"serving_default": module.serve.get_concrete_function()}
    tf.saved_model.save(module, str(target), signatures)
    return target


def zipped(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))


def litert(model: keras.Model, target: Path, *, batch: int | None = None) -> Path:
    signature = [keras.InputSpec(shape=(batch, *model.input_shape[1:]), dtype="float32")]
    model.export(target, format="litert", input_signature=signature, verbose=False)
    return target


def quantized(model: keras.Model, target: Path) -> Path:
    """A LiteRT file with bytes in and out, as for a microcontroller."""
    folder = saved_model(model, target.with_name("graph"))
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
    samples = load_mnist().x_train[:50].reshape(-1, 1, *model.input_shape[1:]) / 255
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([x.astype(np.float32)] for x in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
    target.write_bytes(converter.convert())
    return target


def weights_of_keras_3(target: Path) -> Path:
    network().save_weights(target)
    return target


def weights_of_keras_2(target: Path) -> Path:
    with h5py.File(target, "w") as file:
        file.attrs["layer_names"] = [b"dense"]
        file.create_dataset("dense/dense/kernel:0", data=readout().weights)
    return target


def described_only(target: Path) -> Path:
    target.write_text(network().to_json())
    return target


def pytorch(target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
    return target
