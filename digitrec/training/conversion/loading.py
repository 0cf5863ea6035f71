"""Loads Keras networks from other programs' files, of any version since Keras 2."""

import json
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras

from digitrec.exchange.foreign_files import FileKind, opened_weights, read_config
from digitrec.exchange.old_keras import modern, modern_weights


def load_safely(file: Path, kind: FileKind) -> keras.Model:
    """Load a network without running any code in its file.

    Args:
        file: A Keras file.
        kind: ``KERAS`` or ``HDF5``.

    Raises:
        ModelError: If it is damaged or has a layer that isn't allowed.
        Exception: If Keras can't build the network.
    """
    config = modern(read_config(file, kind))
    with tempfile.TemporaryDirectory() as folder:
        write = _write_h5 if kind == FileKind.HDF5 else _write_keras
        readable = write(file, config, Path(folder))
        return keras.models.load_model(readable, compile=False, safe_mode=True)


def _write_h5(file: Path, config: dict[str, Any], folder: Path) -> Path:
    """Copy an HDF5 file, with a configuration for Keras 3."""
    readable = Path(shutil.copyfile(file, folder / "network.h5"))
    with h5py.File(readable, "r+") as copy:
        copy.attrs["model_config"] = json.dumps(config)
    return readable


def _write_keras(file: Path, config: dict[str, Any], folder: Path) -> Path:
    """Copy a .keras file, with a configuration and paths of weights for Keras 3."""
    weights = folder / "weights.h5"
    with opened_weights(file, FileKind.KERAS) as old, h5py.File(weights, "w") as new:
        _copy_weights(old, new)
    with zipfile.ZipFile(folder / "network.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("metadata.json", json.dumps({"keras_version": keras.__version__}))
        archive.write(weights, "model.weights.h5")
    return folder / "network.keras"


def _copy_weights(old: h5py.File, new: h5py.File) -> None:
    paths: list[str] = []
    old.visit(paths.append)
    for path, target in modern_weights(paths).items():
        is_array = isinstance(old[path], h5py.Dataset)
        if is_array and not path.startswith(("optimizer", "metrics")):
            old.copy(path, new, target)
