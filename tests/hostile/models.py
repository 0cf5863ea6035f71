"""Hostile model files: embedded code, external links, impossible shapes and sizes."""

import json
import pickle
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from tests.hostile import archives
from tests.hostile.archives import NAMES, Payload

Maker = Callable[[Path], Path]
Change = Callable[[dict[str, Any]], Any]


def plain(folder: Path, ending: str = ".keras", value: float | None = None) -> Path:
    """A valid network; optionally all weights have the same value."""
    layers = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    if value is not None:
        model.set_weights([np.full(weight.shape, value) for weight in model.get_weights()])
    model.save(folder / f"plain{ending}")
    return folder / f"plain{ending}"


def described(change: Change, folder: Path) -> Path:
    """The valid network with a changed architecture."""
    target = folder / "it.keras"
    with zipfile.ZipFile(plain(folder)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                architecture = json.loads(content)
                content = json.dumps(change(architecture) or architecture).encode()
            new.writestr(name, content)
    return target


def layer(name: str, settings: dict[str, Any], module: str = "keras.layers") -> Change:
    def put_in(architecture: dict[str, Any]) -> None:
        added = {"module": module, "class_name": name, "config": {"name": "it"} | settings}
        architecture["config"]["layers"].insert(1, added | {"registered_name": None})

    return put_in


def blown_up(architecture: dict[str, Any]) -> None:
    """Add layers that enlarge a picture to 1.8 gigapixels and shrink it again."""
    layer("MaxPooling2D", {"name": "down", "pool_size": [1500, 1500]})(architecture)
    layer("UpSampling2D", {"size": [1500, 1500]})(architecture)


def setting(place: int, key: str, value: Any) -> Change:
    def put_in(architecture: dict[str, Any]) -> None:
        architecture["config"]["layers"][place]["config"][key] = value

    return put_in


def with_members(members: dict[str, bytes], folder: Path) -> Path:
    """The valid network with added or replaced members in its archive."""
    target = plain(folder)
    with zipfile.ZipFile(target) as archive:
        sound = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (sound | members).items():
            archive.writestr(name, content)
    return target


def of_bytes(content: bytes, ending: str, folder: Path) -> Path:
    (folder / f"it{ending}").write_bytes(content)
    return folder / f"it{ending}"


def pickled(ending: str, folder: Path) -> Path:
    return of_bytes(pickle.dumps(Payload(str(archives.MARK))), ending, folder)


def pickled_inside(name: str, folder: Path) -> Path:
    return with_members({name: pickle.dumps(Payload(str(archives.MARK)))}, folder)


def linked(kind: str, ending: str, folder: Path) -> Path:
    """The valid network with a dataset that is stored outside the file."""
    target = plain(folder, ending)
    weights = target if ending == ".h5" else folder / "weights.h5"
    if ending == ".keras":
        with zipfile.ZipFile(target) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        weights.write_bytes(members["model.weights.h5"])
    (folder / "secret.h5").write_bytes(weights.read_bytes())
    with h5py.File(weights, "r+") as file:
        link(kind, file, folder / "secret.h5")
    if ending == ".keras":
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in members.items():
                is_weights = name == "model.weights.h5"
                archive.writestr(name, weights.read_bytes() if is_weights else content)
    return target


def link(kind: str, file: h5py.File, secret: Path) -> None:
    if kind == "external":
        file["other"] = h5py.ExternalLink(str(secret), "/model_weights")
    elif kind == "soft":
        file["other"] = h5py.SoftLink("/model_weights")
    elif kind == "stored elsewhere":
        file.create_dataset("other", (9,), "u1", external=[("/etc/passwd", 0, 9)])
    elif kind == "virtual":
        layout = h5py.VirtualLayout((784, 10), "f4")
        layout[:] = h5py.VirtualSource("/etc/passwd", "x", (784, 10))
        file.create_virtual_dataset("other", layout)
    else:
        # Following every link visits about 10^12 paths.
        group = file
        for _ in range(40):
            inner = group.create_group("a")
            group["b"] = inner
            group = inner


def truncated(ending: str, share: float, folder: Path) -> Path:
    file = plain(folder, ending)
    return of_bytes(file.read_bytes()[: int(file.stat().st_size * share)], ending, folder)


DEEP = {"class_name": "Sequential", "config": json.loads("[" * 800 + "]" * 800)}

LAYERS: dict[str, Change] = {
    **{f"a layer {name}": layer(name, {})
       for name in ("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "MyLayer",
                    "Embedding", "RandomCrop", "TextVectorization", "StringLookup", "Wrapper",
                    "TimeDistributed", "LSTM", "", "../x", "os.system", "a" * 10_000)},
    **{f"a layer of {module}": layer("Dense", {"units": 3}, module)
       for module in ("os", "builtins", "subprocess", "keras_evil", "tensorflow", "__main__")},
    **{f"a loader {name}": setting(-1, "activation", {"module": module, "class_name": name,
                                                     "config": config})
       for module, name, config in (
           ("os", "system", "touch x"), ("builtins", "function", "eval"),
           ("keras", "__lambda__", {"class_name": "__lambda__", "config": {"value": "x"}}),
           ("keras.src.utils.file_utils", "function", "get_file"), ("numpy", "load", "x"),
           ("keras.config", "function", "enable_unsafe_deserialization"))},
    **{f"an activation {name!r}": setting(-1, "activation", name)
       for name in ("eval", "os.system", "nonsense", 7, [1], "../x")},
    **{f"units of {str(units)[:9]}": setting(-1, "units", units)
       for units in (0, -1, 3, "ten", None, 1.5, [10], 2**63)},
    **{f"an input of {shape}": setting(0, "batch_shape", shape)
       for shape in ([None, 28, 28], [None, 32, 32, 3], [None, 0, 28, 1], [None, -1, 28, 1], "x",
                     [None, None, None, 1], [7, 28, 28, 1])},
    "no layers": lambda a: a["config"].update(layers=[]),
    "layers of text": lambda a: a["config"].update(layers="x"),
    "a deep description": lambda _: DEEP,
    "a description that is a list": lambda _: [1],
    "no class": lambda a: a.pop("class_name") and None,
    "compiled with code": lambda a: a.update(
        compile_config={"loss": {"module": "os", "class_name": "system", "config": "touch x"}}
    ),
}  # fmt: skip

# These may be imported or refused.
MODELS: dict[str, Maker] = {
    **{name: partial(described, change) for name, change in LAYERS.items()},
    **{f"a member {what}": partial(with_members, {NAMES[what]: b"x"})
       for what in ("above", "absolute")},
    **{f"a pickle as {name}": partial(pickled_inside, name)
       for name in ("model.weights.npz", "assets/it.pkl", "model.weights.h5")},
    **{f"a pickle that ends in {ending}": partial(pickled, ending)
       for ending in (".keras", ".h5", ".pkl", ".pt", ".npz", "")},
    **{f"a part of a {ending} that is {kind}": partial(linked, kind, ending)
       for kind in ("external", "soft", "stored elsewhere", "virtual", "a maze")
       for ending in (".h5", ".keras")},
    **{f"weights of {value} in {ending}": partial(plain, ending=ending, value=value)
       for value in (float("nan"), float("inf"), 1e38, 0.0) for ending in (".keras", ".h5")},
    **{f"{share:.0%} of a {ending}": partial(truncated, ending, share)
       for share in (0, 0.1, 0.5, 0.99) for ending in (".keras", ".h5")},
    **{f"{content[:9]!r} as {ending}": partial(of_bytes, content, ending)
       for content in (b"text" * 99, bytes(9999), b"\x89HDF\r\n\x1a\n" + bytes(999))
       for ending in (".keras", ".h5")},
}  # fmt: skip

# Their memory can only be measured in a process of their own: tests.soak.bad_networks.
HUNGRY: dict[str, Change] = {
    "a billion units": layer("Dense", {"units": 1_000_000_000}),
    "pictures of a gigapixel": blown_up,
}
