import pytest

from digitrec.formatting import counted, decimal, duration_words, epochs_words, percent, percentage


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0.00%"),
        (1e-9, "<0.01%"),
        (0.00004, "<0.01%"),
        (0.0001, "0.01%"),
        (17 / 19, "89.47%"),
        (0.9999, "99.99%"),
        (0.99996, "99.99%"),
        (1 - 1e-9, "99.99%"),
        (1, "100.00%"),
    ],
)
def test_only_all_or_nothing_is_rounded_to_it(share: float, words: str) -> None:
    assert percent(share) == words


def test_a_chart_has_the_number_that_is_written() -> None:
    assert [percentage(share) for share in (0, 17 / 19, 0.99996, 1)] == [0, 89.47, 99.99, 100]


def test_small_numbers_have_no_exponent() -> None:
    words = [decimal(rate) for rate in (0.001, 6.2345e-05, 0.00016)]
    assert words == ["0.001", "0.000062", "0.00016"]


def test_one_is_not_written_as_several() -> None:
    words = [counted(count, "drawing") for count in (0, 1, 1200)]
    assert words == ["0 drawings", "1 drawing", "1,200 drawings"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.6, "1 min 0 s"), (372, "6 min 12 s"), (600, "10 min"), (3_900, "1 h 5 min")],
)
def test_a_duration_in_words(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


@pytest.mark.parametrize(
    ("epochs", "words"),
    [
        (1, "1 epoch"), (2, "2 epochs"), (200, "200 epochs"), (0.072, "7% of an epoch"),
        (0.001, "1% of an epoch"), (0.999, "99% of an epoch"), (2.403, "2.4 epochs"),
        (1.002, "1 epoch"), (0, "0 epochs"), (11.96, "12 epochs"),
    ],
)  # fmt: skip
def test_epochs_in_words(epochs: float, words: str) -> None:
    assert epochs_words(epochs) == words
