"""Networks to and from other programs' files.

Only a process that needs TensorFlow anyway imports this module.
"""

import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from digitrec.architectures import load_network
from digitrec.configuration import EXPORT_FORMATS
from digitrec.datasets.mnist import load_mnist
from digitrec.errors import BadInputError, DigitrecError, ModelError
from digitrec.model_store import ModelStore
from digitrec.network_file import read_description
from digitrec.results import export_and_evaluate
from digitrec.runs import Run


def export_model(run: Run, file_format: str, target: Path) -> Path:
    """Write a run's model in another program's format.

    Args:
        run: A run that left a model.
        file_format: One of ``EXPORT_FORMATS``.
        target: The file to write; a folder for ``saved-model``. It must not exist.

    Returns:
        The target.

    Raises:
        ModelError: If the model is missing or damaged.
        BadInputError: If the target exists or can't be written.
    """
    ending = EXPORT_FORMATS[file_format]
    if target.suffix != ending and ending:
        raise BadInputError(f"a {file_format} file ends in {ending}, got {target.name}")
    if target.exists():
        raise BadInputError(f"{target} exists already; choose another name or remove it first")
    if not target.parent.is_dir():
        raise BadInputError(f"{target.parent} is no folder")
    if file_format == "litert":
        target.write_bytes(run.model_bytes())
    elif file_format == "keras":
        load_network(run.keras_path)
        shutil.copyfile(run.keras_path, target)
    else:
        _convert(load_network(run.keras_path), file_format, target)
    return target


def _convert(model: keras.Model, file_format: str, target: Path) -> None:
    model(keras.ops.zeros((1, 28, 28, 1)))  # Keras exports only what was called once.
    try:
        warnings.simplefilter("ignore")  # The converters warn of one another.
        if file_format == "h5":
            model.save(target)
        elif file_format == "onnx":
            model.export(target, format="onnx", verbose=False)
        else:
            model.export(target, format="tf_saved_model", verbose=False)
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise DigitrecError(f"the export to {file_format} failed: {reason}") from error


def import_model(store: ModelStore, file: Path, name: str | None = None) -> Run:
    """Take a network from a ``.keras`` or ``.h5`` file into the models folder.

    No code inside the file is run: see ``read_description``.

    Args:
        store: Where the model goes.
        file: The file; 28 x 28 x 1 in (0 to 1, white ink on black); 10 classes out, or 11
            with *no digit* last.
        name: The model's name; None takes the file's.

    Raises:
        ModelError: If the file is no such network.
        ConfigurationError: If the name can't be one, or is taken.
    """
    try:
        model = _with_probabilities(_load_safely(file), file)
    except DigitrecError:
        raise
    except Exception as error:
        if isinstance(error, MemoryError) or "OOM when allocating" in str(error):
            raise ModelError(f"{file} can't be loaded: it takes too much memory") from error
        raise ModelError(f"{file} can't be loaded: {_reason(error)}") from error
    mnist = load_mnist()

    def fill(run: Run) -> None:
        run.write_whole(run.next_path(run.keras_path).name, model.save)
        report = export_and_evaluate(run, model, mnist, None)
        run.write_results(report | {"imported_from": file.name})
        run.append_event("finished", test_accuracy=report["test_accuracy"])

    return store.create_run(None, file.stem if name is None else name, fill)


def _reason(error: Exception) -> str:
    """Return the sentence that says why: Keras puts it behind others."""
    words = str(error).rpartition("Exception encountered:")[2]
    _, found, example = words.partition("Example error message for object")
    if found:
        words = example.partition("\n")[2]
    return (words.strip() or type(error).__name__).splitlines()[0]


def _load_safely(file: Path) -> keras.Model:
    description = read_description(file)
    with tempfile.TemporaryDirectory() as folder:
        readable = Path(shutil.copyfile(file, Path(folder) / file.name))
        if file.suffix == ".h5":
            _add_input_layer(description, readable)
        return keras.models.load_model(readable, compile=False, safe_mode=True)


def _add_input_layer(description: dict[str, Any], file: Path) -> None:
    """Give a Sequential of Keras 2.3 or older the input layer that Keras 3 wants."""
    layers = description["config"]["layers"]
    shape = layers[0]["config"].get("batch_input_shape")
    if layers[0]["class_name"] != "InputLayer" and shape:
        layers.insert(0, {"class_name": "InputLayer", "config": {"batch_input_shape": shape}})
        with h5py.File(file, "r+") as archive:
            archive.attrs["model_config"] = json.dumps(description)


def _with_probabilities(model: keras.Model, file: Path) -> keras.Model:
    """Check what goes in and out, and end the network in a softmax if it has none."""
    shapes = [_shape(tensors) for tensors in (model.inputs, model.outputs)]
    if shapes[0] != (28, 28, 1) or shapes[1] not in ((10,), (11,)):
        raise ModelError(
            f"{file}: expected a network with 28 x 28 x 1 in and 10 classes out, or 11 with no "
            "digit last, "
            f"got {_words(shapes[0])} in and {_words(shapes[1])} out"
        )
    if model.inputs[0].dtype != "float32":
        raise ModelError(f"{file}: expected float32 from 0 to 1 in, got {model.inputs[0].dtype}")
    sample = load_mnist().x_test[:64, ..., None] / 255.0
    answers = keras.ops.convert_to_numpy(model(sample.astype("float32"), training=False))
    if not np.isfinite(answers).all():
        raise ModelError(f"{file}: its weights are damaged; what it answers are no numbers")
    if not (abs(answers.sum(axis=1) - 1) < 1e-3).all() or answers.min() < 0:
        model = keras.Sequential([keras.Input((28, 28, 1)), model, keras.layers.Softmax()])
    return model


def _shape(tensors: Any) -> tuple[int | None, ...] | None:
    return tuple(tensors[0].shape[1:]) if tensors and len(tensors) == 1 else None


def _words(shape: tuple[int | None, ...] | None) -> str:
    return "several tensors" if shape is None else " x ".join(str(size) for size in shape)
