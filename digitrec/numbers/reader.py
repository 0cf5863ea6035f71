"""Reads whole numbers from left to right: from strokes, where they are known, or from ink alone."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from digitrec.arrays import Digit, Doubles, Ink
from digitrec.errors import BadInputError, TooMuchInkError
from digitrec.ink.pen import render
from digitrec.ink.preprocessing import normalize, preprocess_traces
from digitrec.ink.several import has_tall_parts
from digitrec.ink.strokes import Stroke, Strokes
from digitrec.numbers.cuts import (
    FAINT,
    LINE_HEIGHT,
    LONGEST,
    MARGIN,
    CutLine,
    Line,
    Part,
    cut_line,
    extents,
)
from digitrec.numbers.judge import served_judge, windows
from digitrec.numbers.lattice import Path, Span, best_path, best_path_in_turn
from digitrec.recognition.recognizer import Recognition, Recognizer

# No digit is wider than so many times the height of its line, nor has more strokes.
WIDEST = 1.5
MOST_STROKES = 5
# A number has no more strokes, nor parts that may be digits: those composed of people's digits for
# the evaluation, up to six that touch, had 870 at most.
MOST_STROKES_OF_NUMBER = 80
MOST_PARTS = 1_500
# What the judge thinks less probable is not read, unless there is nothing else.
LEAST_PROBABLE = 0.003
UNREAD = -4.0
# Stands for whichever digit it is.
ANY = -1
# To leave ink out, where there is next to none.
NOTHING = -0.5
# Each digit of a picture has so many pixels: enough to tell how wide its strokes are.
DETAIL_SIDE = 80

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class NumberDigit:
    """One digit of a number.

    Attributes:
        recognition: What the model makes of it.
        digit_input: uint8 (28, 28), what the model was given.
        box: Left, top, right and bottom of its ink, in pixels of what was read.
        part: The numbers of its strokes; of ink, those of the cuts that it lies between.
    """

    recognition: Recognition
    digit_input: Digit
    box: Box
    part: tuple[int, ...]


@dataclass(frozen=True)
class Number:
    """What a line of ink says.

    Attributes:
        digits: From left to right; one at least.
        confidence: How probable its digits are, 0 to 1, however the ink is parted to them.
        effort: How many parts of the ink were looked at, and how many of them read.
    """

    digits: tuple[NumberDigit, ...]
    confidence: float
    effort: int = 0

    @property
    def text(self) -> str:
        """The digits as a string."""
        return "".join(str(digit.recognition.digit) for digit in self.digits)


def read_line(recognizer: Recognizer, line: Line, text: str | None = None) -> Number:
    """Read a number from ink alone.

    Args:
        recognizer: The model that reads the digits.
        line: Its ink.
        text: The digits that a person says it has: the ink is parted so that these are read best.

    Raises:
        TooMuchInkError: If it is more than a number has.
        BadInputError: If there is next to no ink, or it can't be parted into so many digits.
    """
    cut = cut_line(line.ink)
    spans, nothing = _spans(cut)
    if not spans:
        raise BadInputError("expected a number, got next to no ink")
    parts = [
        (begin, end)
        for begin, end in spans
        if end == begin + 1 or not _is_several(cut.part((begin, end)))
    ]
    reading = _Reading(
        recognizer, line, parts, cut.part, lambda span: normalize(cut.part(span).ink, DETAIL_SIDE)
    )
    whole = dict(zip(parts, parts, strict=True))
    scores = dict.fromkeys(nothing, NOTHING)
    number = reading.number([reading.best(len(cut.cuts) - 1, whole, scores, text)], text)
    return replace(number, effort=number.effort + len(spans) - len(parts))


def _spans(cut: CutLine) -> tuple[list[Span], list[Span]]:
    """Return the spans between two cuts that may be digits, and those with next to no ink.

    Raises:
        TooMuchInkError: If there are more than a number has.
    """
    parts: list[Span] = []
    nothing: list[Span] = []
    for begin, (counts, widths) in enumerate(extents(cut)):
        for end, (count, width) in enumerate(zip(counts, widths, strict=True), begin + 1):
            if count < cut.least:
                nothing.append((begin, end))
            elif end > begin + 1 and width > WIDEST * LINE_HEIGHT:
                break
            else:
                parts.append((begin, end))
        if len(parts) > MOST_PARTS:
            raise TooMuchInkError("expected a number, got so much ink that it can't be one")
    return parts, nothing


def read_strokes(recognizer: Recognizer, strokes: Strokes, text: str | None = None) -> Number:
    """Read a number that was drawn with a pen.

    A digit's strokes follow one another, in the order in which they were drawn or from left to
    right: whichever can be read better.

    Args:
        recognizer: The model that reads the digits.
        strokes: One at least.
        text: The digits that a person says it has: the strokes are parted so that these are read
            best.

    Raises:
        TooMuchInkError: If there are more strokes than a number has.
        BadInputError: If the strokes can't be parted into so many digits.
    """
    if len(strokes) > MOST_STROKES_OF_NUMBER:
        raise TooMuchInkError(
            f"a number takes at most {MOST_STROKES_OF_NUMBER} strokes, got {len(strokes):,}"
        )
    line, layers = _drawn_line(strokes)
    from_left = sorted(range(len(strokes)), key=lambda i: float(np.mean(strokes[i].points[:, 0])))
    orders = [list(range(len(strokes))), from_left]
    groups = [_groups(order) for order in orders]

    def ink_of(group: tuple[int, ...]) -> Part:
        return Part(layers[list(group)].max(axis=0))

    parts = [
        group
        for group in {*groups[0].values(), *groups[1].values()}
        if len(group) == 1 or _may_be_one(ink_of(group))
    ]
    reading = _Reading(
        recognizer, line, parts, ink_of,
        lambda group: preprocess_traces([strokes[i].points for i in group]),
    )  # fmt: skip
    ways = [
        reading.best(
            len(strokes), {span: key for span, key in spans.items() if key in parts}, {}, text
        )
        for spans in groups
    ]
    return reading.number(ways, text)


Key = TypeVar("Key", bound=tuple[int, ...])


class _Way(NamedTuple, Generic[Key]):
    """A way to part a line: its parts, how good it is, and how probable what it says."""

    parts: list[Key]
    score: float
    confidence: float


class _Reading(Generic[Key]):
    """The parts of a line that may be digits, and how good they are.

    Args:
        recognizer: The model that reads them.
        line: The line.
        parts: What they are called.
        ink_of: Their ink, not all 0.
        to_input: What the model is given of one.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        line: Line,
        parts: Sequence[Key],
        ink_of: Callable[[Key], Part],
        to_input: Callable[[Key], Digit],
    ) -> None:
        self._recognizer = recognizer
        self._line = line
        self._ink_of = ink_of
        self._to_input = to_input
        # All windows at once would take too much memory.
        seen = np.concatenate([windows(line.ink, [ink_of(part)]) for part in parts])
        self._inputs: dict[Key, Digit] = {}
        self._read: dict[Key, Recognition] = {}
        self._whole = dict(zip(parts, map(float, served_judge().probabilities(seen)), strict=True))

    def best(
        self,
        count: int,
        spans: Mapping[Span, Key],
        nothing: Mapping[Span, float],
        text: str | None,
    ) -> _Way[Key] | None:
        """Return the best way to take all pieces together, be it to a text or to any.

        Args:
            count: How many pieces there are.
            spans: The part that each span of pieces is.
            nothing: Scores of the spans that are left out.
            text: The digits that it is known to have.

        Returns:
            The way; None if it can't have these digits.
        """
        if text is not None and len(text) > count:
            return None
        if text is None:
            scores = {span: self._score(part) for span, part in spans.items()}
            path = best_path(count, {**nothing, **scores})
            parts = [spans[span] for span in path.spans if span in spans]
            said = "".join(str(self._recognized(part).digit) for part in parts)
            of_text = self._path_to(said, count, spans, nothing)
        else:
            path = of_text = self._path_to(text, count, spans, nothing)
            parts = [spans[span] for span in path.spans]
            if not parts or any(self._whole[part] < LEAST_PROBABLE for part in parts):
                return None
        weights = {span: self._score(part, ANY) for span, part in spans.items()}
        every = best_path(count, {**nothing, **weights})
        return _Way(parts, path.score, math.exp(min(0.0, of_text.total - every.total)))

    def number(self, ways: Sequence[_Way[Key] | None], text: str | None) -> Number:
        """Return what the best of some ways says.

        Raises:
            BadInputError: If there is none: it can't have the digits of the text.
        """
        possible = [way for way in ways if way is not None]
        if not possible:
            raise BadInputError(f"this ink can't be parted into the digits of {text}")
        way = max(possible, key=lambda way: way.score)
        digits = [self._digit(part) for part in way.parts]
        digits.sort(key=lambda digit: digit.box[0] + digit.box[2])
        return Number(tuple(digits), way.confidence, len(self._whole) + len(self._read))

    def _path_to(
        self, text: str, count: int, spans: Mapping[Span, Key], nothing: Mapping[Span, float]
    ) -> Path:
        scored = {
            digit: {span: self._score(part, digit) for span, part in spans.items()}
            for digit in map(int, set(text))
        }
        return best_path_in_turn(count, [scored[int(character)] for character in text], nothing)

    def _score(self, part: Key, digit: int | None = None) -> float:
        """Return how good a part is as a digit: its best, a certain one, or ``ANY``."""
        whole = self._whole[part]
        score = math.log(max(whole, 1e-7))
        if whole < LEAST_PROBABLE:
            return score + UNREAD
        said = self._recognized(part)
        probability = (
            1.0 if digit == ANY else said.probabilities[said.digit if digit is None else digit]
        )
        return score + math.log(max(probability * said.digit_score, 1e-6))

    def _input(self, part: Key) -> Digit:
        if part not in self._inputs:
            self._inputs[part] = self._to_input(part)
        return self._inputs[part]

    def _recognized(self, part: Key) -> Recognition:
        if part not in self._read:
            self._read[part] = self._recognizer.recognize(self._input(part))
        return self._read[part]

    def _digit(self, part: Key) -> NumberDigit:
        box = self._line.box(self._ink_of(part))
        return NumberDigit(self._recognized(part), self._input(part), box, part)


def _groups(order: list[int]) -> dict[Span, tuple[int, ...]]:
    """Return the strokes, by their numbers, that may be a digit if they come in this order."""
    return {
        (begin, end): tuple(sorted(order[begin:end]))
        for begin in range(len(order))
        for end in range(begin + 1, min(begin + MOST_STROKES, len(order)) + 1)
    }


def _drawn_line(strokes: Strokes) -> tuple[Line, Ink]:
    """Draw strokes at the size of a line: all in one, and each by itself, (n, 64, width)."""
    points = np.concatenate([stroke.points for stroke in strokes])
    widest = max(stroke.width for stroke in strokes)
    corner = points.min(axis=0) - widest / 2
    extent = np.ptp(points, axis=0) + widest
    scale = float(max(extent[1], extent[0] / LONGEST)) / LINE_HEIGHT
    width = math.ceil(extent[0] / scale) + 2 * MARGIN
    layers = np.stack(
        [render([_on_the_line(stroke, corner, scale)], LINE_HEIGHT, width) for stroke in strokes]
    ).astype(np.float32) / np.float32(255)
    place = (float(corner[0] - MARGIN * scale), float(corner[1]))
    return Line(layers.max(axis=0), scale, place), layers


def _on_the_line(stroke: Stroke, corner: Doubles, scale: float) -> Stroke:
    return Stroke((stroke.points - corner) / scale + (MARGIN, 0), stroke.width / scale)


def _may_be_one(part: Part) -> bool:
    width = int(np.ptp(np.flatnonzero(part.ink.any(axis=0)))) + 1
    return width <= WIDEST * LINE_HEIGHT and not _is_several(part)


def _is_several(part: Part) -> bool:
    return has_tall_parts(part.ink > FAINT)
