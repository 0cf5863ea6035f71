from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitrec.errors import BadInputError
from digitrec.ink.find_ink import find_ink
from digitrec.numbers.cuts import scaled_line
from digitrec.numbers.reader import read_line, read_strokes
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from tests.numbers.samples import write
from tests.support.digits import strokes_of

NUMBERS = ["7", "2026", "358", "40617", "9213"]


@pytest.fixture(scope="module", params=["bn-cnn", "seed-cnn"])
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    return ModelStore(Path("nowhere")).load_recognizer(request.param)


@pytest.mark.parametrize("gap", [40, 12, 2])
@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read_from_its_strokes(recognizer: Recognizer, text: str, gap: float) -> None:
    written = write(text, gap=gap)
    number = read_strokes(recognizer, written.strokes)
    assert number.text == text
    owned = [written.owners.index(i) for i in range(len(text))]
    assert [digit.part[0] for digit in number.digits] == owned


@pytest.mark.parametrize("gap", [40, 12, 2])
@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read_from_its_picture(recognizer: Recognizer, text: str, gap: float) -> None:
    picture = Image.fromarray(255 - write(text, gap=gap).drawn())
    assert read_line(recognizer, scaled_line(find_ink(picture))).text == text


def test_strokes_of_touching_digits_are_separated(recognizer: Recognizer) -> None:
    written = write("5824", gap=-10)
    assert read_strokes(recognizer, written.strokes).text == "5824"


def test_a_stroke_added_later_belongs_to_its_digit(recognizer: Recognizer) -> None:
    written = write("4174", gap=20)
    late = (*written.strokes[:1], *written.strokes[2:], written.strokes[1])
    number = read_strokes(recognizer, late)
    assert number.text == "4174"
    assert number.digits[0].part == (0, 5)
    # Also if only one of the two stroke orders can be split into the known digits.
    assert read_strokes(recognizer, late, "4174").digits[0].part == (0, 5)


def test_boxes_lie_around_the_digits(recognizer: Recognizer) -> None:
    written = write("352", gap=30)
    by_strokes = read_strokes(recognizer, written.strokes)
    ink = written.drawn().astype(np.float32) / np.float32(255)
    by_picture = read_line(recognizer, scaled_line(ink))
    for place, layer in enumerate(written.layers()):
        rows, columns = np.nonzero(layer > 0.2)
        box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        for number in (by_strokes, by_picture):
            assert number.digits[place].box == pytest.approx(box, abs=6)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_clear_number_has_a_high_confidence(text: str) -> None:
    recognizer = ModelStore(Path("nowhere")).load_recognizer("bn-cnn")
    written = write(text, gap=40)
    line = scaled_line(find_ink(Image.fromarray(255 - written.drawn())))
    for number in (
        read_line(recognizer, line),
        read_strokes(recognizer, written.strokes),
    ):
        assert 0.9 < number.confidence <= 1


def test_the_confidences_of_all_readings_add_up_to_one(recognizer: Recognizer) -> None:
    written = write("17", gap=6)
    line = scaled_line(find_ink(Image.fromarray(255 - written.drawn())))
    texts = [f"{number:02}" for number in range(100)] + [str(digit) for digit in range(10)]
    total = 0.0
    for text in texts:
        with suppress(BadInputError):
            total += read_line(recognizer, line, text).confidence
    assert 0.9 < total < 1.02


@pytest.mark.parametrize(
    "stroke", [[(5.0, 5.0)], [(0.0, 5.0), (600.0, 5.0)], [(3.0, 0.0), (3.0, 9.0)]]
)
def test_a_dot_and_a_line_are_read_as_something(
    recognizer: Recognizer, stroke: list[tuple[float, float]]
) -> None:
    number = read_strokes(recognizer, strokes_of([stroke], 8))
    assert len(number.digits) == 1
    assert 0 <= number.confidence <= 1


def test_known_digits_determine_how_the_ink_is_split(recognizer: Recognizer) -> None:
    written = write("358", gap=-4)
    line = scaled_line(find_ink(Image.fromarray(255 - written.drawn())))
    number = read_line(recognizer, line, "358")
    assert number.text == "358"
    assert len(number.digits) == 3


@pytest.mark.parametrize("text", ["58", "13582"])
def test_ink_that_does_not_fit_the_known_digits_is_rejected(
    recognizer: Recognizer, text: str
) -> None:
    line = scaled_line(find_ink(Image.fromarray(255 - write("358").drawn())))
    with pytest.raises(BadInputError, match=f"digits of {text}"):
        read_line(recognizer, line, text)


def test_known_digits_are_assigned_to_the_best_fitting_strokes(recognizer: Recognizer) -> None:
    written = write("4174", gap=4)
    number = read_strokes(recognizer, written.strokes, "4174")
    assert [digit.part for digit in number.digits] == [(0, 1), (2,), (3,), (4, 5)]


def test_more_digits_than_strokes_are_rejected(recognizer: Recognizer) -> None:
    written = write("77")
    with pytest.raises(BadInputError, match="digits of 77777"):
        read_strokes(recognizer, written.strokes, "77777")
