import pytest

from digitrec.drawings.store import DrawingStore
from digitrec.labels import NO_DIGIT
from digitrec.settings import load_settings
from tests.pages.conftest import Hurry, Opener
from tests.support.drawings import new_drawing, png_of

PAGE = "digits/review"


@pytest.fixture
def drawings() -> DrawingStore:
    """Four drawings: the second has the lowest confidence, then the third; the last is labeled."""
    store = DrawingStore(load_settings().database_url)
    sure = (0.99, 0.4, 0.6, 0.5)
    store.save_all(
        [
            new_drawing(d, picture=png_of(d), strokes=(), confidence=c, label=9 if d == 4 else None)
            for d, c in enumerate(sure, 1)
        ]
    )
    return store


def test_the_lowest_confidence_comes_first(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page(PAGE)
    app.button(key="review_label_5_2").click().run()
    assert drawings.labels() == [(2, 5), (4, 9)]
    app.button(key=f"review_label_{NO_DIGIT}_3").click().run()
    assert drawings.get(3).label == NO_DIGIT
    app.button(key="review_label_1_1").click().run()
    assert drawings.get(1).label == 1
    assert app.success[0].value == "Every drawing in the history has a label."


def test_without_drawings_it_says_why(open_page: Opener, history: DrawingStore) -> None:
    app = open_page(PAGE)
    assert app.info[0].value.startswith("Nothing is saved yet.")
    history.save_all([new_drawing(picture=png_of(7)) for _ in range(2)])
    history.delete([1, 2])
    assert app.run().info[0].value.startswith("All 2 drawings are in the trash.")
    assert not app.success


def test_undo_goes_back_to_the_drawing(
    open_page: Opener, drawings: DrawingStore, hurry: Hurry
) -> None:
    hurry(is_on=False)
    app = open_page(PAGE)
    app.button(key="review_skip").click().run()
    for key in ("review_label_3_3", "review_label_1_1", "review_label_2_2"):
        app.button(key=key).click().run()
    assert app.success
    for number in (2, 1, 3):
        app.button(key="drawings_undo_last").click().run()
        assert app.button(key=f"review_label_{number}_{number}").proto.type == "secondary"
    assert drawings.labels() == [(4, 9)]


def test_undo_returns_to_a_drawing_labeled_elsewhere(
    open_page: Opener, drawings: DrawingStore
) -> None:
    app = open_page("digits/history")
    app.pills(key="history_label_4").set_value(2).run()
    app.switch_page(f"pages/{PAGE}.py").run()
    app.button(key="drawings_undo_last").click().run()
    assert app.button(key="review_label_9_4").proto.type == "primary"


def test_a_drawing_deleted_elsewhere_is_not_shown(
    open_page: Opener, drawings: DrawingStore
) -> None:
    app = open_page(PAGE)
    drawings.delete([2])
    app.run()
    assert app.button(key="review_label_3_3")


def test_back_and_undo(open_page: Opener, drawings: DrawingStore, hurry: Hurry) -> None:
    app = open_page(PAGE)
    assert app.button(key="review_back").disabled
    app.button(key="review_skip").click().run()
    app.button(key="review_label_3_3").click().run()
    app.button(key="review_back").click().run()
    assert app.button(key="review_label_3_3").proto.type == "primary"
    app.button(key="drawings_undo_last").click().run()
    assert drawings.get(3).label is None
    app.button(key="review_delete").click().run()
    assert drawings.numbers() == [4, 2, 1]
    hurry(is_on=False)
    app.button(key="drawings_undo_last").click().run()
    assert app.button(key="review_label_3_3").proto.type == "secondary"
    app.button(key="review_delete").click().run()
    drawings.empty_trash()
    app.button(key="review_back").click().run()
    assert not app.error
    app.button(key="review_label_2_2").click().run()
    assert drawings.get(2).label == 2


def test_a_held_key_labels_one_drawing(
    open_page: Opener, drawings: DrawingStore, hurry: Hurry
) -> None:
    hurry(is_on=True)
    app = open_page(PAGE)
    for key in ("review_label_7_2", "review_label_7_3", "review_label_8_3"):
        app.button(key=key).click().run()
    assert drawings.labels() == [(2, 7), (3, 8), (4, 9)]


def test_a_missing_drawing_is_skipped(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page(PAGE)
    drawings.delete([2, 3])
    drawings.empty_trash()
    app.run()
    app.button(key="review_label_1_1").click().run()
    assert drawings.get(1).label == 1
    assert not app.error


def test_drawings_models_disagree_on_come_first(open_page: Opener, drawings: DrawingStore) -> None:
    disputed = drawings.save(new_drawing(8, picture=png_of(1), strokes=(), confidence=0.999))
    app = open_page(PAGE)
    app.button(key="review_ask_all").click().run()
    assert {said.digit for said in drawings.get(disputed).model_answers} == {1}
    app.button(key=f"review_label_1_{disputed}").click().run()
    assert drawings.get(disputed).label == 1
