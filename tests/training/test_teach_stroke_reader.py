from typing import Any

import numpy as np
import pytest

from digitrec.ink.preprocessing import preprocess_traces
from digitrec.ink.strokes import drawn_with
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import DEFAULT_MODEL
from digitrec.teaching.taught_drawings import TaughtDrawings
from digitrec.teaching.teaching_run import teaching_config
from digitrec.training import teach_stroke_reader as module
from digitrec.training.teach_stroke_reader import teach_stroke_reader
from tests.support.digits import DIGITS, traces_of

# Sevens drawn as triangles.
TRIANGLE = np.array([[80.0, 70], [200, 70], [140, 220], [80, 70]])


def triangles(count: int) -> TaughtDrawings:
    rng = np.random.default_rng(0)
    traces = [
        [TRIANGLE * rng.uniform(0.8, 1.2, 2) + rng.normal(0, 3, (4, 2))] for _ in range(count)
    ]
    return TaughtDrawings(
        np.arange(count),
        np.stack([preprocess_traces(one) for one in traces]),
        np.full(count, 7, np.uint8),
        np.zeros(count, bool),
        np.zeros(count, np.uint8),
        np.zeros(count, np.float32),
        [drawn_with(16, one) for one in traces],
        0.99,
        0,
    )


@pytest.fixture
def run(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, count in (("OWN", 300), ("STYLED", 700), ("NON_DIGITS", 200)):
        monkeypatch.setattr(module, name, count)
    return store.create_run(teaching_config(store, DEFAULT_MODEL), "taught")


def taught_reader(run: Run, results: dict[str, Any]) -> StrokeReader:
    reader = StrokeReader(run.next_path(run.strokes_tflite_path).read_bytes(), "taught")
    assert reader.version == results["sha256"]
    return reader


def test_it_learns_a_hand_and_keeps_what_it_knew(run: Run, store: ModelStore) -> None:
    before = store.load_recognizer(DEFAULT_MODEL).stroke_reader
    assert before is not None
    assert before.outputs([[TRIANGLE]])[0].argmax() != 7
    results = teach_stroke_reader(run, triangles(8), seed=0)
    assert results is not None
    assert results["sources"][-1] == {
        "name": "labeled drawings", "digits": 8, "others": 0, "writers": 1, "sha256": "",
    }  # fmt: skip
    reader = taught_reader(run, results)
    other_triangles = [[TRIANGLE * (1.1, 0.9)], [TRIANGLE[::-1]]]
    assert reader.outputs(other_triangles).argmax(axis=1).tolist() == [7, 7]
    usual = [traces_of(digit) for digit in DIGITS]
    answers = [each.outputs(usual).argmax(axis=1).tolist() for each in (before, reader)]
    assert answers[0] == answers[1]


def test_without_strokes_it_stays_as_it_was(run: Run, store: ModelStore) -> None:
    drawings = triangles(3)
    drawings.drawn[:] = [()] * 3
    results = teach_stroke_reader(run, drawings, seed=0)
    assert results is not None
    before = store.load_recognizer(DEFAULT_MODEL).stroke_reader
    assert before is not None
    usual = [traces_of(digit) for digit in DIGITS]
    outputs = taught_reader(run, results).outputs(usual)
    assert outputs == pytest.approx(before.outputs(usual), abs=1e-3)


def test_a_model_without_a_stroke_reader_stays_without(store: ModelStore) -> None:
    run = store.create_run(teaching_config(store, "seed-cnn"), "taught")
    assert teach_stroke_reader(run, triangles(3), seed=0) is None
    assert not run.next_path(run.strokes_tflite_path).exists()
