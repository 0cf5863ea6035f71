import numpy as np
import pytest

from digitrec.ink.strokes import drawn_with
from digitrec.recognition.stroke_explanation import stroke_evidence
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL
from tests.support.digits import traces_of


@pytest.fixture
def reader(store: ModelStore) -> StrokeReader:
    reader = store.load_recognizer(DEFAULT_MODEL).stroke_reader
    assert reader is not None
    return reader


def test_the_bar_of_a_seven_speaks_against_a_one(reader: StrokeReader) -> None:
    seven = drawn_with(16, traces_of(7))
    worth = stroke_evidence(reader, seven, (280, 280), 7, 1)
    assert worth.shape == (280, 280)
    top, stem = worth[55:75, 90:190], worth[150:230, 100:190]
    assert top.mean() > 0
    assert np.abs(top).mean() > np.abs(stem).mean()


def test_only_ink_has_evidence(reader: StrokeReader) -> None:
    seven = drawn_with(16, traces_of(7))
    worth = stroke_evidence(reader, seven, (280, 280), 7)
    assert (worth[:40] == 0).all()
    assert (worth[:, 220:] == 0).all()
    assert np.isfinite(worth).all()
    assert worth.any()


def test_a_dot_is_explained(reader: StrokeReader) -> None:
    dot = drawn_with(16, [np.array([[140.0, 140]])])
    assert np.isfinite(stroke_evidence(reader, dot, (280, 280), 1)).all()
