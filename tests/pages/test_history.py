from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from digitrec.drawings.new_drawing import NewDrawing
from digitrec.drawings.selection import Selection, Verdict
from digitrec.drawings.sessions import CHUNK
from digitrec.drawings.store import DrawingStore
from digitrec.errors import StoreError
from digitrec.labels import NO_DIGIT
from digitrec.runs.model_store import ModelStore
from digitrec.settings import load_settings
from tests.pages.conftest import Hurry, Opener
from tests.support.digits import DIGITS, strokes_of
from tests.support.drawing_files import idx, npz
from tests.support.drawings import ink_of, new_drawing, png_of

PAGE = "digits/history"
IN_TRASH = Selection(in_trash=True)


@pytest.fixture
def store() -> DrawingStore:
    return DrawingStore(load_settings().database_url)


@pytest.fixture
def models(places: Path) -> ModelStore:
    return ModelStore(places / "models")


@pytest.fixture
def drawings(store: DrawingStore) -> DrawingStore:
    """Thirty drawings: more than a page of the gallery holds."""
    store.save_all([new_drawing(picture=png_of(7)) for _ in range(30)])
    return store


def shown(app: AppTest) -> list[int]:
    keys = [box.key for box in app.checkbox if box.key]
    return [int(key.removeprefix("history_pick_")) for key in keys if "_pick_" in key]


def badges(app: AppTest) -> str:
    return " ".join(text.value for text in app.markdown)


def test_an_empty_history_says_what_to_do(open_page: Opener) -> None:
    app = open_page(PAGE)
    assert app.info[0].value.startswith("Nothing is saved yet")


def test_an_empty_history_mentions_the_trash(open_page: Opener, drawings: DrawingStore) -> None:
    drawings.delete(drawings.numbers())
    app = open_page(PAGE)
    assert app.info[0].value.startswith("All 30 drawings are in the trash.")
    app.segmented_control(key="history_verdict").set_value("Wrong").run()
    assert app.info[0].value.startswith("All 30 drawings are in the trash.")
    drawings.restore([1])
    drawings.empty_trash()
    drawings.delete([1])
    assert app.run().info[0].value.startswith("Your only drawing is in the trash.")


def test_a_chart_says_how_many_more_labels_it_needs(
    open_page: Opener, drawings: DrawingStore
) -> None:
    drawings.label(range(1, 25), 7)
    app = open_page(PAGE)
    app.segmented_control(key="history_view").set_value("Figures").run()
    assert "Label 1 more drawing to see this chart." in [caption.value for caption in app.caption]
    drawings.label(range(1, 26), None)
    assert app.run().info[0].value.startswith("These drawings have no labels yet.")


def test_the_newest_drawings_come_first(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page(PAGE)
    assert shown(app) == [*range(30, 6, -1)]
    assert app.markdown[0].value == "**30 drawings**"


def test_labeling_with_one_click_can_be_undone(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page(PAGE)
    app.pills(key="history_label_30").set_value(1).run()
    assert drawings.get(30).label == 1
    assert "Drawing 30 labeled 1." in badges(app)
    app.pills(key="history_label_30").set_value(NO_DIGIT).run()
    assert drawings.get(30).label == NO_DIGIT
    app.button(key="drawings_undo_last").click().run()
    assert drawings.get(30).label == 1
    assert app.pills(key="history_label_30").value == 1
    app.pills(key="history_label_30").set_value(None).run()
    assert drawings.get(30).label is None


def test_a_non_digit_is_marked(open_page: Opener, store: DrawingStore) -> None:
    store.save(new_drawing(NO_DIGIT, picture=png_of(7), label=NO_DIGIT))
    app = open_page(PAGE)
    assert ":green-badge[Not a digit]" in badges(app)
    assert app.markdown[0].value == "**1 drawing** · 1 labeled, 1 read correctly"


def test_deleting_can_be_undone(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page(PAGE)
    app.button(key="history_delete_29").click().run()
    assert drawings.count().all == 29
    assert 29 not in shown(app)
    app.button(key="drawings_undo_last").click().run()
    assert drawings.count().all == 30
    assert 29 in shown(app)


def test_the_trash_is_restored_or_emptied(
    open_page: Opener, drawings: DrawingStore, hurry: Hurry
) -> None:
    hurry(is_on=True)
    app = open_page(PAGE)
    app.button(key="history_delete_30").click().run()
    app.button(key="history_delete_29").click().run()
    # The second press came too soon and was ignored.
    assert drawings.count(IN_TRASH).all == 1
    hurry(is_on=False)
    app.button(key="history_delete_29").click().run()
    hurry(is_on=True)
    assert "2 in the trash" in [caption.value for caption in app.caption]
    app.segmented_control(key="history_view").set_value("Trash").run()
    app.button(key="history_restore_30").click().run()
    app.button(key="history_restore_29").click().run()
    assert (drawings.count().all, drawings.count(IN_TRASH).all) == (29, 1)
    app.button(key="history_restore_all").click().run()
    assert drawings.count().all == 30
    drawings.delete([30])
    app.run()
    app.button(key="history_empty_trash").click().run()
    assert (drawings.count().all, drawings.count(IN_TRASH).all) == (29, 0)
    assert app.info[0].value.startswith("The trash is empty.")
    assert not [button for button in app.button if button.key == "drawings_undo_last"]


def test_the_steps_are_undone_one_by_one(
    open_page: Opener, drawings: DrawingStore, hurry: Hurry
) -> None:
    app = open_page(PAGE)
    app.button(key="history_delete_30").click().run()
    app.pills(key="history_label_29").set_value(3).run()
    app.button(key="drawings_undo_last").click().run()
    assert (drawings.count().all, drawings.get(29).label) == (29, None)
    hurry(is_on=False)
    app.button(key="drawings_undo_last").click().run()
    assert drawings.count().all == 30


def test_selected_drawings_are_labeled_and_deleted_at_once(
    open_page: Opener, drawings: DrawingStore
) -> None:
    app = open_page(PAGE)
    app.checkbox(key="history_pick_30").check().run()
    app.checkbox(key="history_pick_28").check().run()
    assert "**2 selected**" in badges(app)
    app.pills(key="history_label_picked").set_value(3).run()
    assert drawings.labels() == [(28, 3), (30, 3)]
    assert "2 drawings labeled 3." in badges(app)
    app.button(key="history_picked_delete").click().run()
    assert drawings.count().all == 28
    app.button(key="drawings_undo_last").click().run()
    assert drawings.count().all == 30


def test_select_all_selects_every_page_of_the_filter(
    open_page: Opener, drawings: DrawingStore
) -> None:
    app = open_page(PAGE)
    app.button(key="history_pick_page").click().run()
    assert "**24 selected**" in badges(app)
    app.button(key="history_pick_all").click().run()
    assert "**30 selected**" in badges(app)
    app.button(key="history_pick_none").click().run()
    assert not app.checkbox(key="history_pick_30").value


def test_drawings_out_of_sight_are_not_selected(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page(PAGE)
    app.checkbox(key="history_pick_30").check().run()
    app.checkbox(key="history_pick_29").check().run()
    app.button(key="history_delete_30").click().run()
    assert "**1 selected**" in badges(app)
    app.slider(key="history_confidence").set_value((0, 99)).run()
    assert "selected**" not in badges(app)


def test_labeling_a_drawing_that_was_deleted_for_good_says_so(
    open_page: Opener, drawings: DrawingStore
) -> None:
    app = open_page(PAGE)
    drawings.delete([30])
    drawings.empty_trash()
    app.pills(key="history_label_30").set_value(1).run()
    assert app.error[0].value.startswith("This drawing no longer exists")
    assert not [button for button in app.button if button.key == "drawings_undo_last"]


def test_the_filter_shows_matching_drawings(open_page: Opener, store: DrawingStore) -> None:
    made = [datetime(2026, 5, day, 12) for day in (1, 2, 3)]
    store.save_all(
        [
            new_drawing(7, label=7, confidence=0.95, picture=png_of(7), created_at=made[0]),
            new_drawing(1, label=7, confidence=0.5, picture=png_of(7), created_at=made[1]),
            new_drawing(3, source="upload", picture=png_of(3), created_at=made[2], note="hat"),
        ]
    )
    app = open_page(PAGE)
    app.segmented_control(key="history_verdict").set_value("Wrong").run()
    assert shown(app) == [2]
    app.button(key="history_no_filter").click().run()
    assert shown(app) == [3, 2, 1]
    app.pills(key="history_answers").set_value([7, 3]).run()
    assert shown(app) == [3, 1]
    app.slider(key="history_confidence").set_value((0, 92)).run()
    assert shown(app) == [3]
    app.text_input(key="history_text").set_value("coat").run()
    assert app.info[0].value == "No drawings match the filter."
    app.button(key="history_show_all").click().run()
    app.date_input(key="history_dates").set_value((made[1].date(), made[1].date())).run()
    assert shown(app) == [2]


def test_a_link_carries_the_filter(open_page: Opener, store: DrawingStore) -> None:
    store.save_all([new_drawing(digit, picture=png_of(digit)) for digit in (1, 2, 3)])
    app = open_page("digits/draw")
    app.query_params["history_answers"] = ["2", "3"]
    app.query_params["history_order"] = "Oldest first"
    app.switch_page(f"pages/{PAGE}.py").run()
    assert shown(app) == [2, 3]
    assert app.button(key="history_filter_close").label == "Show 2 drawings"


def test_a_link_of_an_earlier_version_works(open_page: Opener, store: DrawingStore) -> None:
    store.save_all([new_drawing(7, label=label, picture=png_of(7)) for label in (7, None, None)])
    store.save(new_drawing(NO_DIGIT, picture=png_of(3)))
    app = open_page("digits/draw")
    app.query_params["history_order"] = "oldest first"
    app.query_params["history_verdict"] = "not labeled"
    app.query_params["history_sources"] = ["canvas"]
    app.query_params["history_answers"] = ["7", "not a digit"]
    app.switch_page(f"pages/{PAGE}.py").run()
    assert shown(app) == [2, 3, 4]


def test_a_damaged_picture_is_explained_and_the_others_are_shown(
    open_page: Opener, drawings: DrawingStore
) -> None:
    drawings.save(new_drawing(picture=b"broken"))
    app = open_page(PAGE)
    assert len(app.error) == 1
    assert 30 in shown(app)


def test_the_dialog_shows_a_drawing_and_asks_models(
    open_page: Opener, drawings: DrawingStore
) -> None:
    drawings.save(new_drawing(7, picture=png_of(3), strokes=(), note="three", label=3))
    app = open_page(PAGE)
    app.button(key="history_open_31").click().run()
    assert app.query_params["drawing"] == "31"
    assert " confidence** · Tutorial network, when it was drawn" in badges(app)
    assert app.text_area(key="drawing_note_31").value == "three"
    app.text_area(key="drawing_note_31").set_value("a round three").run()
    assert drawings.get(31).note == "a round three"
    app.text_area(key="drawing_note_31").set_value("x" * 2001).run()
    assert app.error[0].value == "A note can have at most 2,000 characters, got 2,001."
    app.button(key="drawing_ask_all").click().run()
    model_answers = {said.model: said.digit for said in drawings.get(31).model_answers}
    assert model_answers == {"bn-cnn": 3, "seed-cnn": 3}
    app.pills(key="drawing_label_31").set_value(NO_DIGIT).run()
    assert drawings.get(31).label == NO_DIGIT
    app.button(key="drawing_delete").click().run()
    assert drawings.get(31).deleted_at is not None
    app.button(key="drawing_restore").click().run()
    assert drawings.get(31).deleted_at is None
    app.button(key="drawing_close").click().run()
    assert "drawing" not in app.query_params


def test_the_dialog_says_why_a_drawing_was_misread(
    open_page: Opener, store: DrawingStore, models: ModelStore
) -> None:
    drawn = new_drawing(4, picture=png_of(4), strokes=strokes_of(DIGITS[4]))
    store.save(replace(drawn, model=models.load_recognizer("seed-cnn")))
    app = open_dialog(open_page(PAGE), 1)
    assert why(app) == "Why 4?"
    store.label([1], 9)
    assert why(app.run()) == "Why 4 and not 9?"
    assert not evidence_pictures(app)
    app.session_state["drawing_why_1"] = True
    app.run()
    # What read it then still reads it, and knows only pictures.
    assert not [text.value for text in app.caption if "changed or deleted" in text.value]
    assert evidence_pictures(app) == ["The ink, orange where it supports 4"]
    assert app.selectbox(key="drawing_1_why_not_4_9").value == 9
    assert "supports 4 over 9" in badges(app)


def test_without_strokes_or_its_model_a_drawing_is_explained_by_what_the_app_reads(
    open_page: Opener, store: DrawingStore
) -> None:
    store.save(new_drawing(9, picture=png_of(4), strokes=(), label=4, model="gone"))
    app = open_dialog(open_page(PAGE), 1)
    app.session_state["drawing_why_1"] = True
    app.run()
    assert not app.exception
    (words,) = [text.value for text in app.caption if "changed or deleted" in text.value]
    assert words.startswith("gone has since been changed or deleted. Handwriting expert answers 4,")
    assert evidence_pictures(app) == ["The ink, orange where it supports 4"]


def open_dialog(app: AppTest, number: int) -> AppTest:
    return app.button(key=f"history_open_{number}").click().run()


def why(app: AppTest) -> str:
    (label,) = [one.label for one in app.expander if one.label.startswith("Why")]
    return label


def evidence_pictures(app: AppTest) -> list[str]:
    alts = [one.alt for shown in app.image for one in shown.proto.imgs]
    return [alt.partition(" and ")[0] for alt in alts if "orange" in alt]


@pytest.mark.parametrize(
    ("number", "reason"),
    [("99", "no drawing"), ("x", "'x' isn't a drawing's number"), ("1" * 100, "isn't a drawing's")],
)
def test_a_link_to_a_missing_drawing_says_so(
    open_page: Opener, drawings: DrawingStore, number: str, reason: str
) -> None:
    app = open_page(PAGE)
    app.query_params["drawing"] = number
    app.run()
    assert not app.exception
    assert reason in app.error[0].value


def test_the_statistics_follow_the_filter(open_page: Opener, store: DrawingStore) -> None:
    store.save_all([new_drawing(7, label=7, picture=png_of(7)) for _ in range(28)])
    store.save_all([new_drawing(7, label=1, picture=png_of(1), model="other")])
    app = open_page(PAGE)
    app.segmented_control(key="history_view").set_value("Figures").run()
    assert not app.exception
    table = app.dataframe[0].value.set_index("Model")
    assert table.loc["Tutorial network", "Correct"] == 100
    assert table.loc["other", "Correct"] == 0
    assert table.loc["other", "95% interval"] == "0.00% – 79.35%"
    assert len(app.get("echarts_chart")) == 2
    app.button(key="history_open_29").click().run()
    assert app.query_params["drawing"] == "29"
    app.button(key="drawing_close").click().run()
    app.segmented_control(key="history_verdict").set_value("Wrong").run()
    assert app.dataframe[0].value["Model"].tolist() == ["other"]
    assert len(app.get("echarts_chart")) == 1
    app.segmented_control(key="history_verdict").set_value("Not labeled").run()
    assert store.count(Selection(verdict=Verdict.UNLABELED)).all == 0
    assert app.info[0].value == "No drawings match the filter."


def test_a_failed_upload_does_not_affect_the_next(
    open_page: Opener, store: DrawingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_all = DrawingStore.save_all

    def save_once(store: DrawingStore, drawings: Iterable[NewDrawing]) -> list[int]:
        if store.count().all:
            raise StoreError("the disk is full")
        return save_all(store, drawings)

    app = open_page(PAGE)
    with monkeypatch.context() as patch:
        patch.setattr(DrawingStore, "save_all", save_once)
        send(app, CHUNK + 1, seed=1)
        assert app.error[0].value == "The disk is full."
    app.run()
    assert not app.error
    assert app.info[0].value == f"{CHUNK} drawings were saved."
    send(app, 3, seed=2)
    assert app.info[0].value == "3 drawings were saved."
    assert store.count().all == CHUNK + 3


def test_an_upload_is_previewed_before_it_is_saved(open_page: Opener, store: DrawingStore) -> None:
    app = open_page(PAGE)
    labels = np.arange(20) % 10
    choose(app, ("a.npz", npz(images=ink_of(20), labels=labels)))
    assert "20 drawings: 20 labeled (2 × 0, 2 × 1, 2 × 2," in badges(app)
    assert shown_labels(app) == [str(label) for label in labels[:12]]
    assert store.count().all == 0
    app.button(key="history_upload").click().run()
    assert app.info[0].value == "20 drawings were saved."
    assert [label for _, label in store.labels()] == labels.tolist()
    assert not [button for button in app.button if button.key == "history_upload"]


def test_a_canceled_upload_is_not_saved(open_page: Opener, store: DrawingStore) -> None:
    app = open_page(PAGE)
    choose(app, ("a.npz", npz(x=ink_of(20))))
    app.button(key="history_upload_cancel").click().run()
    assert shown_labels(app) == []
    assert not app.file_uploader[0].value
    assert not [button for button in app.button if button.key == "history_upload"]
    assert store.count().all == 0


def test_digits_on_their_side_are_turned(open_page: Opener, store: DrawingStore) -> None:
    app = open_page(PAGE)
    digits = ink_of(3)
    choose(app, ("emnist.npz", npz(x=digits.transpose(0, 2, 1))))
    app.toggle(key="history_upload_turn_0").set_value(True).run()
    app.button(key="history_upload").click().run()
    assert [d.content.input for d in store.stream()] == [digit.tobytes() for digit in digits]
    # The next upload starts unturned.
    choose(app, ("more.npz", npz(x=ink_of(4))))
    assert not app.toggle(key="history_upload_turn_1").value


def test_files_chosen_together_are_one_upload(open_page: Opener, store: DrawingStore) -> None:
    app = open_page(PAGE)
    labels = np.array([3, 4, 5], np.uint8)
    files = ("images.idx", idx(ink_of(3))), ("labels.idx", idx(labels)), ("notes.txt", b"hello")
    choose(app, *files)
    assert "notes.txt isn't a file that can be read" in app.warning[0].value
    app.button(key="history_upload").click().run()
    assert store.labels() == [(1, 3), (2, 4), (3, 5)]
    assert app.info[0].value == "3 drawings were saved. 1 item couldn't be read:"


def test_files_with_nothing_to_save_say_why(open_page: Opener) -> None:
    app = open_page(PAGE)
    choose(app, ("labels.idx", idx(np.array([3, 4, 5], np.uint8))))
    assert app.error[0].value.startswith("labels.idx has labels but no pictures")
    assert not [button for button in app.button if button.key == "history_upload"]


def shown_labels(app: AppTest) -> list[str]:
    return [picture.caption for shown in app.get("image") for picture in shown.proto.imgs]


def choose(app: AppTest, *files: tuple[str, bytes]) -> None:
    chosen = [(name, content, "application/octet-stream") for name, content in files]
    app.file_uploader[0].set_value(chosen).run()


def send(app: AppTest, count: int, seed: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)
    choose(app, ("many.npz", npz(x=rows)))
    app.button(key="history_upload").click().run()
