from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from digitrec.drawings.store import DrawingStore
from digitrec.model_store import ModelStore
from digitrec.runs import Run
from digitrec.settings import load_settings
from tests.test_jobs import wait_until

from .conftest import Opener, draw, draw_a

W = [(30, 60), (80, 220), (140, 110), (200, 220), (250, 60)]
INVITATION = "Draw a digit from 0 to 9"


def answer(app: AppTest) -> str | None:
    try:
        return str(app.container(key="draw_digit").title[0].value)
    except KeyError:
        return None


def saved() -> DrawingStore:
    return DrawingStore(load_settings().database_url)


def test_an_empty_canvas_invites_to_draw(open_page: Opener) -> None:
    app = open_page("digits/draw")
    assert answer(app) is None
    assert app.info[0].value.startswith(INVITATION)
    assert app.button(key="draw_clear").disabled


def test_the_database_is_opened_before_it_is_needed(open_page: Opener, tmp_path: Path) -> None:
    open_page("digits/draw")
    wait_until((tmp_path / "drawings.sqlite3").exists)


@pytest.mark.parametrize("paper", ["white", "black"])
def test_a_canvas_without_ink_is_an_empty_one(open_page: Opener, paper: str) -> None:
    app = draw(open_page("digits/draw"), Image.new("RGB", (280, 280), paper))
    assert answer(app) is None
    assert app.info[0].value.startswith(INVITATION)


def test_the_answer_follows_the_drawing(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 4)
    assert answer(app) == "4"
    assert float(app.metric[0].value.removesuffix("%")) > 50
    assert len(app.get("echarts_chart")) == 1
    assert answer(draw_a(app, 8)) == "8"


def test_what_is_no_digit_is_said_to_be_none(open_page: Opener) -> None:
    picture = Image.new("RGB", (280, 280), "white")
    ImageDraw.Draw(picture).line(W, fill="black", width=16, joint="curve")
    app = draw(open_page("digits/draw"), picture)
    assert answer(app) == "?"
    assert app.metric[0].label == "Not a digit"
    assert float(app.metric[0].value.removesuffix("%")) > 50
    assert any(caption.value.startswith("if it were, most likely") for caption in app.caption)
    app.button(key="draw_save").click().run()
    (drawing,) = saved().find()
    assert drawing.is_digit is False
    assert drawing.digit_score is not None
    assert drawing.digit_score < 0.5


def test_without_live_answers_recognize_asks(open_page: Opener) -> None:
    app = open_page("digits/draw")
    app.toggle(key="draw_live").set_value(False).run()
    draw_a(app, 3)
    assert answer(app) is None
    app.button(key="draw_recognize").click().run()
    assert answer(app) == "3"
    # The answer was about the drawing as it was.
    assert answer(draw_a(app, 6)) is None


def test_the_drawing_and_the_settings_survive_a_change_of_page(open_page: Opener) -> None:
    app = open_page("digits/draw")
    app.slider(key="draw_pen_width").set_value(22).run()
    draw_a(app, 7)
    app.switch_page("pages/networks/models.py").run()
    app.switch_page("pages/digits/draw.py").run()
    assert answer(app) == "7"
    assert app.slider(key="draw_pen_width").value == 22


def test_what_was_cleared_can_be_brought_back(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 2)
    app.button(key="draw_clear").click().run()
    assert answer(app) is None
    app.button(key="draw_undo_clear").click().run()
    assert answer(app) == "2"


def test_save_keeps_all_that_is_known(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    app.pills(key="draw_label").set_value(5).run()
    app.button(key="draw_save").click().run()
    assert app.button(key="draw_save").label == "Saved"
    assert app.button(key="draw_save").disabled
    (drawing,) = saved().find()
    assert (drawing.digit, drawing.label, drawing.model) == (5, 5, "bn-cnn")
    content = saved().get(drawing.id).content
    assert content.picture.startswith(b"\x89PNG")
    assert content.strokes[0]["width"] == 16
    assert len(content.input) == 784
    assert sum(content.probabilities) == pytest.approx(1, abs=1e-4)


def test_a_label_that_is_chosen_after_saving_is_kept_too(open_page: Opener) -> None:
    app = draw_a(open_page("digits/draw"), 5)
    app.button(key="draw_save").click().run()
    app.pills(key="draw_label").set_value(6).run()
    assert saved().find()[0].label == 6
    draw_a(app, 2)
    assert app.pills(key="draw_label").value is None
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
    assert app.button(key="draw_save").label == "Save"


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
