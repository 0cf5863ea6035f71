from collections.abc import Callable

import numpy as np
import pytest

from digitrec.arrays import Points
from digitrec.errors import ModelError
from digitrec.ink.preprocessing import preprocess_traces
from digitrec.ink.strokes import drawn_with
from digitrec.labels import NO_DIGIT
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL
from tests.support.digits import DIGITS, traces_of

Traces = list[Points]
# Styles that a network for pictures alone takes for other digits: a one with a long flat flag, a
# five whose hat is far away, a zero with a bar.
STYLES: dict[str, tuple[int, Traces]] = {
    "a flagged one": (1, [np.array([[100.0, 110], [150, 60], [146, 150], [142, 235]])]),
    "a five with a free hat": (
        5,
        [
            np.array([[112.0, 80], [104, 130], [140, 122], [176, 150], [170, 200], [130, 222],
                      [90, 205]]),
            np.array([[128.0, 62], [200, 58]]),
        ],
    ),
    "a zero with a bar": (
        0,
        [
            np.array([[140 + 55 * np.sin(a), 140 - 85 * np.cos(a)]
                      for a in np.linspace(0, 2 * np.pi, 28)]),
            np.array([[185.0, 75], [95, 205]]),
        ],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def recognizer(tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    return ModelStore(tmp_path_factory.mktemp("none")).load_recognizer(DEFAULT_MODEL)


def read(recognizer: Recognizer, traces: Traces) -> Recognition:
    return recognizer.recognize(preprocess_traces(traces), drawn_with(16, traces))


def backward(traces: Traces) -> Traces:
    return [trace[::-1] for trace in reversed(traces)]


def each_backward(traces: Traces) -> Traces:
    return [trace[::-1] for trace in traces]


def in_another_order(traces: Traces) -> Traces:
    return traces[::-1]


def with_few_points(traces: Traces) -> Traces:
    """Return every second point of the curves; straight lines keep their corners."""
    return [
        trace[np.unique(np.r_[0 : len(trace) : 2, len(trace) - 1])] if len(trace) > 6 else trace
        for trace in traces
    ]


def with_many_points(traces: Traces) -> Traces:
    dense = []
    for trace in traces:
        at = np.linspace(0, len(trace) - 1, 40 * len(trace))
        rows = np.arange(len(trace))
        dense.append(np.stack([np.interp(at, rows, axis) for axis in trace.T], axis=1))
    return dense


def with_a_slow_start(traces: Traces) -> Traces:
    """Return the same traces with most points near their beginnings."""
    slow = []
    for trace in traces:
        at = (len(trace) - 1) * np.linspace(0, 1, 60) ** 3
        rows = np.arange(len(trace))
        slow.append(np.stack([np.interp(at, rows, axis) for axis in trace.T], axis=1))
    return slow


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize(
    "way",
    [backward, each_backward, in_another_order, with_few_points, with_many_points,
     with_a_slow_start],
)  # fmt: skip
def test_how_a_digit_is_drawn_makes_no_difference(
    recognizer: Recognizer, digit: int, way: Callable[[Traces], Traces]
) -> None:
    usual, changed = traces_of(digit), way(traces_of(digit))
    said = [read(recognizer, traces) for traces in (usual, changed)]
    assert [one.label for one in said] == [digit, digit]
    assert said[1].confidence > 0.9


@pytest.mark.parametrize("style", STYLES)
def test_real_styles_are_read_by_their_strokes(recognizer: Recognizer, style: str) -> None:
    digit, traces = STYLES[style]
    said = read(recognizer, traces)
    assert said.label == digit
    assert said.by_strokes is not None
    assert said.by_strokes.label == digit


def test_both_networks_say_what_they_think(recognizer: Recognizer) -> None:
    said = read(recognizer, traces_of(7))
    assert said.by_shape is not None
    assert said.by_strokes is not None
    assert said.by_shape.label == said.by_strokes.label == 7
    assert not said.is_disputed
    alone = recognizer.recognize(preprocess_traces(traces_of(7)))
    assert alone.by_shape is alone.by_strokes is None


def test_strokes_make_only_their_own_drawings_different(recognizer: Recognizer) -> None:
    digits = np.stack([preprocess_traces(traces_of(digit)) for digit in DIGITS])
    drawn = [drawn_with(16, traces_of(digit)) if digit % 2 else () for digit in DIGITS]
    mixed, plain = recognizer.answers(digits, drawn), recognizer.answers(digits)
    same = (mixed.probabilities == plain.probabilities).all(axis=1)
    assert same.tolist() == [digit % 2 == 0 for digit in DIGITS]


def test_a_letter_is_not_a_digit_by_its_strokes(recognizer: Recognizer) -> None:
    letter = [
        np.array([[80.0, 60], [80, 220]]),
        np.array([[200.0, 60], [80, 140], [200, 220]]),
    ]
    said = read(recognizer, letter)
    assert said.label == NO_DIGIT
    assert said.by_strokes is not None
    assert said.by_strokes.label == NO_DIGIT


def test_a_file_that_is_not_a_stroke_reader_is_refused(store: ModelStore) -> None:
    picture_reader = store.run(DEFAULT_MODEL).model_bytes()
    with pytest.raises(ModelError, match="expected an input of 96 x 9"):
        StrokeReader(picture_reader, "wrong")
    with pytest.raises(ModelError, match="isn't a LiteRT model"):
        StrokeReader(b"nothing", "broken")
