"""Imports LiteRT (.tflite) files, which are served unchanged."""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from digitrec.arrays import Digits, Floats
from digitrec.datasets.mnist import Mnist
from digitrec.errors import ModelError
from digitrec.exchange.input_scale import Scale, are_probabilities, find_scale
from digitrec.recognition.recognizer import Recognizer
from digitrec.recognition.tensor_format import TensorFormat

# Operators with control flow or state.
REJECTED_OPERATORS = {
    "ASSIGN_VARIABLE", "CALL", "CALL_ONCE", "HASHTABLE", "HASHTABLE_FIND", "HASHTABLE_IMPORT", "IF",
    "READ_VARIABLE", "VAR_HANDLE", "WHILE",
}  # fmt: skip
# In eight bits each probability is rounded to 1/256.
TOLERANCE = 0.03
CHECKED_PICTURES = 64


class LiteRtNetwork(NamedTuple):
    """A network in a LiteRT file.

    Attributes:
        content: The bytes of the file.
        tensor_format: Its input and output format.
        scale: The pixel scale of its input.
        shape: Input shape without the batch dimension.
        classes: Number of classes: 10 or 11.
        parameters: Approximate number of parameters.
    """

    content: bytes
    tensor_format: TensorFormat
    scale: Scale
    shape: tuple[int, ...]
    classes: int
    parameters: int


def read_litert(file: Path, mnist: Mnist) -> LiteRtNetwork:
    """Read a network and find its pixel scale.

    Raises:
        ModelError: If it isn't a network for digits that LiteRT can run.
    """
    content = file.read_bytes()
    shape, parameters = _inspect(content, file)

    def predict(pictures: Digits, scale: Scale) -> Floats:
        tensor_format = TensorFormat(scale.factor, scale.offset)
        return Recognizer(content, file.name, tensor_format=tensor_format).outputs(pictures)

    scale = find_scale(predict, mnist)
    outputs = predict(mnist.x_test[:CHECKED_PICTURES], scale)
    if not np.isfinite(outputs).all():
        raise ModelError(f"{file}: its weights are damaged; its outputs aren't finite numbers")
    tensor_format = TensorFormat(
        scale.factor, scale.offset, not are_probabilities(outputs, TOLERANCE)
    )
    return LiteRtNetwork(content, tensor_format, scale, shape, outputs.shape[1], parameters)


def _inspect(content: bytes, file: Path) -> tuple[tuple[int, ...], int]:
    """Return the input shape without the batch dimension, and the number of parameters."""
    try:
        interpreter = Interpreter(model_content=content)
        operators = interpreter._get_ops_details()
        inputs = interpreter.get_input_details()
    except (ValueError, RuntimeError) as error:
        raise ModelError(f"{file} isn't a LiteRT model, or is damaged: {error}") from error
    if rejected := REJECTED_OPERATORS & {operator["op_name"] for operator in operators}:
        raise ModelError(f"{file}: the operator {min(rejected)} isn't allowed")
    made = {int(tensor) for operator in operators for tensor in operator["outputs"]}
    made |= {int(details["index"]) for details in inputs}
    read = {int(tensor) for operator in operators for tensor in operator["inputs"]}
    sizes = {int(tensor["index"]): tensor["shape"] for tensor in interpreter.get_tensor_details()}
    parameters = sum(math.prod(sizes[index].tolist()) for index in read - made if index in sizes)
    return tuple(int(size) for size in inputs[0]["shape"][1:]), parameters
