"""Checks network files from other programs, without trusting them and without TensorFlow.

Most unusable files are rejected here, before TensorFlow spends seconds loading.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import h5py

from digitrec.errors import DatasetError, ModelError
from digitrec.exchange.allowed_layers import config_objects, is_allowed
from digitrec.system.archives import open_member, open_zip, read_member

MAX_FILE_BYTES = 500_000_000
MAX_CONFIG_BYTES = 2_000_000

# The size settings of layers; a weight array of the layer has this size along one axis.
SIZE_SETTINGS = ("filters", "units", "key_dim")

HOW_TO_SAVE = 'save the whole model with model.save("mnist.keras") and import that file'


class FileKind(StrEnum):
    """The format of a network file, detected by content, not by name."""

    KERAS = "Keras"
    HDF5 = "Keras HDF5"
    SAVED_MODEL = "SavedModel"
    LITERT = "LiteRT"


def file_kind(file: Path) -> FileKind:
    """Detect the format of a network file.

    Args:
        file: A file, or the folder of a SavedModel.

    Raises:
        ModelError: If it doesn't exist, is too large, or has a format that can't be imported.
    """
    if file.is_dir():
        if (file / "saved_model.pb").is_file():
            return FileKind.SAVED_MODEL
        raise ModelError(f"{file} isn't a SavedModel: there is no saved_model.pb in that folder")
    if not file.is_file():
        raise ModelError(f"{file}: there is no such file")
    if file.stat().st_size > MAX_FILE_BYTES:
        raise ModelError(f"{file} is larger than {MAX_FILE_BYTES:,} bytes")
    with file.open("rb") as content:
        head = content.read(64)
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return FileKind.HDF5
    if head[4:8] == b"TFL3":
        return FileKind.LITERT
    if head.startswith(b"PK"):
        return _kind_of_zip(file)
    raise ModelError(f"{file} {_other_kind(file, head)}")


def _kind_of_zip(file: Path) -> FileKind:
    try:
        with file.open("rb") as content, open_zip(content, file.name) as archive:
            names = archive.namelist()
    except DatasetError as error:
        raise ModelError(f"{file} is damaged, or isn't a complete Keras model") from error
    if "config.json" in names:
        return FileKind.KERAS
    if any(Path(name).name == "saved_model.pb" for name in names):
        return FileKind.SAVED_MODEL
    if any(name.endswith("data.pkl") for name in names):
        raise ModelError(f"{file} is a PyTorch file; digitrec imports Keras, LiteRT and SavedModel")
    raise ModelError(f"{file} is a ZIP without a network; expected a Keras model or a SavedModel")


def _other_kind(file: Path, head: bytes) -> str:
    """Say what kind of file can't be imported, and what to do instead."""
    if head.startswith(b"\x80"):
        return f"is a Python pickle, which can contain code; {HOW_TO_SAVE}"
    if head.lstrip().startswith((b"{", b"[")):
        return f"has no weights; {HOW_TO_SAVE}"
    if file.name == "saved_model.pb":
        return "is only part of a SavedModel; import its folder, or a ZIP of it"
    if file.suffix.lower() == ".onnx":
        return f"is an ONNX file; digitrec imports Keras, LiteRT and SavedModel: {HOW_TO_SAVE}"
    return (
        "isn't a network that can be imported; expected a .keras, .h5, .hdf5 or .tflite file, or a "
        f"SavedModel: {HOW_TO_SAVE}"
    )


def suggested_name(file_name: str) -> str:
    """Derive a valid model name from a file name."""
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(file_name).stem)
    return words.strip("._-")[:64] or "imported"


def check_network(file: Path) -> FileKind:
    """Detect a file's format, and reject unusable files that TensorFlow isn't needed to recognize.

    Raises:
        ModelError: For the reasons of ``file_kind`` and ``read_config``.
    """
    kind = file_kind(file)
    if kind in (FileKind.KERAS, FileKind.HDF5):
        read_config(file, kind)
    return kind


def read_config(file: Path, kind: FileKind) -> dict[str, Any]:
    """Return the config of a Keras network after checking that it is safe to load.

    Args:
        file: The file.
        kind: ``KERAS`` or ``HDF5``.

    Returns:
        The config, as the version of Keras that saved it writes it.

    Raises:
        ModelError: If the file is damaged, or a layer isn't allowed or has no weights.
    """
    try:
        read = _from_keras if kind == FileKind.KERAS else _from_h5
        config: dict[str, Any] = json.loads(read(file))
        _check_config(config, file)
        _check_weights(file, kind, config)
    except (OSError, DatasetError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise ModelError(f"{file} is damaged, or isn't a complete Keras model") from error
    return config


def _from_keras(file: Path) -> bytes:
    with file.open("rb") as content, open_zip(content, file.name) as archive:
        return read_member(archive, archive.getinfo("config.json"), MAX_CONFIG_BYTES)


def _from_h5(file: Path) -> str | bytes:
    with h5py.File(file, "r") as contents:
        if "model_config" not in contents.attrs and _are_weights(contents):
            raise ModelError(f"{file} has only the weights of a network; {HOW_TO_SAVE}")
        config: str | bytes = contents.attrs["model_config"]
    if len(config) > MAX_CONFIG_BYTES:
        raise ValueError("the configuration is too long")
    return config


def _are_weights(contents: h5py.File) -> bool:
    """Return whether a file was written by ``save_weights`` of any version of Keras."""
    groups = {re.split(r"[\\/]", name)[0] for name in contents}
    return "layer_names" in contents.attrs or bool(
        groups & {"layers", "_layer_checkpoint_dependencies"}
    )


def _check_weights(file: Path, kind: FileKind, config: dict[str, Any]) -> None:
    """Reject links to other files, and layers without weights."""
    with opened_weights(file, kind) as weights:
        if weights.visititems_links(_is_link) or weights.visititems(_is_external):
            raise ModelError(f"{file} is incomplete: it refers to another file")
        found: set[int] = set()
        weights.visititems(lambda _, part: found.update(getattr(part, "shape", None) or ()))
    for part in config_objects(config):
        for size in _sizes(part):
            if type(size) is not int or size not in found:
                raise ModelError(f"{file} has no weights for a layer of size {str(size)[:20]!r}")


def _sizes(part: dict[str, Any]) -> list[Any]:
    settings = part.get("config") if "class_name" in part else None
    return (
        [settings[key] for key in SIZE_SETTINGS if key in settings]
        if isinstance(settings, dict)
        else []
    )


@contextmanager
def opened_weights(file: Path, kind: FileKind) -> Iterator[h5py.File]:
    """Open the HDF5 file with a network's weights, unpacking it from a ``.keras`` file."""
    if kind == FileKind.HDF5:
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


def _is_external(_: str, part: Any) -> bool | None:
    return (isinstance(part, h5py.Dataset) and bool(part.external or part.is_virtual)) or None


def _check_config(config: Any, file: Path) -> None:
    """Reject layers, and other objects with a class, that aren't on the allowlist."""
    if not isinstance(config, dict) or "class_name" not in config:
        raise ModelError(f"{file} has no network configuration")
    # The compile config isn't loaded.
    for part in config_objects(config | {"compile_config": None}):
        if "class_name" in part and not is_allowed(part):
            raise ModelError(
                f"{file}: {str(part['class_name'])[:80]!r} isn't allowed; use only built-in Keras "
                "layers without code"
            )
