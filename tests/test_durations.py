import pytest

from digitrec.durations import duration_words, epochs_words


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
