"""How older versions of Keras describe a network, in the words of Keras 3.

It takes neither Keras nor TensorFlow: a description is JSON.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from digitrec.exchange.allowed_layers import CONSTRAINTS, LAYERS, MODELS, POLICIES, REGULARIZERS

Description = dict[str, Any]

_OLD_FOLDER = "_layer_checkpoint_dependencies"
_DENSE_OF_ATTENTION = re.compile(r"^_(?=(?:query|key|value|output)_dense$)")

# Settings of Keras 2 that Keras 3 has no word for. None of them changes what a network computes.
_GONE = {
    "adjustment", "batch_input_shape", "fused", "implementation", "input_length", "ragged",
    "renorm", "renorm_clipping", "renorm_momentum", "sparse", "time_major", "type_spec",
    "virtual_batch_size",
}  # fmt: skip
# These have the settings of other convolutions in their description, without a meaning.
_WITHOUT_GROUPS = {
    "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D", "DepthwiseConv2D",
    "SeparableConv1D", "SeparableConv2D",
}  # fmt: skip
_WITHOUT_KERNEL = _WITHOUT_GROUPS - {"Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"}
_RECURRENT = {"GRU", "LSTM", "SimpleRNN"}
# They change a picture's size while training and do nothing afterwards.
_NOTHING_WHEN_SERVED = {"RandomHeight", "RandomWidth"}
_NEW_SETTINGS = {"LeakyReLU": {"alpha": "negative_slope"}, "ReLU": {"theta": "threshold"}}
_OTHER_NAMES = {"BatchNormalizationV1": "BatchNormalization", "ThresholdedReLU": "ReLU"}


def modern(part: Description) -> Description:
    """Return a checked description as Keras 3 writes it.

    The weights are in the file, so initializers are left out; all layers compute with
    float32, and recurrent layers go through their steps without a loop, as LiteRT wants it.

    Args:
        part: A network or a layer, with ``class_name`` and ``config``.
    """
    if part["class_name"] == "TFOpLambda":
        return _rescaling(part)
    own_name: str = part["class_name"]
    name = _OTHER_NAMES.get(own_name, own_name)
    said = {key: _value(value) for key, value in part["config"].items() if not _is_gone(name, key)}
    if "dtype" in said:
        said["dtype"] = "float32"
    if said.get("trainable") is True:  # As it is anyway; not every layer wants to be told.
        del said["trainable"]
    if name == "InputLayer":
        said = _input(part["config"]) | {"name": said.get("name")}
    elif name in MODELS:
        said["layers"] = _layers(part)
        name = "Sequential" if name == "Sequential" else "Model"
    elif name in _RECURRENT:
        said |= {"unroll": True, "stateful": False}
    elif name == "BatchNormalization" and isinstance(said.get("axis"), list):
        (said["axis"],) = said["axis"]
    elif name in _NEW_SETTINGS:
        said = {_NEW_SETTINGS[name].get(key, key): value for key, value in said.items()}
    elif name in _NOTHING_WHEN_SERVED:
        name, said = "Identity", {"name": said.get("name")}
    kept = {key: part[key] for key in ("name", "inbound_nodes") if key in part}
    module = "keras" if name in MODELS else "keras.layers"
    described = {"module": module, "class_name": name, "config": said, "registered_name": None}
    return described | kept


def modern_weights(paths: Iterable[str]) -> dict[str, str]:
    """Map where an older version put weights in its file to where Keras 3 looks for them.

    Keras 2 up to 2.14 called the layers' folder otherwise and numbered some layers by twos; on
    Windows it wrote other separators.

    Args:
        paths: All groups and arrays in the file, those without weights as well.
    """
    split = {path: path.replace("\\", "/").split("/") for path in paths}
    numbers: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for steps in split.values():
        for i in range(1, len(steps)):
            if steps[i - 1] == _OLD_FOLDER:
                kind, number = _numbered(steps[i])
                numbers[*steps[:i], kind].add(number)

    def new(steps: list[str], i: int) -> str:
        if steps[i] == _OLD_FOLDER:
            return "layers"
        if i == 0 or steps[i - 1] != _OLD_FOLDER:
            return _DENSE_OF_ATTENTION.sub("", steps[i])
        kind, number = _numbered(steps[i])
        place = sorted(numbers[*steps[:i], kind]).index(number)
        return f"{kind}_{place}" if place else kind

    return {p: "/".join(new(steps, i) for i in range(len(steps))) for p, steps in split.items()}


def _numbered(name: str) -> tuple[str, int]:
    kind, number = re.fullmatch(r"(.+?)(?:_(\d+))?", name, re.DOTALL).groups()  # type: ignore[union-attr]
    return kind, int(number or 0)


def _is_gone(layer: str, key: str) -> bool:
    return (
        key in _GONE
        or key.endswith("_initializer")
        or (key == "groups" and layer in _WITHOUT_GROUPS)
        or (key == "noise_shape" and layer.startswith("SpatialDropout"))
        or (key in ("query_shape", "key_shape", "value_shape") and layer == "MultiHeadAttention")
        or (key.startswith("kernel_") and key != "kernel_size" and layer in _WITHOUT_KERNEL)
    )


def _value(value: Any) -> Any:
    """Return a setting's value: plain, or an object that Keras 3 finds by its module."""
    if isinstance(value, list):
        return [_value(one) for one in value]
    if not isinstance(value, dict):
        return "softmax" if value == "softmax_v2" else value
    if "class_name" not in value:
        return {key: _value(one) for key, one in value.items()}
    return _object(value)


def _object(value: Description) -> Any:
    name = value["class_name"]
    if name in LAYERS | MODELS:
        return modern(value)
    plain: dict[str, Callable[[], Any]] = {
        "__keras_tensor__": lambda: value,
        "__numpy__": lambda: value["config"]["value"],
        "__tuple__": lambda: _value(value["items"]),
        "TensorShape": lambda: _value(value["items"]),
        "function": lambda: _value(value["config"]),
        **dict.fromkeys(POLICIES, lambda: "float32"),
    }
    if name in plain:
        return plain[name]()
    return value | _place(name) | {"config": _value(value["config"])}


def _place(name: str) -> Description:
    """Return where Keras 3 has a class."""
    for classes, module in ((REGULARIZERS, "regularizers"), (CONSTRAINTS, "constraints")):
        if name in classes:
            return {"module": f"keras.{module}", "registered_name": None}
    return {}


def _input(said: Description) -> Description:
    """Describe an input: of any number of pictures at a time, as float32."""
    shape = _value(said.get("batch_shape") or said["batch_input_shape"])
    return {"batch_shape": [None, *shape[1:]], "dtype": "float32"}


def _layers(model: Description) -> list[Description]:
    """Return a network's layers; a row of layers begins with its input."""
    layers = model["config"]["layers"]
    found = [layer if _is_operation(layer) else modern(layer) for layer in layers]
    if model["class_name"] == "Sequential" and layers and not _has_input(layers[0]):
        shape = _input_shape(model)
        if shape is not None:
            config = _input({"batch_shape": shape})
            first = {"class_name": "InputLayer", "config": config}
            return [{"module": "keras.layers", "registered_name": None, **first}, *found]
    return found


def _rescaling(operation: Description) -> Description:
    """Describe arithmetic with a number, such as ``inputs / 255``, as a layer.

    Raises:
        ValueError: If it is other arithmetic.
    """
    ((source, node, tensor, said),) = operation["inbound_nodes"]
    number = said.get("y")
    if not isinstance(number, int | float) or not number:
        raise ValueError("it computes with tensors between its layers; use Keras's own layers")
    scale, offset = {
        "math.truediv": (1 / number, 0), "math.divide": (1 / number, 0),
        "math.multiply": (number, 0), "math.subtract": (1, -number), "math.add": (1, number),
        "__operators__.add": (1, number),
    }[operation["config"]["function"]]  # fmt: skip
    config = {"name": operation["name"], "scale": scale, "offset": offset}
    return {
        "module": "keras.layers", "class_name": "Rescaling", "config": config,
        "registered_name": None, "name": operation["name"],
        "inbound_nodes": [[[source, node, tensor, {}]]],
    }  # fmt: skip


def _is_operation(layer: Description) -> bool:
    """Tell whether it is arithmetic between layers, which has a place of its own in Keras."""
    return ".ops." in str(layer.get("module"))


def _has_input(layer: Description) -> bool:
    return layer["class_name"] in MODELS | {"InputLayer"}


def _input_shape(sequential: Description) -> Any:
    """Return what goes into a row of layers, with the batch's size; None if nothing says it."""
    first = sequential["config"]["layers"][0]
    for said in (first["config"].get("batch_input_shape"), first["config"].get("batch_shape"),
                 sequential["config"].get("build_input_shape"),
                 (sequential.get("build_config") or {}).get("input_shape")):  # fmt: skip
        if said:
            return _value(said)
    return None
