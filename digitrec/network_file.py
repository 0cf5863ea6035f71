"""What a network's file of another program says of itself, read without trusting it.

It takes neither Keras nor TensorFlow: what can't be taken in is mostly told here, before seconds
go by to load them.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py

from digitrec.errors import DatasetError, ModelError
from digitrec.zips import open_member, open_zip, read_member

MAX_FILE_BYTES = 500_000_000
MAX_DESCRIPTION_BYTES = 2_000_000

# Layers, and what they are described with, that only compute. A file with anything else is
# refused before it is loaded: Lambda and custom layers bring code of their own.
SAFE_LAYERS = {
    "Activation", "Add", "Average", "AveragePooling2D", "BatchNormalization", "Concatenate",
    "Conv2D", "Dense", "DepthwiseConv2D", "Dropout", "ELU", "Flatten", "Functional",
    "GaussianDropout", "GaussianNoise", "GlobalAveragePooling2D", "GlobalMaxPooling2D",
    "GroupNormalization", "InputLayer", "LayerNormalization", "LeakyReLU", "MaxPooling2D", "Model",
    "Multiply", "PReLU", "Permute", "ReLU", "Rescaling", "Reshape", "SeparableConv2D", "Sequential",
    "Softmax", "SpatialDropout2D", "UpSampling2D", "ZeroPadding2D",
}  # fmt: skip
SAFE_PARTS = {
    "Constant", "DTypePolicy", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity",
    "L1", "L1L2", "L2", "LecunNormal", "LecunUniform", "MaxNorm", "MinMaxNorm", "NonNeg", "Ones",
    "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "UnitNorm", "VarianceScaling",
    "Zeros", "__keras_tensor__",
}  # fmt: skip

# By these a layer says how large it is; its weights have as many along their last axis.
SIZES = {"Conv2D": "filters", "Dense": "units", "SeparableConv2D": "filters"}


def read_description(file: Path) -> dict[str, Any]:
    """Return how a file describes its network, in Keras's words, once it is found harmless.

    Args:
        file: A ``.keras`` or ``.h5`` file.

    Raises:
        ModelError: If it is no such file, is too large or not whole, or has a layer that is not of
            ``SAFE_LAYERS`` or has no weights.
    """
    if not file.is_file():
        raise ModelError(f"{file}: there is no such file")
    if file.suffix not in (".keras", ".h5"):
        raise ModelError(f"{file}: expected a .keras or .h5 file")
    if file.stat().st_size > MAX_FILE_BYTES:
        raise ModelError(f"{file} is larger than {MAX_FILE_BYTES:,} bytes")
    try:
        read = _from_keras if file.suffix == ".keras" else _from_h5
        description: dict[str, Any] = json.loads(read(file))
        _check_description(description, file)
        _check_weights(file, description)
    except (OSError, DatasetError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise ModelError(f"{file} is no {file.suffix} file of a whole Keras model") from error
    return description


def _from_keras(file: Path) -> bytes:
    with file.open("rb") as content, open_zip(content, file.name) as archive:
        return read_member(archive, archive.getinfo("config.json"), MAX_DESCRIPTION_BYTES)


def _from_h5(file: Path) -> str | bytes:
    with h5py.File(file, "r") as parts:
        description: str | bytes = parts.attrs["model_config"]
    if len(description) > MAX_DESCRIPTION_BYTES:
        raise ValueError("the description is too long")
    return description


def _check_weights(file: Path, description: dict[str, Any]) -> None:
    """Refuse a part that is elsewhere, and a layer that has no weights."""
    with _weights(file) as weights:
        if weights.visititems_links(_is_link) or weights.visititems(_is_elsewhere):
            raise ModelError(f"{file} is not whole: a part of it is elsewhere")
        found: set[int] = set()
        weights.visititems(lambda _, part: found.update(getattr(part, "shape", ())[-1:]))
    for part in _parts(description):
        if key := SIZES.get(part.get("class_name", "")):
            size = part["config"][key]
            if type(size) is not int or size not in found:
                raise ModelError(f"{file} has no weights for a layer of {str(size)[:20]!r} units")


@contextmanager
def _weights(file: Path) -> Iterator[h5py.File]:
    if file.suffix == ".h5":
        with h5py.File(file, "r") as weights:
            yield weights
        return
    with (
        tempfile.TemporaryFile() as unpacked,
        file.open("rb") as content,
        open_zip(content, file.name) as archive,
        open_member(archive, archive.getinfo("model.weights.h5")) as packed,
    ):
        shutil.copyfileobj(packed, unpacked)
        with h5py.File(unpacked, "r") as weights:
            yield weights


def _is_link(_: str, link: Any) -> bool | None:
    return isinstance(link, h5py.ExternalLink | h5py.SoftLink) or None


def _is_elsewhere(_: str, part: Any) -> bool | None:
    return (isinstance(part, h5py.Dataset) and bool(part.external or part.is_virtual)) or None


def _check_description(description: Any, file: Path) -> None:
    """Refuse a layer, or anything else with a class, that is not Keras's own."""
    if not isinstance(description, dict) or "class_name" not in description:
        raise ModelError(f"{file} holds no description of a network")
    # What the whole network was compiled with is not loaded.
    for part in _parts(description | {"compile_config": None}):
        if "class_name" in part and not _is_safe(part):
            raise ModelError(
                f"{file}: {str(part['class_name'])[:80]!r} is not accepted; a network may have "
                "only those of Keras's own layers that hold no code"
            )


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield each object of a description, those inside others, too."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _parts(one)


def _is_safe(part: dict[str, Any]) -> bool:
    package = str(part.get("module") or "keras").split(".", maxsplit=1)[0]
    return package == "keras" and part["class_name"] in SAFE_LAYERS | SAFE_PARTS
