"""A small network that decides whether a segment of a line is one whole digit.

It sees the segment and the ink beside it, but doesn't recognize which digit it is, so it works with
every model. ``training/single_digit_classifier.py`` trains it.
"""

import functools
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from digitrec.arrays import Digits, Floats, Ink
from digitrec.numbers.cuts import Segment

FILE = Path(__file__).with_name("single_digit.tflite")
HEIGHT, WIDTH = 28, 56
BATCH = 4


class SingleDigitClassifier:
    """Runs the network. One instance may serve many threads.

    Args:
        model: The bytes of a ``.tflite`` file. Input: float32 (n, 28, 56, 2), 0 to 1. Output:
            float32 (n, 1), probabilities.
    """

    def __init__(self, model: bytes) -> None:
        self._lock = threading.Lock()
        self._interpreter = Interpreter(model_content=model, num_threads=1)
        (self._input,) = self._interpreter.get_input_details()
        (self._output,) = self._interpreter.get_output_details()
        self._interpreter.resize_tensor_input(self._input["index"], [BATCH, HEIGHT, WIDTH, 2])
        self._interpreter.allocate_tensors()

    def probabilities(self, seen: Digits) -> Floats:
        """Return the probability that each window shows one whole digit, float32 (n,).

        Args:
            seen: uint8 (n, 28, 56, 2), as made by ``windows``.
        """
        padded = np.concatenate([seen, np.zeros((-len(seen) % BATCH, *seen.shape[1:]), np.uint8)])
        chunks = [self._invoke(padded[i : i + BATCH]) for i in range(0, len(padded), BATCH)]
        return np.concatenate([np.zeros(0, np.float32), *chunks])[: len(seen)]

    def _invoke(self, seen: Digits) -> Floats:
        with self._lock:
            self._interpreter.set_tensor(
                self._input["index"], seen.astype(np.float32) / np.float32(255)
            )
            self._interpreter.invoke()
            return self._interpreter.get_tensor(self._output["index"])[:, 0]


@functools.cache
def shipped_classifier() -> SingleDigitClassifier:
    """Return the classifier that ships with digitrec."""
    return SingleDigitClassifier(FILE.read_bytes())


def windows(line: Ink, segments: Sequence[Segment]) -> Digits:
    """Return the classifier's input for segments of a line.

    Args:
        line: float32 (height, width), 0 (paper) to 1 (ink).
        segments: Segments of the line, each with ink.

    Returns:
        uint8 (n, 28, 56, 2), white ink (255) on black: the segment, centered, in the first channel,
        and the rest of the ink in the second. The line's height is scaled to 28 pixels.
    """
    if not segments:
        return np.zeros((0, HEIGHT, WIDTH, 2), np.uint8)
    width = round(WIDTH * line.shape[0] / HEIGHT)
    own, every = np.zeros((2, len(segments), line.shape[0], width), np.float32)
    for index, segment in enumerate(segments):
        columns = np.flatnonzero(segment.ink.any(axis=0)) + segment.left
        left = round((columns[0] + columns[-1] + 1 - width) / 2)
        begin, end = max(0, left), min(line.shape[1], left + width)
        every[index, :, begin - left : end - left] = line[:, begin:end]
        begin, end = max(begin, segment.left), min(end, segment.left + segment.ink.shape[1])
        own[index, :, begin - left : end - left] = segment.ink[
            :, begin - segment.left : end - segment.left
        ]
    down, across = _shrinking(line.shape[0], HEIGHT), _shrinking(width, WIDTH).T
    own, every = down @ own @ across, down @ every @ across
    seen = np.stack([own, np.clip(every - own, 0, 1)], axis=-1)
    return np.rint(255 * seen).astype(np.uint8)


@functools.cache
def _shrinking(size: int, smaller: int) -> Ink:
    """Return the matrix that reduces rows like Pillow's box filter, float32 (smaller, size)."""
    one_each = Image.fromarray(np.eye(size, dtype=np.float32))
    return np.asarray(one_each.resize((size, smaller), Image.Resampling.BOX))
