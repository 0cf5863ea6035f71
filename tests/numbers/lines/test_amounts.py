import re

import numpy as np

from digitrec.numbers.lines.amounts import BEGINNINGS, ENDS, amount

AMOUNTS = [amount(np.random.default_rng(seed)) for seed in range(600)]


def test_amounts_are_digits_with_separators_and_marks_around_them() -> None:
    begin, end = re.escape(BEGINNINGS), "|".join(map(re.escape, ENDS))
    pattern = re.compile(rf"[{begin}]?\d([ .,]?\d)*({end})?")
    assert [text for text in AMOUNTS if not pattern.fullmatch(text)] == []


def test_thousands_are_in_groups_of_three() -> None:
    grouped = [text for text in AMOUNTS if re.search(r"\d\.\d{3}(\D|$)", text)]
    assert len(grouped) > 100
    assert any(re.fullmatch(r"\d{1,3}\.\d{3}\.\d{3}", text) for text in AMOUNTS)


def test_amounts_are_short_and_long_and_often_round() -> None:
    digits = ["".join(filter(str.isdecimal, text)) for text in AMOUNTS]
    assert {len(text) for text in digits} == set(range(1, 9))
    assert sum(text.endswith("00") for text in digits) > 100
