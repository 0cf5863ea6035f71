"""A served model: pictures in, recognitions out."""

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from digitrec.errors import ModelError

DIGITS = 10


@dataclass(frozen=True)
class Recognition:
    """What a model makes of one picture.

    Attributes:
        digit: The most probable digit, 0 to 9.
        confidence: Its probability, 0 to 1.
        probabilities: The ten probabilities, by digit; they add up to 1.
    """

    digit: int
    confidence: float
    probabilities: tuple[float, ...]

    @classmethod
    def from_probabilities(cls, probabilities: npt.NDArray[np.float32]) -> "Recognition":
        """Make a recognition of float (10,) probabilities."""
        digit = int(probabilities.argmax())
        return cls(digit, float(probabilities[digit]), tuple(float(p) for p in probabilities))


class Recognizer:
    """Runs an exported model. One instance may serve many threads.

    Args:
        model: The bytes of a ``.tflite`` file: float32 (1, 28, 28, 1) from 0 to 1 in,
            float32 (1, 10) probabilities out.
        name: The model's name.

    Raises:
        ModelError: If the bytes are no such model.
    """

    def __init__(self, model: bytes, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"model {name!r} is no LiteRT model: {error}") from error
        (self._input,) = self._interpreter.get_input_details()
        (self._output,) = self._interpreter.get_output_details()
        shapes = tuple(self._input["shape"]), tuple(self._output["shape"])
        if shapes != ((1, 28, 28, 1), (1, DIGITS)):
            raise ModelError(
                f"model {name!r}: expected (1, 28, 28, 1) in and (1, 10) out, got "
                f"{tuple(map(int, shapes[0]))} and {tuple(map(int, shapes[1]))}"
            )

    def recognize(self, digit: npt.NDArray[np.uint8]) -> Recognition:
        """Recognise one preprocessed picture: uint8 (28, 28), white ink (255) on black."""
        return Recognition.from_probabilities(self.probabilities(digit[None])[0])

    def probabilities(self, digits: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return float32 (n, 10) for uint8 (n, 28, 28) preprocessed pictures."""
        inputs = digits[:, None, :, :, None].astype(np.float32) / 255
        result = np.empty((len(digits), DIGITS), np.float32)
        with self._lock:
            for row, single in zip(result, inputs, strict=True):
                self._interpreter.set_tensor(self._input["index"], single)
                self._interpreter.invoke()
                row[:] = self._interpreter.get_tensor(self._output["index"])[0]
        return result
