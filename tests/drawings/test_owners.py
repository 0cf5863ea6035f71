"""Nobody can read or change another person's drawings by guessing numbers."""

from datetime import datetime

import pytest

from digitrec.drawings.files.download import FORMATS, download
from digitrec.drawings.new_drawing import content_hash
from digitrec.drawings.reader import ALL
from digitrec.drawings.schema import ModelAnswer
from digitrec.drawings.selection import Order, Selection
from digitrec.drawings.store import DrawingStore
from digitrec.errors import NoSuchDrawingError, StoreError
from digitrec.labels import NO_DIGIT
from tests.conftest import Shell
from tests.support.drawings import new_drawing, png_of

CLARA = "c1a4a" + "0" * 27
IN_TRASH = Selection(in_trash=True)


@pytest.fixture
def ada(drawings: DrawingStore) -> DrawingStore:
    """Ada's drawings: one labeled, and one in the trash."""
    ada = drawings.for_owner("ada")
    ada.save_all([new_drawing(picture=png_of(3), label=3, note="Ada's"), new_drawing(label=7)])
    ada.delete([2])
    return ada


@pytest.fixture
def bob(ada: DrawingStore) -> DrawingStore:
    return ada.for_owner("bob")


def test_everyone_has_their_own_drawings(ada: DrawingStore, bob: DrawingStore) -> None:
    number = bob.save(new_drawing())
    assert [drawing.id for drawing in bob.find()] == [number]
    assert [drawing.id for drawing in ada.find()] == [1]
    assert [drawing.owner for drawing in (ada.get(1), bob.get(number))] == ["ada", "bob"]


def test_other_peoples_drawings_are_not_visible(bob: DrawingStore) -> None:
    for selection in (ALL, IN_TRASH, Selection(text="Ada"), Selection(answers=(7,))):
        assert bob.find(selection) == []
        assert list(bob.stream(selection)) == []
        assert bob.count(selection).all == 0
        assert bob.outcomes(selection) == []
        for order in Order:
            assert bob.numbers(selection, order) == []
    assert bob.labels() == []
    assert bob.latest_of_each_label(9) == []
    assert bob.models() == []
    hashes = [content_hash(png_of(3))]
    assert bob.find_by_hash(hashes, hashes) == {}
    for number in (1, 2):
        with pytest.raises(NoSuchDrawingError):
            bob.get(number)


def test_other_peoples_drawings_are_not_changed(ada: DrawingStore, bob: DrawingStore) -> None:
    assert bob.label([1, 2], 5) == {}
    bob.unlabel(3, {1: 9})
    assert bob.delete([1]) == 0
    assert bob.restore([2]) == 0
    assert bob.empty_trash() == 0
    assert bob.give(CLARA) == 0
    with pytest.raises(NoSuchDrawingError):
        bob.write_note(1, "Bob's")
    asked_at = datetime(2026, 1, 2)
    bob.add_model_answers(
        [ModelAnswer(drawing_id=1, model="m", model_version="v", digit=1, confidence=1.0,
                 is_digit=True, asked_at=asked_at)]
    )  # fmt: skip
    drawing = ada.get(1)
    assert (drawing.label, drawing.note, drawing.model_answers) == (3, "Ada's", [])
    assert [drawing.id for drawing in ada.find(IN_TRASH)] == [2]


@pytest.mark.parametrize("file_format", FORMATS)
def test_other_peoples_drawings_are_not_downloaded(
    ada: DrawingStore, bob: DrawingStore, file_format: str
) -> None:
    def size(store: DrawingStore) -> int:
        return sum(map(len, download(store, ALL, file_format)))

    nobodys = size(ada.for_owner("nobody"))
    assert size(bob) == nobodys
    assert size(ada) > nobodys


def test_drawings_can_be_given(ada: DrawingStore, bob: DrawingStore) -> None:
    assert ada.give(CLARA) == 2
    clara = ada.for_owner(CLARA)
    assert [clara.get(number).owner for number in (1, 2)] == [CLARA, CLARA]
    assert ada.count().all == 0
    with pytest.raises(StoreError, match="32 hexadecimal digits, got 'clara'"):
        clara.give("clara")


def test_the_shell_gives_drawings(history: DrawingStore, shell: Shell) -> None:
    history.save(new_drawing())
    done = shell("give", "--to", CLARA)
    assert done.stdout == "1 drawing given\n", done.stderr
    assert history.for_owner(CLARA).count().all == 1
    assert shell("give", "--from", CLARA).stdout == "1 drawing given\n"
    assert history.count().all == 1
    assert shell("give", "--to", "clara").returncode == 1


def test_the_shell_teaches_with_a_persons_drawings(history: DrawingStore, shell: Shell) -> None:
    history.for_owner(CLARA).save(new_drawing(picture=png_of(3), strokes=(), label=NO_DIGIT))
    others = shell("teach", "--model", "seed-cnn")
    assert "label some drawings first" in others.stderr
    hers = shell("teach", "--model", "seed-cnn", "--owner", CLARA)
    assert "all labeled drawings are non-digits" in hers.stderr
