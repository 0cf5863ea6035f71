"""Networks to and from other programs' files.

Only a process that needs TensorFlow anyway imports this module.
"""

import json
import shutil
import tempfile
import warnings
import zipfile
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
from digitrec.results import export_and_evaluate
from digitrec.runs import Run

MAX_IMPORT_BYTES = 500_000_000
MAX_DESCRIPTION_BYTES = 5_000_000

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

    No code inside the file is run: only layers of ``SAFE_LAYERS`` are accepted.

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
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(f"{file} can't be loaded: {reason}") from error
    mnist = load_mnist()

    def fill(run: Run) -> None:
        run.write_whole(run.next_path(run.keras_path).name, model.save)
        report = export_and_evaluate(run, model, mnist, None)
        run.write_results(report | {"imported_from": file.name})
        run.append_event("finished", test_accuracy=report["test_accuracy"])

    return store.create_run(None, file.stem if name is None else name, fill)


def _load_safely(file: Path) -> keras.Model:
    if not file.is_file():
        raise ModelError(f"{file}: there is no such file")
    if file.suffix not in (".keras", ".h5"):
        raise ModelError(f"{file}: expected a .keras or .h5 file")
    if file.stat().st_size > MAX_IMPORT_BYTES:
        raise ModelError(f"{file} is larger than {MAX_IMPORT_BYTES:,} bytes")
    architecture = _read_architecture(file)
    if not isinstance(architecture, dict) or "class_name" not in architecture:
        raise ModelError(f"{file} holds no description of a network")
    # What the whole network was compiled with is not loaded.
    _check_layers(architecture | {"compile_config": None}, file)
    with tempfile.TemporaryDirectory() as folder:
        readable = Path(shutil.copyfile(file, Path(folder) / file.name))
        if file.suffix == ".h5":
            _add_input_layer(architecture, readable)
        return keras.models.load_model(readable, compile=False, safe_mode=True)


def _add_input_layer(architecture: dict[str, Any], file: Path) -> None:
    """Give a Sequential of Keras 2.3 or older the input layer that Keras 3 wants."""
    layers = architecture["config"]["layers"]
    shape = layers[0]["config"].get("batch_input_shape")
    if layers[0]["class_name"] != "InputLayer" and shape:
        layers.insert(0, {"class_name": "InputLayer", "config": {"batch_input_shape": shape}})
        with h5py.File(file, "r+") as archive:
            archive.attrs["model_config"] = json.dumps(architecture)


def _read_architecture(file: Path) -> Any:
    """Read the description of the layers, which is plain JSON in both formats."""
    try:
        if file.suffix == ".keras":
            with zipfile.ZipFile(file) as archive, archive.open("config.json") as description:
                return json.loads(description.read(MAX_DESCRIPTION_BYTES))
        with h5py.File(file, "r") as archive:
            _check_stays_inside(archive, file)
            return json.loads(archive.attrs["model_config"])
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{file} is no {file.suffix} file of a whole Keras model") from error


def _check_stays_inside(group: h5py.Group, file: Path) -> None:
    """Refuse a file that says that a part of it is in another file."""
    for name in group:
        if isinstance(group.get(name, getlink=True), h5py.ExternalLink | h5py.SoftLink):
            raise ModelError(f"{file} is not whole: a part of it is a link")
        part = group[name]
        if isinstance(part, h5py.Group):
            _check_stays_inside(part, file)
        elif isinstance(part, h5py.Dataset) and (part.external or part.is_virtual):
            raise ModelError(f"{file} is not whole: a part of it is in another file")


def _check_layers(architecture: Any, file: Path) -> None:
    """Refuse an architecture with a layer, or anything else, that is not Keras's own."""
    if isinstance(architecture, list):
        for part in architecture:
            _check_layers(part, file)
    elif isinstance(architecture, dict):
        if "class_name" in architecture and not _is_safe(architecture):
            raise ModelError(
                f"{file}: {str(architecture['class_name'])[:80]!r} is not accepted; a network "
                "may have only those of Keras's own layers that hold no code"
            )
        for part in architecture.values():
            _check_layers(part, file)


def _is_safe(part: dict[str, Any]) -> bool:
    package = str(part.get("module") or "keras").split(".", maxsplit=1)[0]
    return package == "keras" and part["class_name"] in SAFE_LAYERS | SAFE_PARTS


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
