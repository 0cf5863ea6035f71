import math

import pytest

from digitrec.numbers.text_vote import vote


def test_what_both_agree_on_is_sure() -> None:
    text, share = vote({"12": math.log(0.9), "17": math.log(0.1)}, {"12": -0.1, "17": -6.0})
    assert text == "12"
    assert share > 0.95


def test_who_is_sure_decides() -> None:
    unsure = {"12": math.log(0.5), "17": math.log(0.4)}
    assert vote(unsure, {"12": -7.0, "17": -0.1})[0] == "17"
    sure = {"12": math.log(0.999)}
    assert vote(sure, {"12": -3.0, "17": -0.5})[0] == "12"


def test_a_text_that_only_one_has_thought_of_can_win() -> None:
    assert vote({"5": -0.01}, {"5": -math.inf, "8": -7.0})[0] == "5"
    assert vote({}, {"8": -0.2}) == ("8", 1.0)


def test_the_shares_of_all_texts_add_up() -> None:
    by_line = {"1": math.log(0.6), "7": math.log(0.3), "4": math.log(0.05)}
    by_cuts = {"1": -2.0, "7": -1.0, "4": -0.7}
    best, share = vote(by_line, by_cuts)
    others = [
        vote({t: by_line[t] for t in pair}, {t: by_cuts[t] for t in pair})
        for pair in (("1", "7"), ("1", "4"))
    ]
    assert best == "1"
    assert all(text == "1" and other > share for text, other in others)
    odds = sum(1 / other - 1 for _, other in others)
    assert share == pytest.approx(1 / (1 + odds))
