from digitrec.labels import LABELS, NO_DIGIT
from digitrec.teaching.next_digit import ENOUGH, NextDigit, next_digit

TWO_OF_EACH = dict.fromkeys(LABELS, 2)
ENOUGH_OF_EACH = dict.fromkeys(LABELS, ENOUGH)


def test_without_drawings_nothing_is_known() -> None:
    assert next_digit({}, [], {}) is None


def test_what_the_model_gets_wrong_most_comes_first() -> None:
    assert next_digit(TWO_OF_EACH, [(3, 8), (7, 1), (7, 9)], {5: 3}) == NextDigit(7, 2)
    assert next_digit({**TWO_OF_EACH, 0: 1}, [(NO_DIGIT, 1)], {}) == NextDigit(NO_DIGIT, 1)


def test_what_the_model_is_unsure_about_comes_second() -> None:
    assert next_digit({**TWO_OF_EACH, 0: 1}, [], {3: 1, 7: 2}) == NextDigit(7, unsure=2)
    assert next_digit({**TWO_OF_EACH, 7: ENOUGH}, [], {7: 5, 3: 1}) == NextDigit(3, unsure=1)


def test_of_the_others_the_digit_with_the_fewest_drawings_comes_first() -> None:
    assert next_digit({**TWO_OF_EACH, 4: 1, 8: 1}, [], {}) == NextDigit(4)
    assert next_digit({0: 1, 1: 1}, [], {}) == NextDigit(2)
    assert next_digit({**TWO_OF_EACH, NO_DIGIT: 0}, [], {}) == NextDigit(0)


def test_enough_drawings_of_a_digit_are_enough() -> None:
    assert next_digit({**TWO_OF_EACH, 7: ENOUGH}, [(7, 9)] * 5 + [(3, 8)], {}) == NextDigit(
        3, wrong=1
    )
    assert next_digit({**ENOUGH_OF_EACH, NO_DIGIT: 0}, [(7, 9)] * 5, {}) is None


def test_a_digit_that_others_are_mistaken_for_is_learned_with_them() -> None:
    counts = {7: ENOUGH, 4: ENOUGH, 9: 1}
    mistakes = [(7, 9), (7, 9), (4, 6), (7, NO_DIGIT)]
    assert next_digit(counts, mistakes, {9: 1}) == NextDigit(9, apart_from=7)
    assert next_digit({**counts, 9: ENOUGH}, mistakes, {}) == NextDigit(6, apart_from=4)
