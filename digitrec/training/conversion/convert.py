"""Imports networks from other programs' files, and exports to them."""

import dataclasses
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras

from digitrec.datasets.mnist import Mnist, load_mnist
from digitrec.errors import BadInputError, DigitrecError, ModelError
from digitrec.exchange.foreign_files import FileKind, check_network, suggested_name
from digitrec.exchange.formats import EXPORT_FORMATS
from digitrec.exchange.input_scale import are_probabilities, find_scale
from digitrec.exchange.litert_files import read_litert
from digitrec.recognition.tensor_format import OWN, TensorFormat
from digitrec.runs.model_store import ModelStore, cannot_be_trained
from digitrec.runs.run import Run
from digitrec.training.conversion.adapting import (
    PROBE_COUNT,
    Adapted,
    adapt_network,
    change_words,
)
from digitrec.training.conversion.loading import load_safely
from digitrec.training.conversion.saved_model import GraphNetwork, unpacked
from digitrec.training.export import default_calibration, export_and_measure, measure_served
from digitrec.training.keras_networks import load_network


def export_model(run: Run, file_format: str, target: Path) -> Path:
    """Write a run's model in another program's format.

    Args:
        run: A run with a model.
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
        raise BadInputError(f"expected a file name that ends in {ending}, got {target.name}")
    if target.exists():
        raise BadInputError(f"{target} already exists; choose another name or delete it first")
    if not target.parent.is_dir():
        raise BadInputError(f"{target.parent} isn't a folder")
    if file_format == "litert":
        target.write_bytes(run.model_bytes())
    elif run.has_model and not run.can_be_trained_further:
        raise ModelError(cannot_be_trained(run.title))
    elif file_format == "keras":
        load_network(run.keras_path)
        shutil.copyfile(run.keras_path, target)
    else:
        _convert(load_network(run.keras_path), file_format, target)
    return target


def _convert(model: keras.Model, file_format: str, target: Path) -> None:
    model(keras.ops.zeros((1, 28, 28, 1)))  # Keras can export a model only after a call.
    try:
        with warnings.catch_warnings(action="ignore"):  # The converters warn about each other.
            if file_format == "h5":
                model.save(target)
            else:
                as_keras_calls_it = "onnx" if file_format == "onnx" else "tf_saved_model"
                model.export(target, format=as_keras_calls_it, verbose=False)
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise DigitrecError(f"the export to {file_format} failed: {reason}") from error


def import_model(store: ModelStore, file: Path, name: str | None = None) -> Run:
    """Import a network from another program's file into the models folder.

    No code in the file is run. If the network needs another input or doesn't return probabilities,
    layers are added, and the report says so.

    Args:
        store: The store to import the model into.
        file: A Keras or LiteRT file, or a SavedModel's folder or a ZIP of it. It must take 28 x 28
            pixels in any shape and return 10 classes, or 11 with *not a digit* last.
        name: The model's name; None uses the file's name, numbered if that is taken.

    Raises:
        ModelError: If the file isn't such a network.
        ConfigurationError: If the name is invalid or taken.
    """
    kind = check_network(file)
    read = {FileKind.LITERT: _fill_from_litert, FileKind.SAVED_MODEL: _fill_from_graph}
    mnist = load_mnist()

    def fill(run: Run) -> None:
        if kind in read:
            report = read[kind](run, file, mnist)
        else:
            report = _fill_from_keras(run, file, kind, mnist)
        run.write_results(report | {"imported_from": file.name})
        run.append_event("finished", test_accuracy=report["test_accuracy"])

    with _explained(file):
        wanted = store.free_name(suggested_name(file.name)) if name is None else name
        return store.create_run(None, wanted, fill)


def load_adapted(file: Path, kind: FileKind, mnist: Mnist) -> Adapted:
    """Load a network with its layers and adapt it to digitrec.

    Args:
        file: A Keras file.
        kind: ``KERAS`` or ``HDF5``.
        mnist: The pictures to detect its pixel scale with.

    Raises:
        ModelError: If it isn't a network for digits, or can't be loaded.
    """
    with _explained(file):
        return adapt_network(load_safely(file, kind), mnist, str(file))


def _fill_from_keras(run: Run, file: Path, kind: FileKind, mnist: Mnist) -> dict[str, Any]:
    """Write a network with its layers to a run's folder, and return its report."""
    adapted = load_adapted(file, kind, mnist)
    run.write_atomically(run.next_path(run.keras_path).name, adapted.model.save)
    report = export_and_measure(run, adapted.model, mnist, None)
    return report | {"import_note": _note(file, adapted.changes)}


def _fill_from_graph(run: Run, file: Path, mnist: Mnist) -> dict[str, Any]:
    """Write a SavedModel as LiteRT to a run's folder, and return its report."""
    with unpacked(file) as folder:
        network = GraphNetwork(folder, str(file))
        scale = find_scale(network.outputs, mnist)
        outputs = network.outputs(mnist.x_test[:PROBE_COUNT], scale)
        softmax = not are_probabilities(outputs)
        content = network.to_litert(scale, softmax=softmax)
    changes = change_words(scale, network.shape, softmax=softmax)
    report = _serve(run, content, mnist, outputs.shape[1])
    return report | {
        "parameters": network.parameters,
        "import_note": _note(file, changes, has_layers=False),
    }


def _fill_from_litert(run: Run, file: Path, mnist: Mnist) -> dict[str, Any]:
    """Copy a LiteRT file to a run's folder, and return its report."""
    network = read_litert(file, mnist)
    changes = change_words(network.scale, network.shape, softmax=network.tensor_format.softmax)
    report = _serve(run, network.content, mnist, network.classes, network.tensor_format)
    return report | {
        "parameters": network.parameters,
        "feeding": dataclasses.asdict(network.tensor_format),
        "import_note": _note(file, changes, has_layers=False),
    }


def _serve(
    run: Run, content: bytes, mnist: Mnist, classes: int, tensor_format: TensorFormat = OWN
) -> dict[str, Any]:
    waiting = run.next_path(run.tflite_path)
    run.write_atomically(waiting.name, lambda path: path.write_bytes(content))
    return measure_served(run, mnist, default_calibration(classes), tensor_format)


def _note(file: Path, changes: list[str], *, has_layers: bool = True) -> str:
    """Describe in one sentence what the import did to a network."""
    done = f"; {' and '.join(changes)}" if changes else " without changes"
    rest = "" if has_layers else "; it has no Keras layers, so it can't be trained further"
    return f"Imported from {file.name}{done}{rest}."


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Turn all errors into ModelErrors that name the file, and hide Keras's warnings."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except DigitrecError:
        raise
    except Exception as error:
        if isinstance(error, MemoryError) or "OOM when allocating" in str(error):
            raise ModelError(f"{file} can't be loaded: it takes too much memory") from error
        raise ModelError(f"{file} can't be loaded: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Return the actual reason from Keras's longer message."""
    words = str(error).rpartition("Exception encountered:")[2]
    _, found, example = words.partition("Example error message for object")
    if found:
        words = example.partition("\n")[2]
    return (words.strip() or type(error).__name__).splitlines()[0]
