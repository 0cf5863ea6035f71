from pathlib import Path

import numpy as np
import pytest

from digitrec.explanation import evidence
from digitrec.model_store import ModelStore
from digitrec.preprocessing import Digit, preprocess
from digitrec.recognizer import Recognizer
from tests.digits import draw_digit


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return ModelStore(Path("nowhere")).load_recognizer("bn-cnn")


@pytest.fixture
def seven() -> Digit:
    return preprocess(draw_digit(7))


def test_the_bar_of_a_seven_speaks_against_a_one(recognizer: Recognizer, seven: Digit) -> None:
    worth = evidence(recognizer, seven, 7, 1)
    rows = np.flatnonzero(seven.any(axis=1))
    bar, foot = worth[rows[0] : rows[0] + 4, :13], worth[rows[-1] - 4 : rows[-1] + 1]
    assert bar.sum() > 0
    assert bar.sum() > foot.sum()


def test_what_speaks_for_one_digit_speaks_against_the_other(
    recognizer: Recognizer, seven: Digit
) -> None:
    assert evidence(recognizer, seven, 7, 1) == pytest.approx(-evidence(recognizer, seven, 1, 7))


def test_where_no_ink_is_nothing_speaks(recognizer: Recognizer, seven: Digit) -> None:
    worth = evidence(recognizer, seven, 7)
    assert worth.shape == (28, 28)
    assert (worth[seven == 0] == 0).all()
    assert np.abs(worth).max() > 0.1


def test_without_its_strongest_part_the_answer_is_less_sure(
    recognizer: Recognizer, seven: Digit
) -> None:
    worth = evidence(recognizer, seven, 7, 1)
    weaker = np.where(worth > np.quantile(worth[seven > 0], 0.7), 0, seven).astype(np.uint8)
    before, after = (recognizer.recognize(d).probabilities for d in (seven, weaker))
    assert after[7] / max(after[1], 1e-9) < before[7] / max(before[1], 1e-9)
