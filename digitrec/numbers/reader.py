"""Reads numbers of several digits, from strokes or from ink alone."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from digitrec.arrays import Digit, Doubles, Ink
from digitrec.errors import BadInputError, TooMuchInkError
from digitrec.ink.multiple_digits import has_several_tall_parts
from digitrec.ink.pen import render
from digitrec.ink.preprocessing import normalize, preprocess_traces
from digitrec.ink.strokes import Stroke, Strokes
from digitrec.numbers.cuts import (
    FAINT,
    LINE_HEIGHT,
    LONGEST,
    MARGIN,
    CutLine,
    Line,
    Segment,
    cut_line,
    extents,
)
from digitrec.numbers.lattice import Path, Span, best_path, best_path_in_turn
from digitrec.numbers.lines.reader import LineReading
from digitrec.numbers.single_digit_classifier import shipped_classifier, windows
from digitrec.numbers.text_vote import vote
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer

# The largest width of a digit, as a multiple of the line's height, and its most strokes.
MAX_WIDTH = 1.5
MAX_STROKES = 5
# The most strokes of a number, and the most segments that may be digits. The numbers of the
# evaluation, with up to six touching digits, have 870 segments at most.
MAX_STROKES_OF_NUMBER = 80
MAX_SEGMENTS = 1_500
# Segments with a lower probability from the classifier aren't recognized; they get a penalty (a log
# probability) and are chosen only if nothing else fits.
MIN_PROBABILITY = 0.003
UNREAD_PENALTY = -4.0
# How much the classifier counts where a stroke reader also says whether it is a digit. Of 324
# touching numbers 307 were read exactly, and 305 with a weight of 1.
WEIGHT_BESIDE_STROKES = 0.5
# The most texts that the line reader proposes, and the least probability of one.
MAX_TEXTS, LEAST_SHARE = 6, 0.001
# Stands for any digit.
ANY = -1
# The score (a log probability) of skipping negligible ink.
SKIP_SCORE = -0.5
# Digits of a picture are scaled to this side, in pixels, to measure the width of their strokes.
DETAIL_SIDE = 80

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class NumberDigit:
    """One digit of a number.

    Attributes:
        recognition: The model's answer.
        digit_input: uint8 (28, 28), the model's input, white ink (255) on black.
        box: Left, top, right and bottom of its ink, in pixels of the source.
        part: The indices of its strokes, or, for ink, of the two cuts around it.
    """

    recognition: Recognition
    digit_input: Digit
    box: Box
    part: tuple[int, ...]


@dataclass(frozen=True)
class Number:
    """A number that was read.

    Attributes:
        digits: From left to right; at least one.
        confidence: Probability of these digits, 0 to 1, over all ways to split the ink.
        cost: Segments of the ink that were examined, plus segments that were recognized.
        separators: The number with the dots and dashes in and around it, such as ``"22.000-"``;
            empty if there are none, or they are unknown.
    """

    digits: tuple[NumberDigit, ...]
    confidence: float
    cost: int = 0
    separators: str = ""

    @property
    def text(self) -> str:
        """The digits as a string."""
        return "".join(str(digit.recognition.digit) for digit in self.digits)


def read_line(
    recognizer: Recognizer, line: Line, text: str | None = None, said: LineReading | None = None
) -> Number:
    """Read a number from ink alone.

    Args:
        recognizer: The model that reads the digits.
        line: The ink.
        text: The digits if they are known: the ink is split to match them best.
        said: The line reader's result; it gets a vote if the digits aren't known.

    Raises:
        TooMuchInkError: If there is more ink than a number has.
        BadInputError: If the ink is negligible or can't be split into these digits.
    """
    cut = cut_line(line.ink)
    spans, negligible = _spans(cut)
    if not spans:
        raise BadInputError("there is too little ink to read a number")
    segments = [
        (begin, end)
        for begin, end in spans
        if end == begin + 1 or not _is_several(cut.segment((begin, end)))
    ]
    reading = _Reading(
        recognizer,
        line,
        segments,
        cut.segment,
        lambda span: (normalize(cut.segment(span).ink, DETAIL_SIDE), ()),
    )
    whole = dict(zip(segments, segments, strict=True))
    scores = dict.fromkeys(negligible, SKIP_SCORE)
    pieces = len(cut.cuts) - 1
    if text is None and said is not None:
        number = reading.voted(pieces, whole, scores, said)
    else:
        number = reading.number([reading.best(pieces, whole, scores, text)], text)
    return replace(number, cost=number.cost + len(spans) - len(segments))


def _spans(cut: CutLine) -> tuple[list[Span], list[Span]]:
    """Return the spans between cuts that may be digits, and those with negligible ink.

    Raises:
        TooMuchInkError: If there are more than a number has.
    """
    segments: list[Span] = []
    negligible: list[Span] = []
    for begin, (counts, widths) in enumerate(extents(cut)):
        for end, (count, width) in enumerate(zip(counts, widths, strict=True), begin + 1):
            if count < cut.least:
                negligible.append((begin, end))
            elif end > begin + 1 and width > MAX_WIDTH * LINE_HEIGHT:
                break
            else:
                segments.append((begin, end))
        if len(segments) > MAX_SEGMENTS:
            raise TooMuchInkError("there is too much ink for one number")
    return segments, negligible


def read_strokes(recognizer: Recognizer, strokes: Strokes, text: str | None = None) -> Number:
    """Read a number that was drawn with a pen.

    The strokes of a digit must be consecutive, either in drawing order or from left to right;
    the order that gives the better score is used.

    Args:
        recognizer: The model that reads the digits.
        strokes: At least one.
        text: The digits if they are known: the strokes are split to match them best.

    Raises:
        TooMuchInkError: If there are more strokes than a number has.
        BadInputError: If the strokes can't be split into these digits.
    """
    if len(strokes) > MAX_STROKES_OF_NUMBER:
        raise TooMuchInkError(
            f"a number can have at most {MAX_STROKES_OF_NUMBER} strokes; this one has "
            f"{len(strokes):,}"
        )
    line, layers = _drawn_line(strokes)
    from_left = sorted(range(len(strokes)), key=lambda i: float(np.mean(strokes[i].points[:, 0])))
    orders = [list(range(len(strokes))), from_left]
    groups = [_groups(order) for order in orders]

    def ink_of(group: tuple[int, ...]) -> Segment:
        return Segment(layers[list(group)].max(axis=0))

    segments = [
        group
        for group in {*groups[0].values(), *groups[1].values()}
        if len(group) == 1 or _may_be_one(ink_of(group))
    ]

    def to_input(group: tuple[int, ...]) -> tuple[Digit, Strokes]:
        own = tuple(strokes[i] for i in group)
        return preprocess_traces([stroke.points for stroke in own]), own

    reading = _Reading(recognizer, line, segments, ink_of, to_input)
    segmentations = [
        reading.best(
            len(strokes), {span: key for span, key in spans.items() if key in segments}, {}, text
        )
        for spans in groups
    ]
    return reading.number(segmentations, text)


Key = TypeVar("Key", bound=tuple[int, ...])


class _Segmentation(NamedTuple, Generic[Key]):
    """A way to split a line: its segments, their score, and the probability of their digits."""

    segments: list[Key]
    score: float
    confidence: float


class _Reading(Generic[Key]):
    """Scores the segments of a line as digits, and finds the best way to split it.

    Args:
        recognizer: The model that reads the segments.
        line: The line.
        segments: The keys of segments that may be digits.
        ink_of: Returns a segment's ink, not all 0.
        to_input: Returns the model's input for a segment, and its strokes if they are known.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        line: Line,
        segments: Sequence[Key],
        ink_of: Callable[[Key], Segment],
        to_input: Callable[[Key], tuple[Digit, Strokes]],
    ) -> None:
        self._recognizer = recognizer
        self._line = line
        self._ink_of = ink_of
        self._to_input = to_input
        # One segment at a time: all windows together would take too much memory.
        seen = np.concatenate([windows(line.ink, [ink_of(segment)]) for segment in segments])
        self._inputs: dict[Key, tuple[Digit, Strokes]] = {}
        self._recognitions: dict[Key, Recognition] = {}
        self._whole_probability = dict(
            zip(segments, map(float, shipped_classifier().probabilities(seen)), strict=True)
        )

    def best(
        self,
        count: int,
        spans: Mapping[Span, Key],
        skipped: Mapping[Span, float],
        text: str | None,
    ) -> _Segmentation[Key] | None:
        """Return the best way to group all pieces into digits.

        Args:
            count: Number of pieces.
            spans: The segment that each span of pieces forms.
            skipped: Scores of spans that may be skipped.
            text: The digits if they are known.

        Returns:
            None if the pieces can't form these digits.
        """
        if text is not None and len(text) > count:
            return None
        if text is None:
            scores = {span: self._score(segment) for span, segment in spans.items()}
            path = best_path(count, {**skipped, **scores})
            segments = [spans[span] for span in path.spans if span in spans]
            read = "".join(str(self._recognized(segment).digit) for segment in segments)
            of_text = self._path_of_text(read, count, spans, skipped)
        else:
            path = of_text = self._path_of_text(text, count, spans, skipped)
            segments = [spans[span] for span in path.spans]
            if not segments or any(self._whole_probability[p] < MIN_PROBABILITY for p in segments):
                return None
        of_any_text = self._total_of_any_text(count, spans, skipped)
        confidence = math.exp(min(0.0, of_text.total - of_any_text))
        return _Segmentation(segments, path.score, confidence)

    def number(
        self, segmentations: Sequence[_Segmentation[Key] | None], text: str | None
    ) -> Number:
        """Return the number of the segmentation with the highest score.

        Raises:
            BadInputError: If all are None: the ink can't form the digits of the text.
        """
        possible = [each for each in segmentations if each is not None]
        if not possible:
            raise BadInputError(f"this ink can't be split into the digits of {text}")
        best = max(possible, key=lambda each: each.score)
        digits = [self._digit(segment) for segment in best.segments]
        digits.sort(key=lambda digit: digit.box[0] + digit.box[2])
        cost = len(self._whole_probability) + len(self._recognitions)
        return Number(tuple(digits), best.confidence, cost)

    def voted(
        self,
        count: int,
        spans: Mapping[Span, Key],
        skipped: Mapping[Span, float],
        said: LineReading,
    ) -> Number:
        """Return the number that the cuts and the line reader agree on best.

        Args:
            count: Number of pieces.
            spans: The segment that each span of pieces forms.
            skipped: Scores of spans that may be skipped.
            said: The line reader's result.
        """
        by_cuts = self.number([self.best(count, spans, skipped, None)], None)
        by_line = {
            text: math.log(share)
            for text, share in said.digits[:MAX_TEXTS]
            if text and share > LEAST_SHARE
        }
        paths = {
            text: self._path_of_text(text, count, spans, skipped)
            for text in by_line
            if text != by_cuts.text
        }
        of_any_text = self._total_of_any_text(count, spans, skipped) if paths else 0.0
        scores = {text: path.total - of_any_text for text, path in paths.items()}
        scores[by_cuts.text] = math.log(max(by_cuts.confidence, 1e-9))
        text, confidence = vote(by_line, scores)
        separators = said.written if said.has_marks and said.digits[0][0] == text else ""
        if text == by_cuts.text:
            return replace(by_cuts, confidence=confidence, separators=separators)
        digits = self._digits_of(text, paths[text], spans, said)
        agreed = tuple(
            _as_digit(one, int(digit), confidence) for one, digit in zip(digits, text, strict=True)
        )
        return Number(agreed, confidence, by_cuts.cost, separators)

    def _digits_of(
        self, text: str, path: Path, spans: Mapping[Span, Key], said: LineReading
    ) -> list[NumberDigit]:
        """Return the digits of a text: where the cuts put them, if they have seen only digits."""
        if len(path.spans) == len(text) and not said.has_marks:
            return [self._digit(spans[span]) for span in path.spans]
        return self._digits_between(said.columns(text))

    def _total_of_any_text(
        self, count: int, spans: Mapping[Span, Key], skipped: Mapping[Span, float]
    ) -> float:
        any_digit = {span: self._score(segment, ANY) for span, segment in spans.items()}
        return best_path(count, {**skipped, **any_digit}).total

    def _path_of_text(
        self, text: str, count: int, spans: Mapping[Span, Key], skipped: Mapping[Span, float]
    ) -> Path:
        scored = {
            digit: {span: self._score(segment, digit) for span, segment in spans.items()}
            for digit in map(int, set(text))
        }
        return best_path_in_turn(count, [scored[int(character)] for character in text], skipped)

    def _score(self, segment: Key, digit: int | None = None) -> float:
        """Return the log probability of a segment for a digit, ``ANY``, or its best (None)."""
        whole = self._whole_probability[segment]
        score = math.log(max(whole, 1e-7))
        if whole < MIN_PROBABILITY:
            return score + UNREAD_PENALTY
        found = self._recognized(segment)
        if found.by_strokes:
            score *= WEIGHT_BESIDE_STROKES
        probability = (
            1.0 if digit == ANY else found.probabilities[found.digit if digit is None else digit]
        )
        return score + math.log(max(probability * found.digit_score, 1e-6))

    def _digits_between(self, columns: Sequence[tuple[float, float]]) -> list[NumberDigit]:
        """Return digits whose ink lies between columns of the line."""
        digits = []
        for part, (begin, end) in enumerate(columns):
            left, right = max(0, round(begin)), max(round(begin) + 1, round(end))
            segment = Segment(self._line.ink[:, left:right], left)
            if not segment.ink.any():
                segment = Segment(np.ones_like(segment.ink), left)
            digit = normalize(segment.ink, DETAIL_SIDE)
            recognition = self._recognizer.recognize(digit)
            digits.append(NumberDigit(recognition, digit, self._line.box(segment), (part,)))
        return digits

    def _input(self, segment: Key) -> tuple[Digit, Strokes]:
        if segment not in self._inputs:
            self._inputs[segment] = self._to_input(segment)
        return self._inputs[segment]

    def _recognized(self, segment: Key) -> Recognition:
        if segment not in self._recognitions:
            self._recognitions[segment] = self._recognizer.recognize(*self._input(segment))
        return self._recognitions[segment]

    def _digit(self, segment: Key) -> NumberDigit:
        box = self._line.box(self._ink_of(segment))
        return NumberDigit(self._recognized(segment), self._input(segment)[0], box, segment)


def _as_digit(digit: NumberDigit, voted: int, confidence: float) -> NumberDigit:
    """Return a digit with the label that won the vote; it is at least as sure as the number."""
    answer = digit.recognition
    said = replace(
        answer,
        digit=voted,
        confidence=max(answer.probabilities[voted], confidence),
        is_digit=answer.is_digit or confidence > 0.5,
    )
    return replace(digit, recognition=said)


def _groups(order: list[int]) -> dict[Span, tuple[int, ...]]:
    """Return the groups of consecutive strokes, as indices, that may be a digit in this order."""
    return {
        (begin, end): tuple(sorted(order[begin:end]))
        for begin in range(len(order))
        for end in range(begin + 1, min(begin + MAX_STROKES, len(order)) + 1)
    }


def _drawn_line(strokes: Strokes) -> tuple[Line, Ink]:
    """Draw strokes at the height of a line: together, and one layer each, (n, 64, width)."""
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


def _may_be_one(segment: Segment) -> bool:
    width = int(np.ptp(np.flatnonzero(segment.ink.any(axis=0)))) + 1
    return width <= MAX_WIDTH * LINE_HEIGHT and not _is_several(segment)


def _is_several(segment: Segment) -> bool:
    return has_several_tall_parts(segment.ink > FAINT)
