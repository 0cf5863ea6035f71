from dataclasses import replace

import msgspec
import pytest

from digitrec.recognition.calibration import Calibration
from digitrec.reports.report import Measured, Report
from digitrec.reports.verdict import verdict
from tests.reports.test_report import FIVE, measured
from tests.support.runs import results


def report(found: Measured, threshold: float = 0.0) -> Report:
    values = msgspec.structs.replace(results(), calibration=Calibration(1.0, threshold))
    return Report("mine", 1.8e9, values, None, None, found)


def test_it_says_what_the_model_is_good_and_bad_at() -> None:
    assert verdict(report(FIVE)) == [
        "mine reads only 40.00% of MNIST's test digits correctly, and is best at 4s (50.00%).",
        "It is weakest at 9s (0.00%), and its most frequent mistake is to read a 4 as a 9 "
        "(2 times).",
        "It reads every drawing as a digit, even a scribble; on digits, it is too sure of "
        "itself: its confidence is off by 54.00% on average.",
    ]


def test_the_labeled_drawings_count_where_they_were_measured() -> None:
    mine = replace(report(measured((8, 8, 1.0))), drawings_accuracy=17 / 19)
    assert "of MNIST's test digits and 89.47% of the labeled drawings correctly" in verdict(mine)[0]


def test_a_model_without_mistakes_has_none_to_name() -> None:
    assert verdict(report(measured((1, 1, 0.9))))[1] == "It made no mistakes on the test digits."


def test_a_single_mistake_is_named_once() -> None:
    found = measured((8, 8, 0.9), (8, 1, 0.5))
    assert verdict(report(found))[1].endswith("is to read an 8 as a 1 (once).")


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.995, "its confidence can be trusted"), (0.6, "it is too cautious")],
)
def test_the_confidence_is_judged(confidence: float, words: str) -> None:
    said = verdict(report(measured((1, 1, confidence))))[2]
    assert said.partition("; on digits, ")[2].startswith(words)


def test_a_model_that_knows_non_digits_says_so() -> None:
    words = verdict(report(FIVE, threshold=0.9))[2]
    assert words.startswith("It can tell when a drawing isn't a digit, and ")
