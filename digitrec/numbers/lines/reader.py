"""Reads a line of digits at once, with a network that was trained with CTC.

It doesn't cut the line into digits, so it can read digits that touch. It has also learned to ignore
the paper's patterns and rules, and to tell thousands separators and final dashes from digits.
"""

import functools
import threading
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from digitrec.arrays import Doubles, Floats, Pixels
from digitrec.numbers.lines.symbols import BLANK, HEIGHT, PAPER_LEVEL, STRIDE, SYMBOLS

FILE = Path(__file__).with_name("line.tflite")
# The search keeps at most this many texts at each step, and ignores less probable classes.
KEPT_TEXTS = 12
LEAST_PROBABILITY = 1e-4
# Columns of paper after the end of a line, since the network looks ahead.
END_COLUMNS = 2 * STRIDE
# Lines longer than this, in pixels, aren't read: a number of 100 digits is shorter.
MAX_WIDTH = 4_000


class LineReading(NamedTuple):
    """The line reader's results for one line.

    Attributes:
        digits: Possible readings of its digits, each with its probability, 0 to 1, best first.
        written: The most probable text with its separators, such as ``"22.000-"``.
        answers: float32 (n, 13), the network's answer for every four columns.
        left: The column of its source at which it begins.
        scale: Columns of its source per column.
    """

    digits: list[tuple[str, float]]
    written: str
    answers: Floats
    left: float = 0.0
    scale: float = 1.0

    @property
    def has_marks(self) -> bool:
        """Whether something in the line isn't a digit."""
        return not self.written.isdecimal()

    def columns(self, digits: str) -> list[tuple[float, float]]:
        """Return where each of these digits is in the source: its first column, and its end."""
        middles = self.left + self.scale * STRIDE * (aligned(self.answers, digits) + 0.5)
        if len(middles) < 2:
            end = self.left + self.scale * STRIDE * len(self.answers)
            return [(self.left, end)] * len(middles)
        between = (middles[1:] + middles[:-1]) / 2
        half = float(np.median(np.diff(middles))) / 2
        edges = [middles[0] - half, *between, middles[-1] + half]
        return [(float(left), float(right)) for left, right in pairwise(edges)]


class LineReader:
    """Runs the network. One instance may serve many threads.

    Args:
        model: The bytes of a ``.tflite`` file. Input: float32 (1, 40, n, 1), 0 to 255. Output:
            float32 (1, n / 4, 13), probabilities.
    """

    def __init__(self, model: bytes) -> None:
        self._lock = threading.Lock()
        self._interpreter = Interpreter(model_content=model, num_threads=1)
        self._width = 0

    def read(self, line: Pixels) -> LineReading:
        """Read a line.

        Args:
            line: uint8 (40, n), as ``line_picture`` makes it.
        """
        answers = self._answers(line)
        texts = probable_texts(answers)
        by_digits: defaultdict[str, float] = defaultdict(float)
        for text, probability in texts:
            by_digits["".join(filter(str.isdecimal, text))] += probability
        ranked = sorted(by_digits.items(), key=lambda item: -item[1])
        return LineReading(ranked, texts[0][0], answers)

    def _answers(self, line: Pixels) -> Floats:
        width = -(-line.shape[1] // STRIDE) * STRIDE + END_COLUMNS
        padded = np.full((1, HEIGHT, width, 1), PAPER_LEVEL, np.float32)
        padded[0, :, : line.shape[1], 0] = line
        with self._lock:
            (taken,), (given,) = (
                self._interpreter.get_input_details(), self._interpreter.get_output_details()
            )  # fmt: skip
            if width != self._width:
                self._interpreter.resize_tensor_input(taken["index"], padded.shape)
                self._interpreter.allocate_tensors()
                self._width = width
            self._interpreter.set_tensor(taken["index"], padded)
            self._interpreter.invoke()
            return self._interpreter.get_tensor(given["index"])[0]


def probable_texts(answers: Floats) -> list[tuple[str, float]]:
    """Return the most probable texts, with their probabilities, by a prefix beam search.

    Hannun et al., First-pass large vocabulary continuous speech recognition using bi-directional
    recurrent DNNs, 2014.

    Args:
        answers: float32 (n, 13), probabilities of ``SYMBOLS`` and of *nothing new*.
    """
    # For each text: the probability that it ended with *nothing new*, and with its last symbol.
    texts = {"": (1.0, 0.0)}
    for step in answers:
        probable = [int(one) for one in np.flatnonzero(step > LEAST_PROBABILITY)]
        extended: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        for text, (blank, last) in texts.items():
            for one in probable:
                share = float(step[one])
                if one == BLANK:
                    _add(extended, text, (blank + last) * share, 0.0)
                elif text.endswith(SYMBOLS[one]):
                    _add(extended, text, 0.0, last * share)
                    _add(extended, text + SYMBOLS[one], 0.0, blank * share)
                else:
                    _add(extended, text + SYMBOLS[one], 0.0, (blank + last) * share)
        ranked = sorted(extended.items(), key=lambda item: -sum(item[1]))
        texts = dict(ranked[:KEPT_TEXTS])
    return [(text, sum(both)) for text, both in texts.items()]


def aligned(answers: Floats, digits: str) -> Doubles:
    """Return the step at which each digit is most probable, on the best path for all of them.

    Args:
        answers: float32 (n, 13), probabilities of ``SYMBOLS`` and of *nothing new*.
        digits: At most as many as there are steps.

    Returns:
        float64 (digits,), increasing.
    """
    logs = np.log(np.maximum(answers.astype(np.float64), 1e-9))
    score = np.full((len(digits) + 1, len(answers) + 1), -np.inf)
    score[0] = 0
    for place, digit in enumerate(digits):
        # Each digit takes one step; the best one before a step is the running maximum.
        reached = score[place, :-1] + logs[:, int(digit)]
        score[place + 1, 1:] = np.maximum.accumulate(reached)
    steps, end = np.zeros(len(digits)), len(answers)
    for place in range(len(digits) - 1, -1, -1):
        reached = score[place, :end] + logs[:end, int(digits[place])]
        end = int(reached.argmax())
        steps[place] = end
    return steps


def _add(
    texts: defaultdict[str, tuple[float, float]], text: str, blank: float, last: float
) -> None:
    before = texts[text]
    texts[text] = before[0] + blank, before[1] + last


@functools.cache
def shipped_line_reader() -> LineReader:
    """Return the line reader that ships with digitrec."""
    return LineReader(FILE.read_bytes())
