"""Networks from TensorFlow SavedModels, which have a graph instead of layers."""

import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tensorflow as tf

from digitrec.arrays import Digits, Floats
from digitrec.errors import DatasetError, ModelError
from digitrec.exchange.input_scale import UNSCALED, Scale
from digitrec.recognition.tensor_format import is_color, takes_digits
from digitrec.system.archives import open_member, open_zip
from digitrec.training.conversion.allowed_operations import check_graph

# The batch size if the graph doesn't define one.
BATCH_SIZE = 100


class GraphNetwork:
    """The serving signature of a SavedModel for digits.

    Args:
        folder: The SavedModel.
        name: Its name, for error messages.

    Attributes:
        shape: The shape of its input, without the batch.
        parameters: The number of its parameters.

    Raises:
        ModelError: If it has no such signature, or does more than compute.
    """

    def __init__(self, folder: Path, name: str) -> None:
        check_graph(folder, name)
        # Kept, because its variables are freed with it.
        self._loaded = tf.saved_model.load(str(folder))
        self._signature = _signature(self._loaded, name)
        (self._input,) = self._signature.structured_input_signature[1].values()
        (self._output,) = self._signature.structured_outputs.values()
        self.shape = tuple(int(size) for size in self._input.shape[1:])
        self.parameters = sum(math.prod(v.shape) for v in self._signature.variables)

    def outputs(self, pictures: Digits, scale: Scale) -> Floats:
        """Return the graph's outputs, float32 (n, classes), for pictures, uint8 (n, 28, 28)."""
        serve = self._function(scale, softmax=False)
        at_once = self._input.shape[0] or BATCH_SIZE
        values = pictures[..., None].astype(np.float32) / np.float32(255)
        parts = [values[i : i + at_once] for i in range(0, len(values), at_once)]
        return np.concatenate([serve(part).numpy() for part in parts])

    def to_litert(self, scale: Scale, *, softmax: bool) -> bytes:
        """Convert the graph to LiteRT with the input float32 (n, 28, 28, 1), 0 to 1.

        Args:
            scale: The pixel scale that the graph expects.
            softmax: Whether to add a softmax at its end.
        """
        function = self._function(scale, softmax=softmax).get_concrete_function()
        converter = tf.lite.TFLiteConverter.from_concrete_functions([function], self._loaded)
        return converter.convert()

    def _function(self, scale: Scale, *, softmax: bool) -> Any:
        name = next(iter(self._signature.structured_input_signature[1]))
        spec = tf.TensorSpec([self._input.shape[0], 28, 28, 1], tf.float32)

        def serve(pictures: tf.Tensor) -> tf.Tensor:
            values = pictures * scale.factor + scale.offset if scale != UNSCALED else pictures
            values = tf.repeat(values, 3, axis=-1) if is_color(self.shape) else values
            values = tf.cast(tf.reshape(values, [-1, *self.shape]), self._input.dtype)
            (answers,) = self._signature(**{name: values}).values()
            answers = tf.reshape(tf.cast(answers, tf.float32), [-1, math.prod(answers.shape[1:])])
            return tf.nn.softmax(answers) if softmax else answers

        return tf.function(serve, input_signature=[spec])


@contextmanager
def unpacked(file: Path) -> Iterator[Path]:
    """Yield the folder of a SavedModel, unpacked if it is a ZIP.

    Raises:
        ModelError: If the ZIP is damaged or has several SavedModels.
    """
    if file.is_dir():
        yield file
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            _unpack(file, folder)
        except DatasetError as error:
            raise ModelError(f"{file} can't be unpacked: {error}") from error
        yield folder


def _unpack(file: Path, folder: Path) -> None:
    with file.open("rb") as content, open_zip(content, file.name) as archive:
        paths = {PurePosixPath(member.filename): member for member in archive.infolist()}
        roots = [path.parent for path in paths if path.name == "saved_model.pb"]
        if len(roots) > 1:
            raise DatasetError(f"it has {len(roots)} SavedModels; import one at a time")
        (folder / "variables").mkdir()
        for path, member in paths.items():
            is_variables = path.parent == roots[0] / "variables"
            if is_variables or path == roots[0] / "saved_model.pb":
                target = folder / ("variables" if is_variables else "") / path.name
                with open_member(archive, member) as packed, target.open("wb") as unpacked_file:
                    shutil.copyfileobj(packed, unpacked_file)


def _signature(loaded: Any, name: str) -> Any:
    """Return the serving signature after checking its input and output."""
    signatures = loaded.signatures
    found = signatures.get("serving_default") or signatures.get("serve")
    if found is None:
        raise ModelError(f"{name} has no serving signature")
    inputs = list(found.structured_input_signature[1].values())
    outputs = list(found.structured_outputs.values())
    if [len(inputs), len(outputs)] != [1, 1] or not _is_for_digits(
        inputs[0].shape, outputs[0].shape
    ):
        raise ModelError(
            f"{name}: expected an input of 28 x 28 x 1 and 10 classes, or 11 with the non-digit "
            f"last; this network has an input of {_shape_text(inputs)} and an output of "
            f"{_shape_text(outputs)}"
        )
    return found


def _is_for_digits(taken: tf.TensorShape, given: tf.TensorShape) -> bool:
    if not taken.rank or not given.rank or None in [*taken[1:], *given[1:]]:
        return False
    return takes_digits(tuple(taken[1:])) and math.prod(given[1:]) in (10, 11)


def _shape_text(tensors: list[Any]) -> str:
    if len(tensors) != 1:
        return "several tensors"
    shape = tensors[0].shape
    return " x ".join(str(size) for size in shape[1:]) if shape.rank else "a tensor of any shape"
