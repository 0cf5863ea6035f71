from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime

import pytest

from digitrec.drawings.new_drawing import content_hash
from digitrec.drawings.schema import MAX_NOTE, ModelAnswer
from digitrec.drawings.selection import Order, Selection, Verdict
from digitrec.drawings.sessions import CHUNK
from digitrec.drawings.store import DrawingStore
from digitrec.errors import StoreError
from digitrec.labels import NO_DIGIT
from tests.support.drawings import INPUT, RECOGNITION, STROKES, new_drawing

IN_TRASH = Selection(in_trash=True)


def test_everything_about_a_drawing_is_saved(drawings: DrawingStore, url: str) -> None:
    made = datetime(2026, 1, 2, 3, 4, 5)
    number = drawings.save(new_drawing(label=1, note="a café", source="upload", created_at=made))
    drawings.close()
    with closing(DrawingStore(url)) as tomorrow:
        drawing = tomorrow.get(number)
    assert drawing.id == number
    assert drawing.content.picture == b"png"
    assert drawing.content.strokes == STROKES
    assert drawing.content.input == INPUT.tobytes()
    assert tuple(drawing.content.probabilities) == RECOGNITION.probabilities
    assert (drawing.digit, drawing.confidence, drawing.label) == (7, 0.91, 1)
    assert (drawing.is_digit, drawing.digit_score) == (True, 0.97)
    assert (drawing.model, drawing.model_version) == ("seed-cnn", "ab" * 32)
    assert (drawing.source, drawing.note) == ("upload", "a café")
    assert (drawing.created_at, drawing.changed_at) == (made, None)
    assert drawing.picture_hash == content_hash(b"png")


def test_drawings_are_listed_newest_first_in_pages(drawings: DrawingStore) -> None:
    numbers = [drawings.save(new_drawing()) for _ in range(5)]
    assert [d.id for d in drawings.find(limit=2, offset=1)] == numbers[::-1][1:3]
    assert drawings.count().all == 5


FOUND: list[tuple[Selection, list[int]]] = [
    (Selection(), [1, 2, 3, 4, 5]),
    (Selection(answers=(7,)), [1, 2]),
    (Selection(answers=(NO_DIGIT, 3)), [3, 4]),
    (Selection(labels=(NO_DIGIT,)), [4]),
    (Selection(verdict=Verdict.RIGHT), [1, 4]),
    (Selection(verdict=Verdict.WRONG), [2]),
    (Selection(verdict=Verdict.LABELED), [1, 2, 4]),
    (Selection(verdict=Verdict.UNLABELED), [3, 5]),
    (Selection(confidence=(0.5, 0.8)), [3, 5]),
    (Selection(models=("other",)), [5]),
    (Selection(sources=("upload", "number")), [2]),
    (Selection(since=datetime(2026, 5, 3)), [3, 4, 5]),
    (Selection(until=datetime(2026, 5, 3)), [1, 2]),
    (Selection(text="FLAG_"), [2]),
    (Selection(answers=(7,), verdict=Verdict.WRONG, sources=("upload",)), [2]),
    (Selection(answers=(9,)), []),
    (Selection(in_trash=True), [6]),
]


def test_drawings_can_be_filtered(drawings: DrawingStore) -> None:
    made = [datetime(2026, 5, day) for day in range(1, 7)]
    drawings.save_all(
        [
            new_drawing(7, label=7, confidence=0.99, created_at=made[0]),
            new_drawing(7, label=1, confidence=0.95, source="upload", note="its flag_ is long",
                        created_at=made[1]),
            new_drawing(3, confidence=0.6, created_at=made[2], note="flags"),
            new_drawing(NO_DIGIT, label=NO_DIGIT, confidence=0.4, created_at=made[3]),
            new_drawing(5, confidence=0.8, model="other", created_at=made[4]),
            new_drawing(7, label=7, created_at=made[5]),
        ]
    )  # fmt: skip
    drawings.delete([6])
    for selection, expected in FOUND:
        assert [drawing.id for drawing in drawings.find(selection, Order.OLDEST)] == expected
        assert drawings.numbers(selection, Order.OLDEST) == expected
        assert [drawing.id for drawing in drawings.stream(selection)] == expected
        assert drawings.count(selection).all == len(expected)


def test_the_most_useful_are_disputed_then_least_sure(
    drawings: DrawingStore,
) -> None:
    drawings.save_all([new_drawing(7, confidence=c) for c in (0.5, 0.99, 0.7, 0.98)])
    drawings.add_model_answers(
        [model_answer(2, "two", 7), model_answer(2, "three", 1), model_answer(4, "two", 7)]
    )
    drawings.add_model_answers([model_answer(4, "two", 7, is_digit=False)])
    assert drawings.numbers(order=Order.MOST_USEFUL) == [4, 2, 1, 3]
    assert drawings.numbers(order=Order.LEAST_SURE) == [1, 3, 4, 2]
    assert drawings.numbers(order=Order.MOST_SURE) == [2, 4, 3, 1]
    assert [(o.model, o.digit) for o in drawings.get(2).model_answers] == [("three", 1), ("two", 7)]


def model_answer(number: int, model: str, digit: int, *, is_digit: bool = True) -> ModelAnswer:
    return ModelAnswer(
        drawing_id=number, model=model, model_version="cd" * 32, digit=digit, confidence=0.6,
        is_digit=is_digit, asked_at=datetime(2026, 1, 1),
    )  # fmt: skip


def test_labels_are_counted(drawings: DrawingStore) -> None:
    labels = [7, 7, 1, None, NO_DIGIT]
    drawings.save_all([new_drawing(7, label=label) for label in labels])
    counts = drawings.count()
    assert (counts.all, counts.labeled, counts.right, counts.wrong) == (5, 4, 2, 2)
    assert drawings.labels() == [(1, 7), (2, 7), (3, 1), (5, NO_DIGIT)]
    assert drawings.models() == ["seed-cnn"]


def test_labeling_many_drawings_can_be_undone(drawings: DrawingStore) -> None:
    drawings.save_all([new_drawing(label=label) for label in (None, 3, 4)])
    before = drawings.label([1, 2, 99], 4)
    assert before == {1: None, 2: 3}
    assert drawings.labels() == [(1, 4), (2, 4), (3, 4)]
    assert drawings.get(1).changed_at is not None
    assert drawings.get(3).changed_at is None
    drawings.unlabel(4, before)
    assert drawings.labels() == [(2, 3), (3, 4)]
    with pytest.raises(StoreError, match="expected a label from 0 to 10, got 11"):
        drawings.label([1], 11)


def test_a_note_is_saved(drawings: DrawingStore) -> None:
    number = drawings.save(new_drawing())
    drawings.write_note(number, "with a hat")
    assert drawings.get(number).note == "with a hat"
    assert drawings.get(number).changed_at is not None
    with pytest.raises(StoreError, match="at most 2,000 characters, got 2,001"):
        drawings.write_note(number, "x" * (MAX_NOTE + 1))
    with pytest.raises(StoreError, match="drawing 99 no longer exists"):
        drawings.write_note(99, "lost")


def test_deleted_drawings_can_be_restored(drawings: DrawingStore) -> None:
    first, second, third = drawings.save_all([new_drawing() for _ in range(3)])
    assert drawings.delete([first, second]) == 2
    assert drawings.numbers() == [third]
    assert drawings.count(IN_TRASH).all == 2
    assert drawings.restore([first]) == 1
    assert drawings.numbers() == [third, first]


def test_emptying_the_trash_deletes_only_the_trash(drawings: DrawingStore) -> None:
    first, second = drawings.save_all([new_drawing(), new_drawing()])
    drawings.add_model_answers([model_answer(first, "two", 7)])
    drawings.delete([first])
    assert drawings.empty_trash() == 1
    assert drawings.numbers() == [second]
    with pytest.raises(StoreError, match=f"there is no drawing {first}"):
        drawings.get(first)


def test_numbers_of_deleted_drawings_are_not_reused(drawings: DrawingStore) -> None:
    first = drawings.save(new_drawing())
    drawings.delete([first])
    drawings.empty_trash()
    assert drawings.save(new_drawing()) > first


def test_more_than_a_chunk_is_read_completely(drawings: DrawingStore) -> None:
    numbers = drawings.save_all([new_drawing() for _ in range(2 * CHUNK + 1)])
    assert [drawing.id for drawing in drawings.stream()] == numbers
    assert len(drawings.label(numbers, 3)) == len(numbers)
    assert drawings.count().labeled == len(numbers)
    assert drawings.delete(numbers) == len(numbers)


def test_undo_keeps_labels_that_were_changed_since(drawings: DrawingStore) -> None:
    drawings.save_all([new_drawing(label=label) for label in (None, 3, 4)])
    before = drawings.label([1, 2, 3], 5)
    drawings.label([1], 6)
    drawings.label([2], None)
    drawings.unlabel(5, before)
    assert drawings.labels() == [(1, 6), (3, 4)]


def test_saved_pictures_are_known(drawings: DrawingStore) -> None:
    drawings.save(new_drawing(picture=b"one"))
    drawings.delete([1])
    one, two, same_input = content_hash(b"one"), content_hash(b"two"), content_hash(INPUT.tobytes())
    known = drawings.find_by_hash([one, two], [two, same_input])
    assert {key: drawing.id for key, drawing in known.items()} == {one: 1, same_input: 1}
    drawings.save(new_drawing(picture=b"two"))
    known = drawings.find_by_hash([one, two], [same_input])
    assert {key: drawing.id for key, drawing in known.items()} == {one: 1, two: 2, same_input: 2}


def test_drawings_are_saved_all_or_none(drawings: DrawingStore) -> None:
    with pytest.raises(
        StoreError, match="expected one of canvas, number, picture, upload as the source, got mars"
    ):
        drawings.save_all([new_drawing(), new_drawing(source="mars")])
    assert drawings.count().all == 0


def test_several_servers_label_and_save_at_once(drawings: DrawingStore, url: str) -> None:
    other = DrawingStore(url)
    numbers = drawings.save_all([new_drawing() for _ in range(20)])

    def work(number: int) -> None:
        store = drawings if number % 2 else other
        store.label(numbers, number % 10)
        store.save(new_drawing())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(20)))
    assert drawings.count().all == 40
    assert drawings.count().labeled == 20
    other.close()


def test_the_latest_of_each_label_are_found(drawings: DrawingStore) -> None:
    drawings.for_owner("bob").save_all([new_drawing(label=3)] * 2)
    saved = drawings.save_all([new_drawing(label=label) for label in (3, 3, 5, None, 3)])
    drawings.delete(saved[4:])
    drawings.for_owner("bob").save_all([new_drawing(label=3)] * 2)
    of_each = [(one.number, one.label) for one in drawings.latest_of_each_label(1)]
    assert of_each == [(saved[2], 5), (saved[1], 3)]
    of_three = [one for one in drawings.latest_of_each_label(9) if one.label == 3]
    assert [one.number for one in of_three] == [saved[1], saved[0]]
    assert of_three[0].digit_input == INPUT.tobytes()
