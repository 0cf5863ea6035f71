from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from digitrec.drawings.new_drawing import NewDrawing
from digitrec.drawings.selection import Order, Selection
from digitrec.drawings.store import DrawingStore
from digitrec.ink.preprocessing import open_picture, preprocess_drawing
from digitrec.labels import LABELS
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import load_settings
from tests.numbers.samples import write
from tests.pages.conftest import Opener, bars, draw, draw_a, report
from tests.support.digits import DIGITS, W, strokes_of
from tests.support.drawings import new_drawing
from tests.support.patience import wait_until

ONE_OR_SEVEN = [[(85, 69), (150, 58), (140, 230)]]
# By shape a seven, by strokes a one.
DISPUTED = [[(85, 60), (150, 45), (150, 235)]]
BESIDE_THE_CANVAS = [[(-90, 60), (-90, 200)]]
INVITATION = "Draw a digit from 0 to 9"
MISFIT = (
    "Enter 3 digits, one for each box, not '2059'; if the boxes are wrong, leave more space "
    "between the digits."
)


def answer(app: AppTest) -> str | None:
    try:
        return str(app.container(key="draw_digit").title[0].value)
    except KeyError:
        return None


def label_as(app: AppTest, label: int) -> AppTest:
    return app.button(key=f"draw_label_{label}").click().run()


def label_of(app: AppTest) -> int | None:
    """Return the label whose button is highlighted."""
    buttons = {label: app.button(key=f"draw_label_{label}") for label in LABELS}
    return next((n for n, button in buttons.items() if button.proto.type == "primary"), None)


def saved() -> DrawingStore:
    return DrawingStore(load_settings().database_url)


def test_an_empty_canvas_invites_to_draw(open_page: Opener) -> None:
    app = open_page("digits/draw")
    assert answer(app) is None
    assert app.info[0].value.startswith(INVITATION)
    assert app.button(key="draw_clear").disabled


def test_the_database_is_opened_before_the_first_save(open_page: Opener, tmp_path: Path) -> None:
    draw_a(open_page("digits/draw"), 4)
    wait_until((tmp_path / "drawings.sqlite3").exists)


def test_a_canvas_without_ink_counts_as_empty(open_page: Opener) -> None:
    app = draw(open_page("digits/draw"), BESIDE_THE_CANVAS)
    assert answer(app) is None
    assert app.info[0].value.startswith(INVITATION)


def test_the_answer_follows_the_drawing(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    assert answer(app) == "4"
    assert float(app.metric[0].value.removesuffix("%")) > 50
    assert len(app.get("echarts_chart")) == 1
    assert answer(draw_a(app, 8)) == "8"


def test_a_second_digit_that_is_nearly_as_likely_is_named(open_page: Opener) -> None:
    app = open_page("digits/draw")
    words = [caption.value for caption in draw(app, ONE_OR_SEVEN).caption]
    (named,) = [text for text in words if text.startswith("Could also be")]
    assert named.startswith("Could also be 1, ")
    words = [caption.value for caption in draw_a(app, 8).caption]
    assert not [text for text in words if text.startswith("Could also be")]
    assert [text for text in words if text.startswith("Next: ")]


def test_the_answer_says_where_shape_and_strokes_disagree(open_page: Opener) -> None:
    app = draw(open_page("digits/draw"), DISPUTED)
    words = [caption.value for caption in app.caption]
    assert "By shape: 7; by strokes: 1" in words
    app.pills(key="draw_cards").set_value(["Why"]).run()
    assert not app.exception
    assert len([image for image in app.image if "orange" in str(image.proto)]) == 2


def test_the_second_answer_may_be_not_a_digit(open_page: Opener) -> None:
    words = [caption.value for caption in draw_a(open_page("digits/draw"), 7).caption]
    assert any(text.startswith("Next: not a digit, ") for text in words)


def test_a_non_digit_is_named(open_page: Opener) -> None:
    app = draw(open_page("digits/draw"), [W])
    assert answer(app) == "?"
    assert app.metric[0].label == "Not a digit"
    assert float(app.metric[0].value.removesuffix("%")) > 50
    words = [caption.value for caption in app.caption]
    assert any(text.startswith("Closest digit: ") for text in words)
    assert "This doesn't look like a single digit." in words[-1]
    app.button(key="draw_save").click().run()
    (drawing,) = saved().find()
    assert drawing.is_digit is False
    assert drawing.digit_score is not None
    assert drawing.digit_score < 0.5


def test_all_answers_have_bars_and_the_given_answer_has_the_tallest(
    open_page: Opener,
) -> None:
    app = draw(open_page("digits/draw"), [W])
    shown = bars(app, "draw_probabilities")
    assert [*shown] == [*map(str, range(10)), "Not a digit"]
    assert sum(shown.values()) == pytest.approx(100, abs=0.1)
    assert max(shown, key=shown.__getitem__) == app.metric[0].label == "Not a digit"
    assert app.metric[0].value == f"{shown['Not a digit']:.2f}%"
    shown = bars(draw_a(app, 1), "draw_probabilities")
    assert sum(shown.values()) == pytest.approx(100, abs=0.1)
    assert max(shown, key=shown.__getitem__) == answer(app) == "1"
    assert app.metric[0].value == f"{shown['1']:.2f}%"


def test_a_model_that_knows_digits_alone_has_ten_bars(open_page: Opener, store: ModelStore) -> None:
    store.activate("seed-cnn")
    app = draw_a(open_page("digits/draw"), 4)
    assert [*bars(app, "draw_probabilities")] == [*map(str, range(10))]


def test_without_live_answers_recognize_asks(open_page: Opener) -> None:
    app = open_page("digits/draw")
    app.toggle(key="draw_live").set_value(False).run()
    draw_a(app, 3)
    assert answer(app) is None
    app.button(key="draw_recognize").click().run()
    assert answer(app) == "3"
    # The answer was for the drawing before this stroke.
    assert answer(draw_a(app, 6)) is None


def test_the_drawing_and_the_settings_survive_a_change_of_page(open_page: Opener) -> None:
    app = open_page("digits/draw")
    app.slider(key="draw_pen_width").set_value(22).run()
    draw_a(app, 7)
    app.switch_page("pages/networks/models.py").run()
    app.switch_page("pages/digits/draw.py").run()
    assert answer(app) == "7"
    assert app.slider(key="draw_pen_width").value == 22


def test_clear_can_be_undone(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    app.button(key="draw_clear").click().run()
    assert answer(app) is None
    app.button(key="draw_undo").click().run()
    assert answer(app) == "4"
    app.button(key="draw_redo").click().run()
    assert answer(app) is None


def test_a_canvas_that_begins_with_a_drawing_is_not_empty(open_page: Opener) -> None:
    saved().save(new_drawing(4, strokes=strokes_of(DIGITS[4])))
    app = open_page("digits/draw")
    app.query_params["drawing"] = "1"
    assert answer(app.run()) == "4"
    # The pen hasn't reported any new strokes.
    assert answer(draw(app, [])) == "4"
    app.button(key="draw_clear").click().run()
    assert answer(app) is None


@pytest.mark.parametrize("button", ["draw_save", "draw_label"])
def test_what_is_saved_is_what_is_on_the_canvas_when_the_button_is_pressed(
    open_page: Opener, button: str
) -> None:
    app = draw(open_page("digits/draw"), DIGITS[4][:1])
    # The second stroke arrives with the click, before the page shows its answer.
    report(app, strokes_of(DIGITS[4]))
    if button == "draw_save":
        app.button(key=button).click().run()
    else:
        label_as(app, 4)
    (drawing,) = saved().find()
    assert drawing.label == (None if button == "draw_save" else 4)
    assert len(saved().get(drawing.id).content.strokes) == 2


@pytest.mark.parametrize("button", ["draw_save", "draw_label_1"])
def test_a_drawing_that_could_not_be_saved_is_not_finished(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    app = draw_a(open_page("digits/draw"), 1)
    monkeypatch.setenv("DIGITREC_DATABASE_URL", "nonsense://")
    app.button(key=button).click().run()
    assert app.error
    draw(app, [[(60, 90), (60, 150)]])
    assert len(app.session_state["draw_strokes"]) == 2


def test_save_stores_everything_known(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    app.button(key="draw_save").click().run()
    assert app.button(key="draw_save").label == "Saved without a label"
    assert app.button(key="draw_save").disabled
    app.button(key="draw_unsave").click().run()
    assert saved().count().all == 0
    app.button(key="draw_save").click().run()
    assert app.button(key="draw_save").disabled
    (drawing,) = saved().find()
    assert (drawing.digit, drawing.label, drawing.model) == (5, None, "bn-cnn")
    content = saved().get(drawing.id).content
    assert content.picture.startswith(b"\x89PNG")
    assert content.strokes == strokes_of(DIGITS[5])
    assert len(content.input) == 784
    assert sum(content.probabilities) == pytest.approx(1, abs=1e-4)


def test_a_label_saves_with_one_click(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    label_as(app, 3)
    (drawing,) = saved().find()
    assert (drawing.digit, drawing.label) == (5, 3)
    assert app.button(key="draw_save").label == "Saved as 3"
    app.button(key="draw_unsave").click().run()
    assert saved().count().all == 0
    assert label_of(app) is None
    label_as(app, 10)
    assert app.button(key="draw_save").label == "Saved as not a digit"
    assert [drawing.label for drawing in saved().find()] == [10]


def test_a_labeled_misread_leads_to_teach(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    app.button(key="draw_save").click().run()
    assert "Teach the model" not in links(app)
    label_as(app, 5)
    assert "Teach the model" not in links(app)
    label_as(app, 3)
    assert "Teach the model" in links(app)


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def test_a_saved_drawing_is_still_saved_when_it_is_shown_again(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    label_as(app, 3)
    draw_a(app, 8)
    assert label_of(app) is None
    assert app.button(key="draw_save").label == "Save without a label"
    app.button(key="draw_undo").click().run()
    assert answer(app) == "5"
    assert label_of(app) == 3
    assert app.button(key="draw_save").label == "Saved as 3"
    app.switch_page("pages/networks/models.py").run()
    app.switch_page("pages/digits/draw.py").run()
    assert label_of(app) == 3
    assert app.button(key="draw_save").label == "Saved as 3"


def test_a_drawing_that_repeats_the_saved_one_is_another(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    label_as(app, 4)
    draw_a(app, 4)
    assert label_of(app) is None
    label_as(app, 9)
    assert [drawing.label for drawing in saved().find(order=Order.OLDEST)] == [4, 9]
    assert label_of(app) == 9


def test_a_numbers_label_survives_a_change_of_page(number_page: AppTest) -> None:
    app = write_number(number_page, "717")
    app.text_input(key="number_label").set_value("711").run()
    app.segmented_control(key="draw_kind").set_value("A digit").run()
    app.segmented_control(key="draw_kind").set_value("A number").run()
    assert app.text_input(key="number_label").value == "711"
    app.button(key="number_save").click().run()
    assert [d.label for d in saved().find(order=Order.OLDEST)] == [7, 1, 1]


def test_a_drawing_deleted_elsewhere_is_no_longer_saved(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    label_as(app, 3)
    saved().write_note(1, "with a hat")
    saved().delete([1])
    assert app.run().button(key="draw_save").label == "Save without a label"
    assert label_of(app) is None
    app.button(key="draw_save").click().run()
    assert [(d.id, d.label, d.note) for d in saved().find()] == [(1, 3, "with a hat")]
    assert label_of(app) == 3
    saved().delete([1])
    saved().empty_trash()
    label_as(app.run(), 6)
    assert [(d.id, d.label) for d in saved().find()] == [(2, 6)]
    assert app.button(key="draw_save").label == "Saved as 6"


def test_a_save_interrupted_by_another_click_is_noted(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_all, delete = DrawingStore.save_all, DrawingStore.delete

    def cut_off() -> None:
        context = get_script_run_ctx()
        assert context is not None
        assert context.script_requests is not None
        context.script_requests.request_stop()

    def save_and_stop(store: DrawingStore, drawings: Iterable[NewDrawing]) -> list[int]:
        numbers = save_all(store, drawings)
        cut_off()
        return numbers

    def delete_and_stop(store: DrawingStore, numbers: Sequence[int]) -> int:
        count = delete(store, numbers)
        cut_off()
        return count

    app = draw_a(open_page("digits/draw"), 5)
    with monkeypatch.context() as patch:
        patch.setattr(DrawingStore, "save_all", save_and_stop)
        app.button(key="draw_save").click().run()
    assert app.run().button(key="draw_save").label == "Saved without a label"
    with monkeypatch.context() as patch:
        patch.setattr(DrawingStore, "delete", delete_and_stop)
        app.button(key="draw_unsave").click().run()
    app.switch_page("pages/digits/history.py").run()
    app.button(key="drawings_undo_last").click().run()
    assert saved().numbers() == [1]


def test_a_label_that_was_given_elsewhere_is_shown(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    label_as(app, 3)
    saved().label([1], 6)
    assert label_of(app.run()) == 6
    assert [d.label for d in saved().find()] == [6]


def test_another_drawing_with_that_number_is_left_alone(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    app.button(key="draw_save").click().run()
    monkeypatch.setenv("DIGITREC_DATABASE_URL", f"sqlite:///{tmp_path}/another.sqlite3")
    saved().save(new_drawing(8))
    assert app.run().button(key="draw_save").label == "Save without a label"
    label_as(app, 5)
    assert [(d.digit, d.label) for d in saved().find(order=Order.OLDEST)] == [(8, None), (5, 5)]


def test_a_save_unknown_to_the_tab_is_not_repeated(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    label_as(app, 3)
    ((strokes, _),) = app.session_state["draw_saved"]
    del app.session_state["draw_saved"]
    app.session_state["draw_unsure"] = strokes
    assert app.run().button(key="draw_save").label == "Save without a label"
    app.button(key="draw_save").click().run()
    assert [d.label for d in saved().find()] == [3]
    assert app.button(key="draw_save").label == "Saved as 3"
    assert label_of(app) == 3


def test_a_label_that_is_chosen_after_saving_is_kept_too(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    app.button(key="draw_save").click().run()
    label_as(app, 6)
    assert saved().find()[0].label == 6
    draw_a(app, 2)
    assert label_of(app) is None
    app.button(key="draw_save").click().run()
    assert [drawing.label for drawing in saved().find()] == [None, 6]


def test_a_drawing_that_changed_can_be_saved_again(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 1)
    app.button(key="draw_save").click().run()
    draw_a(app, 9)
    app.button(key="draw_save").click().run()
    assert [drawing.digit for drawing in saved().find()] == [9, 1]


def test_a_bad_database_is_explained_and_the_drawing_stays(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITREC_DATABASE_URL", "nonsense")
    app = draw_a(open_page("digits/draw"), 3)
    app.button(key="draw_save").click().run()
    assert not app.exception
    assert "The drawings' database can't be opened" in app.error[0].value
    assert answer(app) == "3"
    assert app.button(key="draw_save").label == "Save without a label"


def test_the_chosen_model_answers(open_page: Opener, trained: Run, store: ModelStore) -> None:
    store.activate("trained")
    app = draw_a(open_page("digits/draw"), 0)
    assert answer(app) == "0"
    assert any("trained" in caption.value for caption in app.caption)


def test_a_damaged_model_is_named_and_the_shipped_one_answers(
    open_page: Opener, trained: Run, store: ModelStore
) -> None:
    store.activate("trained")
    trained.tflite_path.write_bytes(trained.tflite_path.read_bytes()[:1000])
    app = draw_a(open_page("digits/draw"), 6)
    assert not app.exception
    assert "Model 'trained' is damaged" in app.error[0].value
    assert answer(app) == "6"


def test_a_model_that_is_gone_is_named_and_the_shipped_one_answers(
    open_page: Opener, store: ModelStore, places: Path
) -> None:
    store.models_dir.mkdir()
    (store.models_dir / ".active.json").write_text('{"model": "gone"}')
    app = draw_a(open_page("digits/draw"), 8)
    assert "There is no model 'gone'" in app.error[0].value
    assert answer(app) == "8"


def test_another_model_is_chosen_on_the_page(open_page: Opener, store: ModelStore) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    assert app.selectbox(key="draw_model").value == "bn-cnn"
    app.selectbox(key="draw_model").set_value("seed-cnn").run()
    assert store.active_name() == "seed-cnn"
    assert answer(app) == "4"
    assert "Model: Tutorial network" in [caption.value for caption in app.caption]


def test_why_shows_the_ink_that_supports_the_answer(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 7)
    app.pills(key="draw_cards").set_value(["Why"]).run()
    assert not app.exception
    app.selectbox(key="draw_why_not_7").set_value(1).run()
    (words,) = [c.value for c in app.markdown if "Orange" in c.value]
    assert "supports 7 over 1" in words
    before = len(app.image)
    app.pills(key="draw_cards").set_value([]).run()
    assert len(app.image) == before - 2  # by shape and by strokes


def test_why_begins_with_the_digit_that_it_should_have_been(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 7)
    app.pills(key="draw_cards").set_value(["Why"]).run()
    assert app.selectbox(key="draw_why_not_7").value is None
    label_as(app, 1)
    assert app.selectbox(key="draw_why_not_7_1").value == 1


def test_why_and_most_similar_ask_about_the_digit_that_is_close(open_page: Opener) -> None:
    app = draw(open_page("digits/draw"), ONE_OR_SEVEN)
    app.pills(key="draw_cards").set_value(["Why", "Most similar"]).run()
    read = answer(app)
    other = "7" if read == "1" else "1"
    assert app.selectbox(key=f"draw_why_not_{read}_{other}").value == int(other)
    nearest, others = (
        [picture.proto.imgs[0].caption for picture in app.container(key=key).image]
        for key in ("draw_near_pictures", "draw_near_others")
    )
    assert other not in nearest
    assert others == [other] * 5
    app.selectbox(key=f"draw_why_not_{read}_{other}").set_value(4).run()
    pictures = app.container(key="draw_near_others").image
    assert [picture.proto.imgs[0].caption for picture in pictures] == ["4"] * 5
    assert any("To be read as a 4, the orange parts" in text.value for text in app.markdown)


def test_the_cards_are_in_the_order_of_their_buttons(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    pills = app.pills(key="draw_cards")
    for opened in (["Steps"], ["Steps", "Most similar"], ["Steps", "Most similar", "Why"]):
        pills.set_value(opened).run()
        titles = [text.value for text in app.container(key="draw_cards_row").markdown]
        shown = [
            title for title in titles if title in ("**Why 4?**", "**Most similar**", "**Steps**")
        ]
        assert shown == ["**Why 4?**", "**Most similar**", "**Steps**"][-len(opened) :]


def test_the_most_similar_training_digits_are_shown(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 0)
    app.pills(key="draw_cards").set_value(["Most similar"]).run()
    assert not app.exception
    pictures = app.container(key="draw_near_pictures").image
    assert [picture.proto.imgs[0].caption for picture in pictures] == ["0"] * 5


def test_the_preprocessing_steps_are_shown(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    app.pills(key="draw_cards").set_value(["Steps"]).run()
    captions = captions_of_steps(app)
    assert captions[0] == "1. drawing 280 × 280"
    assert captions[1].startswith("2. cut out ")
    assert captions[2].startswith("3. redrawn ")
    assert captions[3] == "4. centered 28 × 28"


def captions_of_steps(app: AppTest) -> list[str]:
    pictures = app.container(key="draw_step_pictures").image
    return [
        picture.proto.imgs[0].caption.replace("\N{NO-BREAK SPACE}", " ") for picture in pictures
    ]


def test_all_models_answer_side_by_side(open_page: Opener, trained: Run, store: ModelStore) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    app.pills(key="draw_cards").set_value(["All models"]).run()
    shown = app.container(key="draw_comparison")
    assert [said.value for said in shown.metric] == ["4", "4", "4"]
    names = {caption.value for caption in shown.caption}
    assert {"Handwriting expert", "Tutorial network", trained.name} <= names
    trained.tflite_path.write_bytes(b"broken")
    app.run()
    assert "damaged" in [caption.value for caption in app.container(key="draw_comparison").caption]
    assert not app.exception


def write_number(app: AppTest, text: str) -> AppTest:
    """Report a number from the pen of the wide canvas."""
    report(app, write(text, gap=20).strokes, "number")
    return app.run()


@pytest.fixture
def number_page(open_page: Opener) -> AppTest:
    app = open_page("digits/draw")
    app.segmented_control(key="draw_kind").set_value("A number").run()
    assert app.info[0].value.startswith("Write a number")
    return app


def test_a_number_is_read_and_each_digit_saved(number_page: AppTest) -> None:
    app = write_number(number_page, "2054")
    assert app.container(key="number_text").title[0].value == "2054"
    assert 0 < float(app.metric[0].value.removesuffix("%")) <= 100
    app.text_input(key="number_label").set_value("2 054").run()
    app.button(key="number_save").click().run()
    drawings = saved().find(order=Order.OLDEST)
    assert [drawing.digit for drawing in drawings] == [2, 0, 5, 4]
    assert [drawing.label for drawing in drawings] == [2, 0, 5, 4]
    assert {drawing.source for drawing in drawings} == {"number"}
    assert [len(drawing.content.strokes) for drawing in drawings] == [1, 1, 1, 2]
    for drawing in drawings:
        picture = open_picture(drawing.content.picture)
        assert picture.size == (280, 280)
        again = preprocess_drawing(picture, drawing.content.strokes)
        given = np.frombuffer(drawing.content.input, np.uint8).reshape(28, 28)
        assert float(again.sum()) == pytest.approx(float(given.sum()), rel=0.1)
    assert app.button(key="number_save").disabled
    app.button(key="number_unsave").click().run()
    assert saved().count().all == 0
    assert not app.button(key="number_save").disabled


def test_a_saved_number_is_corrected(number_page: AppTest) -> None:
    app = write_number(number_page, "2054")
    app.text_input(key="number_label").set_value("2057").run()
    app.button(key="number_save").click().run()
    assert [d.label for d in saved().find(order=Order.OLDEST)] == [2, 0, 5, 7]
    # Saving a change replaces the saved drawings.
    app.text_input(key="number_label").set_value("2054").run()
    assert saved().count().right == 3
    assert app.button(key="number_save").label == "Save the change"
    app.button(key="number_save").click().run()
    assert app.button(key="number_save").label == "Saved as 2054"
    assert [d.label for d in saved().find(order=Order.OLDEST)] == [2, 0, 5, 4]


def test_a_corrected_number_keeps_its_digits_notes(number_page: AppTest) -> None:
    app = write_number(number_page, "2054")
    app.button(key="number_save").click().run()
    saved().write_note(2, "round")
    saved().delete([3])
    app.run().text_input(key="number_label").set_value("2057").run()
    app.button(key="number_save").click().run()
    assert app.button(key="number_save").label == "Saved as 2057"
    kept = saved().find(order=Order.OLDEST)
    assert [(d.id, d.label, d.note) for d in kept] == [(1, 2, ""), (2, 0, "round"), (4, 7, "")]
    assert saved().numbers(Selection(in_trash=True)) == [3]
    saved().label([4], 4)
    assert app.run().text_input(key="number_label").value == "2054"
    assert app.button(key="number_save").label == "Saved as 2054"
    app.text_input(key="number_label").set_value("").run()
    app.button(key="number_save").click().run()
    assert [d.label for d in saved().find()] == [None, None, None]


def test_the_confidence_is_about_the_digits_that_are_shown(number_page: AppTest) -> None:
    app = write_number(number_page, "2054")
    before = app.metric[0].value
    app.text_input(key="number_label").set_value("2057").run()
    assert app.container(key="number_text").title[0].value == "2054"
    assert app.metric[0].value == before


def test_a_label_with_more_digits_than_strokes_is_refused(number_page: AppTest) -> None:
    app = write_number(number_page, "205")
    app.text_input(key="number_label").set_value("2059").run()
    assert [error.value for error in app.error] == [MISFIT]
    app.button(key="number_save").click().run()
    assert [error.value for error in app.error] == [MISFIT]
    assert saved().count().all == 0


def test_a_number_is_read_only_on_request(number_page: AppTest) -> None:
    number_page.toggle(key="number_live").set_value(False).run()
    app = write_number(number_page, "31")
    assert app.info[0].value.startswith("Press *Recognize*")
    app.button(key="number_recognize").click().run()
    assert app.container(key="number_text").title[0].value == "31"
    app.button(key="number_clear").click().run()
    assert app.info[0].value.startswith("Write a number")
    app.button(key="number_undo").click().run()
    app.button(key="number_recognize").click().run()
    assert app.container(key="number_text").title[0].value == "31"


def test_the_digit_is_still_there_after_a_number(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    app.segmented_control(key="draw_kind").set_value("A number").run()
    app.segmented_control(key="draw_kind").set_value("A digit").run()
    assert answer(app) == "4"


def test_the_answer_names_the_models_title(open_page: Opener, mine: Run, store: ModelStore) -> None:
    hers = store.rename("mine", "Anna's network")
    store.activate(hers.name)
    app = draw_a(open_page("digits/draw"), 7)
    assert app.selectbox(key="draw_model").value == "Annas-network"
    assert "Anna's network" in app.selectbox(key="draw_model").options
    assert any("Anna's network" in caption.value for caption in app.caption)
