import numpy as np
import pytest

from digitrec.datasets.ink_files import InkDrawing
from digitrec.ink.find_ink import find_ink
from digitrec.ink.preprocessing import preprocess
from digitrec.recognition.ink_evaluation import (
    CanvasInputs,
    canvas_inputs,
    contact_sheet,
    draw_on_canvas,
    evaluate_digits,
    evaluate_others,
)
from digitrec.runs.model_store import ModelStore
from digitrec.synthetic.non_digits import non_digits
from tests.support.digits import DIGITS, draw_digit, traces_of


def ink(digit: int, writer: str = "w", label: int | None = None) -> InkDrawing:
    """A digit of the tests in an ink file's units."""
    traces = traces_of(digit)
    every = np.concatenate(traces)
    scale = 1000 / np.ptp(every, axis=0).max()
    return InkDrawing(
        writer,
        str(digit if label is None else label),
        [(points - every.min(axis=0)) * scale for points in traces],
    )


@pytest.mark.parametrize("pen", [4.0, 40.0])
@pytest.mark.parametrize("size", [0.15, 0.95])
def test_a_drawing_has_the_requested_size_and_pen(pen: float, size: float) -> None:
    made = draw_on_canvas(ink(1), np.random.default_rng(0), (pen, pen), (size, size))
    rows = np.flatnonzero(find_ink(made.picture).any(axis=1))
    assert np.ptp(rows) + 1 == pytest.approx(min(280, 280 * size + pen), abs=3)


def test_the_seed_determines_the_position() -> None:
    ranges = ((10.0, 22.0), (0.4, 0.85))
    places = [
        draw_on_canvas(ink(3), np.random.default_rng(seed), *ranges).strokes[0].points[0].tolist()
        for seed in (1, 1, 2)
    ]
    assert places[0] == places[1] != places[2]


def test_pen_size_and_position_hardly_change_the_input() -> None:
    drawings = [ink(digit) for digit in DIGITS]
    usual = canvas_inputs(drawings, pen=(16, 16), size=(0.7, 0.7), seed=0).digits.astype(int)
    for pen, size in ((4, 0.95), (40, 0.6), (16, 0.2)):
        other = canvas_inputs(drawings, pen=(pen, pen), size=(size, size), seed=1).digits
        assert np.abs(other.astype(int) - usual).mean() < 7


def test_metrics_of_drawn_digits(store: ModelStore) -> None:
    drawings = [ink(digit, writer="a") for digit in DIGITS]
    drawings += [ink(7, writer="b"), ink(3, writer="b", label=8)]  # one label is wrong
    inputs = canvas_inputs(drawings, pen=(10, 22), size=(0.4, 0.85), seed=0)
    results, answers = evaluate_digits(store.load_recognizer("seed-cnn"), drawings, inputs)
    assert answers.tolist() == [*range(10), 7, 3]
    assert results["accuracy"] == pytest.approx(11 / 12)
    assert results["writers"]["count"] == 2
    assert results["writers"]["mean"] == pytest.approx(0.75)
    assert results["confusion_pairs"] == [(8, 3, 1)]
    assert results["wrong_at_0.9"] == pytest.approx(1 / 12)


def test_metrics_of_non_digits(store: ModelStore) -> None:
    recognizer = store.load_recognizer("bn-cnn")
    digits = CanvasInputs(np.stack([preprocess(draw_digit(digit)) for digit in DIGITS]))
    others = CanvasInputs(non_digits(40, seed=7))
    results = evaluate_others(recognizer, digits, others)
    scores = recognizer.answers(*others).digit_scores
    threshold = recognizer.calibration.digit_threshold
    assert results["count"] == 40
    assert results["threshold"] == threshold
    assert results["auroc"] > 0.97
    assert results["digits_refused"] == 0
    assert results["others_accepted"] == pytest.approx((scores >= threshold).mean())
    assert results["others_accepted"] < 0.2
    assert results["others_refused_at_98"] > 0.8


def test_a_contact_sheet_holds_all_pictures() -> None:
    inputs = np.full((30, 28, 28), 255, np.uint8)
    sheet = np.asarray(contact_sheet(inputs, columns=24, zoom=1))
    assert sheet.shape == (56, 24 * 28)
    assert (sheet == 255).sum() == 30 * 28 * 28
    assert contact_sheet(inputs[:0]).height == 56
