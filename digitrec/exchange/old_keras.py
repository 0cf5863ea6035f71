"""Translates network configs of older Keras versions to Keras 3.

Configs are JSON, so neither Keras nor TensorFlow is needed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from digitrec.exchange.allowed_layers import CONSTRAINTS, LAYERS, MODELS, POLICIES, REGULARIZERS

Description = dict[str, Any]

_OLD_FOLDER = "_layer_checkpoint_dependencies"
_DENSE_OF_ATTENTION = re.compile(r"^_(?=(?:query|key|value|output)_dense$)")

# Settings of Keras 2 that Keras 3 doesn't have. None of them changes what a network computes.
_REMOVED = {
    "adjustment", "batch_input_shape", "fused", "implementation", "input_length", "ragged",
    "renorm", "renorm_clipping", "renorm_momentum", "sparse", "time_major", "type_spec",
    "virtual_batch_size",
}  # fmt: skip
# Their configs contain settings of other convolutions, which have no effect.
_WITHOUT_GROUPS = {
    "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D", "DepthwiseConv2D",
    "SeparableConv1D", "SeparableConv2D",
}  # fmt: skip
_WITHOUT_KERNEL = _WITHOUT_GROUPS - {"Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"}
_RECURRENT = {"GRU", "LSTM", "SimpleRNN"}
# They resize pictures during training only.
_TRAINING_ONLY = {"RandomHeight", "RandomWidth"}
_RENAMED_SETTINGS = {"LeakyReLU": {"alpha": "negative_slope"}, "ReLU": {"theta": "threshold"}}
_RENAMED_LAYERS = {"BatchNormalizationV1": "BatchNormalization", "ThresholdedReLU": "ReLU"}


def modern(part: Description) -> Description:
    """Translate a checked config to Keras 3.

    Initializers are dropped, since the weights are in the file. All layers compute in float32,
    and recurrent layers are unrolled, as LiteRT needs it.

    Args:
        part: The config of a network or a layer, with ``class_name`` and ``config``.
    """
    if part["class_name"] == "TFOpLambda":
        return _rescaling(part)
    name, config = _modern_layer(part)
    kept = {key: part[key] for key in ("name", "inbound_nodes") if key in part}
    module = "keras" if name in MODELS else "keras.layers"
    described = {"module": module, "class_name": name, "config": config, "registered_name": None}
    return described | kept


def _modern_layer(part: Description) -> tuple[str, Description]:
    """Return the class and the settings of a network or a layer in Keras 3."""
    old_name: str = part["class_name"]
    name = _RENAMED_LAYERS.get(old_name, old_name)
    config = _modern_settings(name, part["config"])
    if name == "InputLayer":
        return name, _input(part["config"]) | {"name": config.get("name")}
    if name in MODELS:
        config["layers"] = _layers(part)
        return "Sequential" if name == "Sequential" else "Model", config
    if name in _TRAINING_ONLY:
        return "Identity", {"name": config.get("name")}
    if name in _RECURRENT:
        config |= {"unroll": True, "stateful": False}
    elif name == "BatchNormalization" and isinstance(config.get("axis"), list):
        (config["axis"],) = config["axis"]
    return name, config


def _modern_settings(name: str, config: Description) -> Description:
    """Return a layer's settings that Keras 3 knows, under their new names."""
    renamed = _RENAMED_SETTINGS.get(name, {})
    settings = {
        renamed.get(key, key): _value(value)
        for key, value in config.items()
        if not _is_removed(name, key)
    }
    if "dtype" in settings:
        settings["dtype"] = "float32"
    if settings.get("trainable") is True:  # The default, which some layers don't accept.
        del settings["trainable"]
    return settings


def modern_weights(paths: Iterable[str]) -> dict[str, str]:
    """Map the paths of weights in older files to the paths of Keras 3.

    Keras 2 up to 2.14 used another name for the folder of layers, skipped numbers of some layers,
    and on Windows wrote backslashes.

    Args:
        paths: All groups and arrays in the file, including those without weights.
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
        rank = sorted(numbers[*steps[:i], kind]).index(number)
        return f"{kind}_{rank}" if rank else kind

    return {p: "/".join(new(steps, i) for i in range(len(steps))) for p, steps in split.items()}


def _numbered(name: str) -> tuple[str, int]:
    kind, number = re.fullmatch(r"(.+?)(?:_(\d+))?", name, re.DOTALL).groups()  # type: ignore[union-attr]
    return kind, int(number or 0)


def _is_removed(layer: str, key: str) -> bool:
    return (
        key in _REMOVED
        or key.endswith("_initializer")
        or (key == "groups" and layer in _WITHOUT_GROUPS)
        or (key == "noise_shape" and layer.startswith("SpatialDropout"))
        or (key in ("query_shape", "key_shape", "value_shape") and layer == "MultiHeadAttention")
        or (key.startswith("kernel_") and key != "kernel_size" and layer in _WITHOUT_KERNEL)
    )


def _value(value: Any) -> Any:
    """Translate the value of a setting, which may be an object."""
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
    """Return the module of a class in Keras 3."""
    for classes, module in ((REGULARIZERS, "regularizers"), (CONSTRAINTS, "constraints")):
        if name in classes:
            return {"module": f"keras.{module}", "registered_name": None}
    return {}


def _input(config: Description) -> Description:
    """Return the config of an input with any batch size, as float32."""
    shape = _value(config.get("batch_shape") or config["batch_input_shape"])
    return {"batch_shape": [None, *shape[1:]], "dtype": "float32"}


def _layers(model: Description) -> list[Description]:
    """Translate a network's layers; a ``Sequential`` network starts with its input."""
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
    """Translate arithmetic with a constant, such as ``inputs / 255``, to a ``Rescaling`` layer.

    Raises:
        ValueError: If it is other arithmetic.
    """
    ((source, node, tensor, arguments),) = operation["inbound_nodes"]
    number = arguments.get("y")
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
    """Return whether a layer is a ``keras.ops`` operation."""
    return ".ops." in str(layer.get("module"))


def _has_input(layer: Description) -> bool:
    return layer["class_name"] in MODELS | {"InputLayer"}


def _input_shape(sequential: Description) -> Any:
    """Return the batch input shape of a ``Sequential`` network; None if it isn't stated."""
    first = sequential["config"]["layers"][0]
    for shape in (first["config"].get("batch_input_shape"), first["config"].get("batch_shape"),
                 sequential["config"].get("build_input_shape"),
                 (sequential.get("build_config") or {}).get("input_shape")):  # fmt: skip
        if shape:
            return _value(shape)
    return None
