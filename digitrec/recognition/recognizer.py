"""A served model: pictures in, recognitions out."""

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
from digitrec.ink.several import shows_several
from digitrec.labels import NO_DIGIT
from digitrec.recognition.input_format import OWN, Feeding, takes_digits

DIGITS = 10
# Each picture is looked at as it is and turned both ways; the answers' mean counts.
LOOKS_DEGREES = (0.0, 7.0, -7.0)
# No network is ever certain, but single precision rounds what is very close to 1 up to it.
MOST_CERTAIN = np.nextafter(np.float32(1), np.float32(0))
# What is certain is written as odds all the same.
CERTAIN = 1e-9


@dataclass(frozen=True)
class Calibration:
    """What makes a network's answers honest; measured on pictures that it was not trained on.

    Attributes:
        temperature: The logits of the ten digits are divided by it (Guo, Pleiss, Sun,
            Weinberger: On calibration of modern neural networks, 2017).
        digit_threshold: What scores less is no digit, 0 to 1.
    """

    temperature: Annotated[float, Meta(gt=0)] = 1.0
    digit_threshold: Annotated[float, Meta(ge=0, le=1)] = 0.0


@dataclass(frozen=True)
class Recognition:
    """What a model makes of one picture.

    Attributes:
        digit: The most probable digit, 0 to 9.
        confidence: Its probability, 0 to 1.
        probabilities: Those of the ten digits if the picture shows one; they add up to 1.
        is_digit: Whether the picture shows a digit at all.
        digit_score: How much speaks for that, 0 to 1.
        not_digit: How probable it is that the picture shows no digit, 0 to 1; None for a model
            that can't tell.
    """

    digit: int
    confidence: float
    probabilities: tuple[float, ...]
    is_digit: bool
    digit_score: float
    not_digit: float | None = None

    @property
    def shares(self) -> tuple[float, ...]:
        """The probabilities of all that the model can answer; they add up to 1.

        Those of the ten digits, then that of *not a digit* if the model knows it. The answer's is
        the highest.
        """
        if self.not_digit is None:
            return self.probabilities
        return (*(p * (1 - self.not_digit) for p in self.probabilities), self.not_digit)

    @property
    def label(self) -> int:
        """The answer as a label: the digit, or ``NO_DIGIT``."""
        return self.digit if self.is_digit else NO_DIGIT


class Answers(NamedTuple):
    """What a model makes of many pictures.

    Attributes:
        probabilities: float32 (n, 10), rows that add up to 1.
        digit_scores: float32 (n,), 0 to 1.
    """

    probabilities: Floats
    digit_scores: Floats


class Recognizer:
    """Runs an exported model. One instance may serve many threads.

    Args:
        model: The bytes of a ``.tflite`` file: (n, 28, 28, 1) in, or another shape of as many
            numbers; (n, 10) out, or (n, 11) with *no digit* last.
        name: The model's name.
        calibration: The model's calibration.
        feeding: How the model is given its pictures; as it is, pixels from 0 to 1 go in and
            probabilities come out.
        threads: On how many processor cores one picture is worked out. One leaves the others to
            other people's pictures; many pictures at once are done sooner with all.

    Attributes:
        version: SHA-256 of the model, in hexadecimal.

    Raises:
        ModelError: If the bytes are no such model.
    """

    def __init__(
        self,
        model: bytes,
        name: str,
        calibration: Calibration = Calibration(),
        feeding: Feeding = OWN,
        *,
        threads: int = 1,
    ) -> None:
        self.name = name
        self.calibration = calibration
        self.feeding = feeding
        self.version = hashlib.sha256(model).hexdigest()
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=threads)
            (self._input,) = self._interpreter.get_input_details()
            (self._output,) = self._interpreter.get_output_details()
            self._check_shapes()
            self._at_once = len(LOOKS_DEGREES)
            if not self._takes_at_once(self._at_once):
                self._interpreter = Interpreter(model_content=model, num_threads=threads)
                self._at_once = 1
                self._takes_at_once(1)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"model {name!r} is no LiteRT model: {error}") from error

    def recognize(self, digit: Digits) -> Recognition:
        """Recognise one preprocessed picture: uint8 (28, 28), white ink (255) on black."""
        (recognition,) = self.recognize_all(digit[None])
        return recognition

    def recognize_all(self, digits: Digits) -> list[Recognition]:
        """Recognise many preprocessed pictures: uint8 (n, 28, 28), white ink (255) on black."""
        answers = self.answers(digits)
        return [
            self._recognition(probabilities.tolist(), float(score))
            for probabilities, score in zip(*answers, strict=True)
        ]

    def _recognition(self, probabilities: list[float], score: float) -> Recognition:
        threshold, best = self.calibration.digit_threshold, max(probabilities)
        shows_several = score == 0
        can_tell = self.classes > DIGITS or threshold > 0 or shows_several
        limit = max(threshold, 0.5) if shows_several else threshold
        not_digit = not_digit_share(score, limit, best) if can_tell else None
        return Recognition(
            digit=probabilities.index(best),
            confidence=best * (1 - (not_digit or 0)),
            probabilities=tuple(probabilities),
            is_digit=score >= threshold and not shows_several,
            digit_score=score,
            not_digit=not_digit,
        )

    def answers(self, digits: Digits) -> Answers:
        """Recognize many preprocessed pictures: uint8 (n, 28, 28), white ink (255) on black.

        What shows several digits side by side scores 0.
        """
        means = [self._invoke(_looks(digit)).mean(axis=0) for digit in digits]
        outputs = np.array(means, np.float32).reshape(len(digits), self.classes)
        probabilities, scores = interpret(outputs, self.calibration.temperature)
        several = np.array([shows_several(digit) for digit in digits], bool)
        return Answers(probabilities, np.where(several, np.float32(0), scores))

    def outputs(self, digits: Digits) -> Floats:
        """Return what the network itself says of pictures as they are.

        Args:
            digits: uint8 (n, 28, 28).

        Returns:
            float32 (n, 10) or (n, 11).
        """
        looks = len(LOOKS_DEGREES)
        padded = np.concatenate([digits, np.zeros((-len(digits) % looks, 28, 28), np.uint8)])
        parts = [self._invoke(padded[i : i + looks]) for i in range(0, len(padded), looks)]
        return np.array(parts, np.float32).reshape(-1, self.classes)[: len(digits)]

    @property
    def classes(self) -> int:
        """How many classes the network knows: 10, or 11 with *no digit*."""
        return math.prod(self._output["shape"][1:].tolist())

    def _invoke(self, pictures: Digits) -> Floats:
        inputs = self.feeding.tensor(pictures, self._input)
        answers = []
        with self._lock:
            for start in range(0, len(inputs), self._at_once):
                part = inputs[start : start + self._at_once]
                self._interpreter.set_tensor(self._input["index"], part)
                self._interpreter.invoke()
                answers.append(self._interpreter.get_tensor(self._output["index"]))
        return self.feeding.answers(np.concatenate(answers), self._output)

    def _takes_at_once(self, count: int) -> bool:
        """Prepare the interpreter for this many pictures; some models only take one at a time."""
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
        wanted, found = tuple(self._input["shape"][1:]), tuple(self._output["shape"][1:])
        if not takes_digits(wanted) or self.classes not in (DIGITS, DIGITS + 1):
            raise ModelError(
                f"model {self.name!r}: expected 28 x 28 x 1 in and 10 or 11 classes out, got "
                f"{' x '.join(map(str, wanted))} and {' x '.join(map(str, found))}"
            )


def interpret(outputs: Floats, temperature: float) -> Answers:
    """Part what a network says into which digit it is, calibrated, and whether it is one.

    Args:
        outputs: float32 (n, 10) or (n, 11), probabilities; that of *no digit* last.
        temperature: What the logits of the ten digits are divided by.

    Returns:
        The answers. A network without *no digit* scores how sure it is of the digit.
    """
    powers = np.clip(outputs[:, :DIGITS], 1e-9, 1) ** np.float32(1 / temperature)
    shares = powers / powers.sum(axis=1, keepdims=True)
    probabilities = np.minimum(shares, MOST_CERTAIN)
    if outputs.shape[1] == DIGITS:
        return Answers(probabilities, shares.max(axis=1, initial=0))
    return Answers(probabilities, 1 - np.minimum(outputs[:, DIGITS], MOST_CERTAIN))


def not_digit_share(score: float, threshold: float, best: float) -> float:
    """Return the probability of *not a digit* beside those of the digits.

    A score is held against the model's threshold, not against one half. So the odds are counted
    from there: at the threshold the likeliest digit and *not a digit* are equally probable, and
    whichever the model answers is the more probable one.

    Args:
        score: The picture's digit score, 0 to 1.
        threshold: The score from which on a picture shows a digit, 0 to 1.
        best: The probability of the likeliest digit if the picture shows one.
    """
    odds = _odds(score) / _odds(threshold)
    return best / (best + odds)


def _odds(probability: float) -> float:
    inside = min(max(probability, CERTAIN), 1 - CERTAIN)
    return inside / (1 - inside)


def _looks(digit: Digits) -> Digits:
    picture = Image.fromarray(digit)
    return np.stack(
        [
            np.asarray(picture.rotate(degrees, Image.Resampling.BILINEAR)) if degrees else digit
            for degrees in LOOKS_DEGREES
        ]
    )
