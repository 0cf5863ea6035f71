from datetime import datetime, timedelta

from digitrec.drawings.statistics import (
    LEAST_WINDOW,
    Outcome,
    accuracy_over_time,
    by_model,
    confusion_matrix,
    most_unusual,
)
from digitrec.drawings.store import DrawingStore
from digitrec.labels import NO_DIGIT
from tests.support.drawings import new_drawing

BEGIN = datetime(2026, 1, 1)


def outcome(
    number: int, label: int, answer: int, confidence: float = 0.9, model: str = "m"
) -> Outcome:
    return Outcome(number, BEGIN + timedelta(days=number), model, label, answer, confidence)


def test_only_labeled_drawings_have_an_outcome(drawings: DrawingStore) -> None:
    drawings.save_all(
        [
            new_drawing(7, label=1, created_at=BEGIN),
            new_drawing(7),
            new_drawing(NO_DIGIT, label=NO_DIGIT, created_at=BEGIN, confidence=0.3),
        ]
    )
    assert drawings.outcomes() == [
        Outcome(1, BEGIN, "seed-cnn", 1, 7, 0.91),
        Outcome(3, BEGIN, "seed-cnn", NO_DIGIT, NO_DIGIT, 0.3),
    ]


def test_accuracy_over_time_is_a_moving_average() -> None:
    outcomes = [outcome(i, 1, 7 if i < 5 else 1) for i in range(LEAST_WINDOW + 5)]
    shares = accuracy_over_time(outcomes)
    assert len(shares) == 6
    assert shares[0] == (outcomes[LEAST_WINDOW - 1].created_at, 1 - 5 / LEAST_WINDOW)
    assert shares[-1] == (outcomes[-1].created_at, 1.0)
    assert accuracy_over_time(outcomes[: LEAST_WINDOW - 1]) == []
    many = [outcome(i, 1, 7 if i < 1000 else 1) for i in range(4000)]
    assert len(accuracy_over_time(many)) == 4000 - 100 + 1


def test_models_are_ranked_by_accuracy() -> None:
    shares = by_model([outcome(1, 1, 1, model="a"), outcome(2, 1, 7, model="a"),
                       outcome(3, 1, 1, model="b")])  # fmt: skip
    assert [(share.name, share.right, share.count) for share in shares] == [
        ("b", 1, 1), ("a", 1, 2),
    ]  # fmt: skip
    low, high = shares[1].interval
    assert low < shares[1].accuracy < high


def test_labels_are_rows_and_answers_columns() -> None:
    matrix = confusion_matrix([outcome(1, 1, 7), outcome(2, 1, 7), outcome(3, NO_DIGIT, 4)])
    assert (matrix[1][7], matrix[NO_DIGIT][4], sum(map(sum, matrix))) == (2, 1, 3)


def test_what_was_read_right_and_surely_is_not_unusual() -> None:
    assert most_unusual([outcome(1, 1, 1, 0.99), outcome(2, 1, 1, 0.9)], 3) == []


def test_confident_mistakes_are_the_most_unusual() -> None:
    outcomes = [outcome(1, 1, 1, 0.99), outcome(2, 1, 1, 0.4), outcome(3, 1, 7, 0.5),
                outcome(4, 1, 7, 0.99)]  # fmt: skip
    assert [found.number for found in most_unusual(outcomes, 3)] == [4, 3, 2]
