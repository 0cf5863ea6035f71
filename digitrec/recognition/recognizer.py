"""Runs an exported model: pictures in, recognized digits out."""

import hashlib
import math
import threading
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from digitrec.arrays import Digit, Digits, Floats, Indices
from digitrec.errors import ModelError
from digitrec.ink.multiple_digits import shows_multiple_digits
from digitrec.ink.strokes import Strokes
from digitrec.recognition.answers import DIGITS, Answers, interpret, not_digit_share
from digitrec.recognition.calibration import UNCALIBRATED, Calibration
from digitrec.recognition.recognition import Opinion, Recognition
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.recognition.tensor_format import OWN, TensorFormat, takes_digits
from digitrec.recognition.vote import Vote, combined, version_of_both

# The outputs for a picture rotated by these angles are averaged (test-time augmentation).
ROTATIONS_DEGREES = (0.0, 7.0, -7.0)


class _Asked(NamedTuple):
    """What both networks say, and what they say together.

    Attributes:
        together: The model's answers.
        by_shape: The answers to the pictures.
        by_strokes: float32 (m, 11), the outputs for the drawings with known strokes.
        rows: intp (m,), the rows of these drawings.
    """

    together: Answers
    by_shape: Answers
    by_strokes: Floats
    rows: Indices


class Recognizer:
    """Runs an exported model. One instance may serve many threads.

    Args:
        model: The bytes of a ``.tflite`` file. Its input is (n, 28, 28, 1) or another shape of
            the same size; its output (n, 10), or (n, 11) with *not a digit* last.
        name: The model's name.
        calibration: The model's calibration.
        tensor_format: The model's input and output format; by default pixels from 0 to 1 and
            probabilities.
        threads: CPU cores per picture. One leaves the rest to other users; several are faster
            for many pictures at once.

    Attributes:
        version: SHA-256 of the model and of its stroke reader, in hexadecimal.

    Raises:
        ModelError: If the bytes aren't such a model.
    """

    def __init__(
        self,
        model: bytes,
        name: str,
        calibration: Calibration = UNCALIBRATED,
        tensor_format: TensorFormat = OWN,
        *,
        threads: int = 1,
    ) -> None:
        self.name = name
        self.calibration = calibration
        self.tensor_format = tensor_format
        self.version = hashlib.sha256(model).hexdigest()
        self.stroke_reader: StrokeReader | None = None
        self.vote = Vote()
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=threads)
            (self._input,) = self._interpreter.get_input_details()
            (self._output,) = self._interpreter.get_output_details()
            self._check_shapes()
            self._batch_size = len(ROTATIONS_DEGREES)
            if not self._accepts_batch(self._batch_size):
                self._interpreter = Interpreter(model_content=model, num_threads=threads)
                self._batch_size = 1
                self._accepts_batch(1)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"model {name!r} isn't a LiteRT model: {error}") from error

    def voting_with(self, stroke_reader: StrokeReader, vote: Vote) -> "Recognizer":
        """Return this model with a network that also votes where a drawing's strokes are known.

        Args:
            stroke_reader: The network.
            vote: The weights of the vote.
        """
        both = copy(self)
        both.stroke_reader, both.vote = stroke_reader, vote
        both.version = version_of_both(self.version, stroke_reader.version)
        return both

    def recognize(self, digit: Digit, strokes: Strokes = ()) -> Recognition:
        """Recognize one preprocessed drawing.

        Args:
            digit: uint8 (28, 28), white ink (255) on black.
            strokes: The pen's strokes; empty if they are unknown.
        """
        (recognition,) = self.recognize_all(digit[None], [strokes])
        return recognition

    def recognize_all(
        self, digits: Digits, drawn: Sequence[Strokes] | None = None
    ) -> list[Recognition]:
        """Recognize many preprocessed drawings.

        Args:
            digits: uint8 (n, 28, 28), white ink (255) on black.
            drawn: The strokes of each; None if they are all unknown.
        """
        asked = self._ask(digits, drawn)
        recognitions = [
            self._recognition(probabilities.tolist(), float(score))
            for probabilities, score in zip(*asked.together, strict=True)
        ]
        for row, output in zip(asked.rows.tolist(), asked.by_strokes, strict=True):
            recognitions[row] = replace(
                recognitions[row],
                by_shape=self._by_shape(asked.by_shape, row),
                by_strokes=self._by_strokes(output),
            )
        return recognitions

    def _by_shape(self, answers: Answers, row: int) -> Opinion:
        said = self._recognition(answers.probabilities[row].tolist(), answers.digit_scores[row])
        return Opinion(said.label, max(said.shares))

    def _by_strokes(self, output: Floats) -> Opinion:
        best = int(output[: self.classes].argmax())
        return Opinion(best, float(output[best]))

    def _recognition(self, probabilities: list[float], score: float) -> Recognition:
        threshold, best = self.calibration.digit_threshold, max(probabilities)
        is_several = score == 0
        can_tell = self.classes > DIGITS or threshold > 0 or is_several
        limit = max(threshold, 0.5) if is_several else threshold
        not_digit = not_digit_share(score, limit, best) if can_tell else None
        return Recognition(
            digit=probabilities.index(best),
            confidence=best * (1 - (not_digit or 0)),
            probabilities=tuple(probabilities),
            is_digit=score >= threshold and not is_several,
            digit_score=score,
            not_digit=not_digit,
        )

    def answers(self, digits: Digits, drawn: Sequence[Strokes] | None = None) -> Answers:
        """Recognize many preprocessed drawings; see ``recognize_all``.

        Pictures of several digits side by side get a digit score of 0.
        """
        return self._ask(digits, drawn).together

    def _ask(self, digits: Digits, drawn: Sequence[Strokes] | None) -> _Asked:
        by_shape = self._answers_by_shape(digits)
        known = [row for row, strokes in enumerate(drawn or ()) if strokes]
        rows = np.array(known if self.stroke_reader else [], np.intp)
        if self.stroke_reader is None or drawn is None or not len(rows):
            return _Asked(by_shape, by_shape, np.zeros((0, DIGITS + 1), np.float32), rows)
        by_strokes = self.stroke_reader.outputs([[s.points for s in drawn[row]] for row in rows])
        part = Answers(by_shape.probabilities[rows], by_shape.digit_scores[rows])
        voted = combined(part, by_strokes, self.vote)
        probabilities, scores = by_shape.probabilities.copy(), by_shape.digit_scores.copy()
        probabilities[rows] = voted.probabilities
        scores[rows] = self._scores(voted, part)
        return _Asked(Answers(probabilities, scores), by_shape, by_strokes, rows)

    def _scores(self, voted: Answers, by_shape: Answers) -> Floats:
        """Return the digit scores of a vote; several digits side by side keep their 0."""
        can_tell = self.classes > DIGITS
        scores = voted.digit_scores if can_tell else voted.probabilities.max(axis=1)
        return np.where(by_shape.digit_scores == 0, np.float32(0), scores)

    def _answers_by_shape(self, digits: Digits) -> Answers:
        means = [self._invoke(_rotations(digit)).mean(axis=0) for digit in digits]
        outputs = np.array(means, np.float32).reshape(len(digits), self.classes)
        probabilities, scores = interpret(outputs, self.calibration.temperature)
        several = np.array([shows_multiple_digits(digit) for digit in digits], bool)
        return Answers(probabilities, np.where(several, np.float32(0), scores))

    def outputs(self, digits: Digits) -> Floats:
        """Return the network's raw outputs, without rotations or calibration.

        Args:
            digits: uint8 (n, 28, 28).

        Returns:
            float32 (n, 10) or (n, 11).
        """
        size = len(ROTATIONS_DEGREES)
        padded = np.concatenate([digits, np.zeros((-len(digits) % size, 28, 28), np.uint8)])
        parts = [self._invoke(padded[i : i + size]) for i in range(0, len(padded), size)]
        return np.array(parts, np.float32).reshape(-1, self.classes)[: len(digits)]

    @property
    def classes(self) -> int:
        """Number of classes: 10, or 11 with *not a digit*."""
        return math.prod(self._output["shape"][1:].tolist())

    def _invoke(self, pictures: Digits) -> Floats:
        inputs = self.tensor_format.tensor(pictures, self._input)
        answers = []
        with self._lock:
            for start in range(0, len(inputs), self._batch_size):
                part = inputs[start : start + self._batch_size]
                self._interpreter.set_tensor(self._input["index"], part)
                self._interpreter.invoke()
                answers.append(self._interpreter.get_tensor(self._output["index"]))
        return self.tensor_format.answers(np.concatenate(answers), self._output)

    def _accepts_batch(self, count: int) -> bool:
        """Resize the input to a batch of pictures; some models only accept one at a time."""
        shape = [count, *self._input["shape"][1:].tolist()]
        try:
            self._interpreter.resize_tensor_input(self._input["index"], shape)
            self._interpreter.allocate_tensors()
            self._interpreter.set_tensor(
                self._input["index"], np.zeros(shape, self._input["dtype"])
            )
            self._interpreter.invoke()
        except (ValueError, RuntimeError):
            if count == 1:
                raise
            return False
        return self._interpreter.get_tensor(self._output["index"]).size == count * self.classes

    def _check_shapes(self) -> None:
        inputs, outputs = tuple(self._input["shape"][1:]), tuple(self._output["shape"][1:])
        if not takes_digits(inputs) or self.classes not in (DIGITS, DIGITS + 1):
            raise ModelError(
                f"model {self.name!r}: expected an input of 28 x 28 x 1 and 10 classes, or 11 with "
                f"the non-digit last; this network has an input of {' x '.join(map(str, inputs))} "
                f"and an output of {' x '.join(map(str, outputs))}"
            )


def _rotations(digit: Digits) -> Digits:
    picture = Image.fromarray(digit)
    return np.stack(
        [
            np.asarray(picture.rotate(degrees, Image.Resampling.BILINEAR)) if degrees else digit
            for degrees in ROTATIONS_DEGREES
        ]
    )
