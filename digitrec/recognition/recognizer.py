"""Runs an exported model: pictures in, recognized digits out."""

import hashlib
import math
import threading
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from msgspec import Meta
from PIL import Image

from digitrec.arrays import Digits, Floats
from digitrec.errors import ModelError
from digitrec.ink.multiple_digits import shows_multiple_digits
from digitrec.labels import NO_DIGIT
from digitrec.recognition.tensor_format import OWN, TensorFormat, takes_digits

DIGITS = 10
# The outputs for a picture rotated by these angles are averaged (test-time augmentation).
ROTATIONS_DEGREES = (0.0, 7.0, -7.0)
# float32 rounds probabilities very close to 1 up to 1, but no network is certain.
MAX_PROBABILITY = np.nextafter(np.float32(1), np.float32(0))
# Probabilities are kept this far from 0 and 1, so that their odds are finite.
MIN_ODDS_PROBABILITY = 1e-9


@dataclass(frozen=True)
class Calibration:
    """Calibration of a network, fitted on the validation split.

    Attributes:
        temperature: The logits of the ten digits are divided by it (Guo, Pleiss, Sun,
            Weinberger: On calibration of modern neural networks, 2017).
        digit_threshold: Pictures with a lower digit score are *not a digit*, 0 to 1.
    """

    temperature: Annotated[float, Meta(gt=0)] = 1.0
    digit_threshold: Annotated[float, Meta(ge=0, le=1)] = 0.0


@dataclass(frozen=True)
class Recognition:
    """A model's answer for one picture.

    Attributes:
        digit: The most probable digit, 0 to 9.
        confidence: Its probability, 0 to 1.
        probabilities: Probability of each digit, given that the picture shows one; they add up
            to 1.
        is_digit: Whether the picture shows a digit.
        digit_score: How much the picture looks like a digit, 0 to 1.
        not_digit: Probability of *not a digit*, 0 to 1; None for a model without that class.
    """

    digit: int
    confidence: float
    probabilities: tuple[float, ...]
    is_digit: bool
    digit_score: float
    not_digit: float | None = None

    @property
    def shares(self) -> tuple[float, ...]:
        """Probabilities of all possible answers; they add up to 1.

        The ten digits come first, then *not a digit* if the model has that class. The model's
        answer has the highest probability.
        """
        if self.not_digit is None:
            return self.probabilities
        return (*(p * (1 - self.not_digit) for p in self.probabilities), self.not_digit)

    @property
    def label(self) -> int:
        """The answer as a label: the digit, or ``NO_DIGIT``."""
        return self.digit if self.is_digit else NO_DIGIT


class Answers(NamedTuple):
    """A model's answers for many pictures.

    Attributes:
        probabilities: float32 (n, 10), rows add up to 1.
        digit_scores: float32 (n,), 0 to 1.
    """

    probabilities: Floats
    digit_scores: Floats


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
        version: SHA-256 of the model, in hexadecimal.

    Raises:
        ModelError: If the bytes aren't such a model.
    """

    def __init__(
        self,
        model: bytes,
        name: str,
        calibration: Calibration = Calibration(),
        tensor_format: TensorFormat = OWN,
        *,
        threads: int = 1,
    ) -> None:
        self.name = name
        self.calibration = calibration
        self.tensor_format = tensor_format
        self.version = hashlib.sha256(model).hexdigest()
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

    def recognize(self, digit: Digits) -> Recognition:
        """Recognize one preprocessed picture: uint8 (28, 28), white ink (255) on black."""
        (recognition,) = self.recognize_all(digit[None])
        return recognition

    def recognize_all(self, digits: Digits) -> list[Recognition]:
        """Recognize many preprocessed pictures: uint8 (n, 28, 28), white ink (255) on black."""
        answers = self.answers(digits)
        return [
            self._recognition(probabilities.tolist(), float(score))
            for probabilities, score in zip(*answers, strict=True)
        ]

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

    def answers(self, digits: Digits) -> Answers:
        """Recognize many preprocessed pictures: uint8 (n, 28, 28), white ink (255) on black.

        Pictures of several digits side by side get a digit score of 0.
        """
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


def interpret(outputs: Floats, temperature: float) -> Answers:
    """Split a network's outputs into calibrated digit probabilities and digit scores.

    Args:
        outputs: float32 (n, 10) or (n, 11), probabilities; *not a digit* is last.
        temperature: Divides the logits of the ten digits.

    Returns:
        The answers. For a network without *not a digit* the digit score is the confidence.
    """
    powers = np.clip(outputs[:, :DIGITS], 1e-9, 1) ** np.float32(1 / temperature)
    shares = powers / powers.sum(axis=1, keepdims=True)
    probabilities = np.minimum(shares, MAX_PROBABILITY)
    if outputs.shape[1] == DIGITS:
        return Answers(probabilities, shares.max(axis=1, initial=0))
    return Answers(probabilities, 1 - np.minimum(outputs[:, DIGITS], MAX_PROBABILITY))


def not_digit_share(score: float, threshold: float, best: float) -> float:
    """Return the probability of *not a digit*, such that the model's answer is the most probable.

    The model decides at its threshold rather than at 0.5, so the odds are taken relative to the
    threshold: there, *not a digit* and the most probable digit are equally probable.

    Args:
        score: The picture's digit score, 0 to 1.
        threshold: The lowest score of a digit, 0 to 1.
        best: Probability of the most probable digit, given that the picture shows one, 0 to 1.
    """
    odds = _odds(score) / _odds(threshold)
    return best / (best + odds)


def _odds(probability: float) -> float:
    clipped = min(max(probability, MIN_ODDS_PROBABILITY), 1 - MIN_ODDS_PROBABILITY)
    return clipped / (1 - clipped)


def _rotations(digit: Digits) -> Digits:
    picture = Image.fromarray(digit)
    return np.stack(
        [
            np.asarray(picture.rotate(degrees, Image.Resampling.BILINEAR)) if degrees else digit
            for degrees in ROTATIONS_DEGREES
        ]
    )
