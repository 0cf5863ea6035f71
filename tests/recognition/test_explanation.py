from pathlib import Path

import numpy as np
import pytest

from digitrec.arrays import Digit
from digitrec.ink.preprocessing import preprocess
from digitrec.recognition.explanation import evidence, evidence_on_drawing
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from tests.support.digits import draw_digit


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return ModelStore(Path("nowhere")).load_recognizer("bn-cnn")


@pytest.fixture
def seven() -> Digit:
    return preprocess(draw_digit(7))


def test_the_bar_of_a_seven_is_evidence_against_a_one(recognizer: Recognizer, seven: Digit) -> None:
    found = evidence(recognizer, seven, 7, 1)
    rows = np.flatnonzero(seven.any(axis=1))
    bar, foot = found[rows[0] : rows[0] + 4, :13], found[rows[-1] - 4 : rows[-1] + 1]
    assert bar.sum() > 0
    assert bar.sum() > foot.sum()


def test_evidence_for_one_digit_is_evidence_against_the_other(
    recognizer: Recognizer, seven: Digit
) -> None:
    assert evidence(recognizer, seven, 7, 1) == pytest.approx(-evidence(recognizer, seven, 1, 7))


def test_there_is_no_evidence_far_from_ink(recognizer: Recognizer, seven: Digit) -> None:
    found = evidence(recognizer, seven, 7)
    assert found.shape == (28, 28)
    rows, columns = np.flatnonzero(seven.any(axis=1)), np.flatnonzero(seven.any(axis=0))
    far = np.ones((28, 28), bool)
    far[rows[0] - 5 : rows[-1] + 6, max(0, columns[0] - 5) : columns[-1] + 6] = False
    assert far.any()
    assert (found[far] == 0).all()
    assert np.abs(found).max() > 0.1


@pytest.mark.parametrize("place", [(0, 0), (200, 40)])
def test_evidence_is_scaled_to_the_drawing(place: tuple[int, int]) -> None:
    """A square whose left half supports the answer and whose right half contradicts it."""
    ink = np.zeros((280, 400), np.float32)
    top, left = place
    ink[top : top + 80, left : left + 80] = 1
    digit = np.zeros((28, 28), np.uint8)
    digit[4:24, 4:24] = 255
    found = np.zeros((28, 28))
    found[:, :14], found[:, 14:] = 1, -1
    laid = evidence_on_drawing(found, digit, ink)
    assert laid.shape == ink.shape
    assert (laid[ink == 0] == 0).all()
    assert (laid[top : top + 80, left : left + 36] == 1).all()
    assert (laid[top : top + 80, left + 44 : left + 80] == -1).all()


def test_hiding_the_strongest_evidence_lowers_the_odds(
    recognizer: Recognizer, seven: Digit
) -> None:
    found = evidence(recognizer, seven, 7, 1)
    weaker = np.where(found > np.quantile(found[seven > 0], 0.7), 0, seven).astype(np.uint8)
    before, after = (recognizer.recognize(d).probabilities for d in (seven, weaker))
    assert after[7] / max(after[1], 1e-9) < before[7] / max(before[1], 1e-9)
