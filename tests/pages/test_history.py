import dataclasses
import io

import numpy as np
import pytest

from digitrec.drawings.store import DrawingStore
from digitrec.recognizer import Recognition
from digitrec.settings import load_settings
from tests.digits import draw_digit

from .conftest import Opener

RECOGNITION = Recognition(7, 0.91, (0.01,) * 7 + (0.91, 0.01, 0.01), True, 0.97)


@pytest.fixture
def drawings() -> DrawingStore:
    """Thirty drawings: more than a page of the gallery holds."""
    store = DrawingStore(load_settings().database_url)
    for _ in range(30):
        save(store, RECOGNITION)
    return store


def save(store: DrawingStore, recognition: Recognition) -> None:
    file = io.BytesIO()
    draw_digit(7).save(file, "PNG")
    store.save(
        picture=file.getvalue(), strokes=[], digit_input=np.zeros((28, 28), np.uint8),
        recognition=recognition, model="seed-cnn",
    )  # fmt: skip


def test_an_empty_history_says_what_to_do(open_page: Opener) -> None:
    app = open_page("digits/history")
    assert app.info[0].value.startswith("Nothing is saved yet")


def test_the_newest_drawings_come_first(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page("digits/history")
    shown = [box.key for box in app.selectbox]
    assert shown == [f"history_label_{number}" for number in range(30, 6, -1)]
    assert "30" in app.markdown[0].value


def test_a_label_is_corrected(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page("digits/history")
    app.selectbox(key="history_label_30").set_value(1).run()
    assert drawings.drawings()[0].label == 1
    app.selectbox(key="history_label_30").set_value(-1).run()
    assert drawings.drawings()[0].label is None


def test_what_was_no_digit_is_marked_until_it_has_a_label(open_page: Opener) -> None:
    store = DrawingStore(load_settings().database_url)
    save(store, dataclasses.replace(RECOGNITION, is_digit=False, digit_score=0.1))
    app = open_page("digits/history")
    assert "no digit" in app.markdown[1].value
    app.selectbox(key="history_label_1").set_value(4).run()
    assert "no digit" not in app.markdown[1].value


def test_deleting_can_be_undone(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page("digits/history")
    app.button(key="history_delete_29").click().run()
    assert drawings.count() == 29
    assert "history_label_29" not in [box.key for box in app.selectbox]
    app.button(key="history_undo").click().run()
    assert drawings.count() == 30
    assert "history_label_29" in [box.key for box in app.selectbox]


def test_the_bin_is_brought_back_or_emptied(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page("digits/history")
    app.button(key="history_delete_30").click().run()
    app.button(key="history_delete_29").click().run()
    app.button(key="history_restore_all").click().run()
    assert drawings.count() == 30
    app.button(key="history_delete_30").click().run()
    app.button(key="history_empty_bin").click().run()
    assert (drawings.count(), drawings.count_deleted()) == (29, 0)


def test_all_can_be_downloaded(open_page: Opener, drawings: DrawingStore) -> None:
    app = open_page("digits/history")
    assert len(app.get("download_button")) == 1


def test_a_picture_that_can_not_be_read_does_not_hide_the_others(
    open_page: Opener, drawings: DrawingStore
) -> None:
    drawings.save(
        picture=b"broken", strokes=[], digit_input=np.zeros((28, 28), np.uint8),
        recognition=RECOGNITION, model="seed-cnn",
    )  # fmt: skip
    app = open_page("digits/history")
    assert "not a picture" in app.error[0].value
    assert len(app.selectbox) == 23


def test_a_bad_database_is_explained(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITREC_DATABASE_URL", "sqlite:////proc/nowhere/x.sqlite3")
    app = open_page("digits/history")
    assert "The drawings' database can't be opened" in app.error[0].value
