import io

import pytest
from PIL import Image

from digitrec.drawings.accuracy import (
    Measurements,
    drawings_state,
    labeled_drawings,
    measure,
)
from digitrec.drawings.store import DrawingStore
from digitrec.ink.preprocessing import preprocess_traces
from digitrec.ink.strokes import Strokes
from digitrec.labels import NO_DIGIT
from digitrec.runs.model_store import ModelStore
from digitrec.settings import load_settings
from tests.support.digits import DIGITS, strokes_of, traces_of
from tests.support.drawings import new_drawing, png_of


@pytest.fixture
def url() -> str:
    return load_settings().database_url


def save(drawings: DrawingStore, digit: int, label: int | None, strokes: Strokes = ()) -> int:
    return drawings.save(new_drawing(picture=png_of(digit), strokes=strokes, label=label))


def test_a_model_is_measured_on_labeled_drawings(store: ModelStore, drawings: DrawingStore) -> None:
    for digit, label in ((3, 3), (5, 5), (7, 7), (8, 1), (6, None)):
        save(drawings, digit, label)
    drawings.delete([save(drawings, 2, 9)])
    labeled = labeled_drawings(drawings)
    assert labeled.labels.tolist() == [3, 5, 7, 1]
    assert measure(store.load_recognizer("bn-cnn"), labeled) == 0.75


def test_a_non_digit_is_right_if_the_model_says_so(
    store: ModelStore, drawings: DrawingStore
) -> None:
    save(drawings, 3, NO_DIGIT)
    file = io.BytesIO()
    Image.effect_noise((280, 280), 200).save(file, "PNG")
    drawings.save(new_drawing(picture=file.getvalue(), strokes=(), label=NO_DIGIT))
    assert measure(store.load_recognizer("bn-cnn"), labeled_drawings(drawings)) == 0.5


def test_strokes_are_rendered_as_on_the_drawing_page(drawings: DrawingStore) -> None:
    save(drawings, 4, 4, strokes_of(DIGITS[4]))
    expected = preprocess_traces(traces_of(4))
    assert (labeled_drawings(drawings).inputs[0] == expected).all()


def test_an_unreadable_picture_is_left_out(drawings: DrawingStore) -> None:
    save(drawings, 3, 3)
    drawings.save(new_drawing(picture=b"broken", label=4))
    assert labeled_drawings(drawings).labels.tolist() == [3]


def test_without_labels_there_are_no_drawings(drawings: DrawingStore) -> None:
    save(drawings, 3, None)
    assert labeled_drawings(drawings).inputs.shape == (0, 28, 28)


def test_labeling_and_deleting_change_the_state_and_saving_without_a_label_does_not(
    drawings: DrawingStore,
) -> None:
    number = save(drawings, 3, 3)
    states = [drawings_state(drawings)]
    assert labeled_drawings(drawings).state == states[0]
    save(drawings, 4, None)
    assert drawings_state(drawings) == states[0]
    drawings.label([number], 5)
    states.append(drawings_state(drawings))
    drawings.delete([number])
    states.append(drawings_state(drawings))
    assert len(set(states)) == 3
    drawings.restore([number])
    assert drawings_state(drawings) == states[1]


def test_measurements_can_be_read_back(store: ModelStore) -> None:
    assert Measurements.read(store.models_dir) == Measurements("", {})
    Measurements("now", {"abc": 0.75}).write(store.models_dir)
    assert Measurements.read(store.models_dir) == Measurements("now", {"abc": 0.75})


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"state": "x", "accuracies": {"abc": "most"}}']
)
def test_damaged_measurements_are_empty(store: ModelStore, content: str) -> None:
    store.models_dir.mkdir()
    (store.models_dir / ".drawing_accuracy.json").write_text(content)
    assert Measurements.read(store.models_dir) == Measurements("", {})
