"""Runs a network that reads strokes."""

import hashlib
import threading
from collections.abc import Sequence

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from digitrec.arrays import Floats, Points
from digitrec.errors import ModelError
from digitrec.ink.pen_path import CHANNELS, POINTS, drawing_features

CLASSES = 11


class StrokeReader:
    """Runs a network that reads strokes. One instance may serve many threads.

    Args:
        model: The bytes of a ``.tflite`` file. Its input is float32 (n, 96, 9), as
            ``drawing_features`` makes it; its output (n, 11), probabilities, *not a digit* last.
        name: The model's name.

    Attributes:
        version: SHA-256 of the model, in hexadecimal.

    Raises:
        ModelError: If the bytes aren't such a model.
    """

    def __init__(self, model: bytes, name: str) -> None:
        self.version = hashlib.sha256(model).hexdigest()
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=1)
            (self._input,) = self._interpreter.get_input_details()
            (self._output,) = self._interpreter.get_output_details()
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                f"the stroke reader of {name!r} isn't a LiteRT model: {error}"
            ) from error
        shapes = [tuple(tensor["shape"][1:].tolist()) for tensor in (self._input, self._output)]
        if shapes != [(POINTS, CHANNELS), (CLASSES,)]:
            raise ModelError(
                f"the stroke reader of {name!r}: expected an input of {POINTS} x {CHANNELS} and "
                f"{CLASSES} classes, got {shapes[0]} and {shapes[1]}"
            )

    def outputs(self, drawings: Sequence[Sequence[Points]]) -> Floats:
        """Return the network's probabilities, float32 (n, 11), *not a digit* last.

        Args:
            drawings: The traces of each drawing, in any unit; each has at least one point.
        """
        inputs = drawing_features(drawings)
        answers = [self._invoke(inputs[i : i + 1]) for i in range(len(inputs))]
        return np.concatenate([np.zeros((0, CLASSES), np.float32), *answers])

    def _invoke(self, features: Floats) -> Floats:
        with self._lock:
            self._interpreter.set_tensor(self._input["index"], features)
            self._interpreter.invoke()
            return self._interpreter.get_tensor(self._output["index"])
