import io

import numpy as np
import pytest

from digitrec.drawing_accuracy import (
    FILE,
    Measurements,
    drawings_state,
    labelled_drawings,
    measure,
)
from digitrec.drawing_store import DrawingStore
from digitrec.model_store import ModelStore
from digitrec.preprocessing import preprocess_strokes
from digitrec.recognizer import Recognition
from digitrec.settings import load_settings
from digitrec.strokes import Stroke
from tests.digits import DIGITS, draw_digit

RECOGNITION = Recognition(0, 0.9, (0.1,) * 10, True, 0.9)


@pytest.fixture
def drawings() -> DrawingStore:
    return DrawingStore(load_settings().database_url)


def save(
    drawings: DrawingStore, digit: int, label: int | None, strokes: list[Stroke] | None = None
) -> int:
    file = io.BytesIO()
    draw_digit(digit).save(file, "PNG")
    return drawings.save(
        picture=file.getvalue(), strokes=strokes or [], digit_input=np.zeros((28, 28), np.uint8),
        recognition=RECOGNITION, model="x", label=label,
    )  # fmt: skip


def test_a_model_is_measured_on_what_has_a_label(store: ModelStore, drawings: DrawingStore) -> None:
    for digit, label in ((3, 3), (5, 5), (7, 7), (8, 1), (6, None)):
        save(drawings, digit, label)
    drawings.delete(save(drawings, 2, 9))
    labelled = labelled_drawings(drawings)
    assert labelled.labels.tolist() == [3, 5, 7, 1]
    assert measure(store.load_recognizer("bn-cnn"), labelled) == 0.75


def test_strokes_are_drawn_anew_as_on_the_drawing_page(drawings: DrawingStore) -> None:
    strokes: list[Stroke] = [
        {"width": 16.0, "points": [list(point) for point in stroke]} for stroke in DIGITS[4]
    ]
    save(drawings, 4, 4, strokes)
    expected = preprocess_strokes([np.array(stroke, float) for stroke in DIGITS[4]])
    assert (labelled_drawings(drawings).inputs[0] == expected).all()


def test_a_picture_that_can_not_be_read_is_left_out(drawings: DrawingStore) -> None:
    save(drawings, 3, 3)
    drawings.save(
        picture=b"broken", strokes=[], digit_input=np.zeros((28, 28), np.uint8),
        recognition=RECOGNITION, model="x", label=4,
    )  # fmt: skip
    assert labelled_drawings(drawings).labels.tolist() == [3]


def test_without_labels_there_is_nothing_to_read(drawings: DrawingStore) -> None:
    save(drawings, 3, None)
    assert labelled_drawings(drawings).inputs.shape == (0, 28, 28)


def test_labelling_and_deleting_change_the_state_and_saving_without_a_label_does_not(
    drawings: DrawingStore,
) -> None:
    number = save(drawings, 3, 3)
    states = [drawings_state(drawings)]
    assert labelled_drawings(drawings).state == states[0]
    save(drawings, 4, None)
    assert drawings_state(drawings) == states[0]
    drawings.label(number, 5)
    states.append(drawings_state(drawings))
    drawings.delete(number)
    states.append(drawings_state(drawings))
    assert len(set(states)) == 3
    drawings.restore(number)
    assert drawings_state(drawings) == states[1]


def test_measurements_are_found_again(store: ModelStore) -> None:
    assert Measurements.read(store.models_dir) == Measurements("", {})
    Measurements("now", {"abc": 0.75}).write(store.models_dir)
    assert Measurements.read(store.models_dir) == Measurements("now", {"abc": 0.75})


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"state": "x", "accuracies": {"abc": "most"}}']
)
def test_damaged_measurements_are_none(store: ModelStore, content: str) -> None:
    store.models_dir.mkdir()
    (store.models_dir / FILE).write_text(content)
    assert Measurements.read(store.models_dir) == Measurements("", {})
