"""A network from a LiteRT (.tflite) file, which is served as it is."""

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
from digitrec.recognition.tensor_format import Feeding

# They run other parts of the file, or keep something from one picture to the next.
REFUSED = {
    "ASSIGN_VARIABLE", "CALL", "CALL_ONCE", "HASHTABLE", "HASHTABLE_FIND", "HASHTABLE_IMPORT", "IF",
    "READ_VARIABLE", "VAR_HANDLE", "WHILE",
}  # fmt: skip
# Eight bits tell probabilities to 1/256 each.
TOLERANCE = 0.03
LOOKED_AT = 64


class LiteRtNetwork(NamedTuple):
    """What a file holds.

    Attributes:
        content: The file, as it is served.
        feeding: How it is given pictures.
        scale: The scale of pixels that it wants.
        shape: What goes in, without the batch's size.
        classes: How many classes it knows: 10 or 11.
        parameters: About how many numbers it consists of.
    """

    content: bytes
    feeding: Feeding
    scale: Scale
    shape: tuple[int, ...]
    classes: int
    parameters: int


def read_litert(file: Path, mnist: Mnist) -> LiteRtNetwork:
    """Read a network, and find out on which scale it takes pixels.

    Raises:
        ModelError: If it is no network for digits that LiteRT can run.
    """
    content = file.read_bytes()
    shape, parameters = _inspect(content, file)

    def ask(pictures: Digits, scale: Scale) -> Floats:
        feeding = Feeding(scale.factor, scale.offset)
        return Recognizer(content, file.name, feeding=feeding).outputs(pictures)

    scale = find_scale(ask, mnist)
    outputs = ask(mnist.x_test[:LOOKED_AT], scale)
    if not np.isfinite(outputs).all():
        raise ModelError(f"{file}: its weights are damaged; what it answers are no numbers")
    feeding = Feeding(scale.factor, scale.offset, not are_probabilities(outputs, TOLERANCE))
    return LiteRtNetwork(content, feeding, scale, shape, outputs.shape[1], parameters)


def _inspect(content: bytes, file: Path) -> tuple[tuple[int, ...], int]:
    """Return what goes in, without the batch's size, and how many numbers the file holds."""
    try:
        interpreter = Interpreter(model_content=content)
        operators = interpreter._get_ops_details()
        inputs = interpreter.get_input_details()
    except (ValueError, RuntimeError) as error:
        raise ModelError(f"{file} isn't a LiteRT model, or is damaged: {error}") from error
    if strange := REFUSED & {operator["op_name"] for operator in operators}:
        raise ModelError(f"{file}: the operator {min(strange)} is not accepted")
    made = {int(tensor) for operator in operators for tensor in operator["outputs"]}
    made |= {int(described["index"]) for described in inputs}
    read = {int(tensor) for operator in operators for tensor in operator["inputs"]}
    sizes = {int(tensor["index"]): tensor["shape"] for tensor in interpreter.get_tensor_details()}
    parameters = sum(math.prod(sizes[index].tolist()) for index in read - made if index in sizes)
    return tuple(int(size) for size in inputs[0]["shape"][1:]), parameters
