import csv
import io
from collections.abc import Sequence

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from digitrec.drawings.selection import Order
from digitrec.drawings.store import DrawingStore
from digitrec.numbers.read_pictures import ReadPicture, readings_csv
from digitrec.runs.model_store import ModelStore
from digitrec.settings import load_settings
from tests.numbers.samples import write
from tests.pages.conftest import Opener
from tests.support.digits import draw_digit
from tests.support.drawings import png_of


def written(text: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(255 - write(text, gap=20).drawn()).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def page(open_page: Opener) -> AppTest:
    return open_page("digits/pictures")


def bring(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    chosen = [(name, content, "application/octet-stream") for name, content in files]
    app.file_uploader[0].set_value(chosen).run()
    assert not app.exception
    return app


def saved() -> DrawingStore:
    return DrawingStore(load_settings().database_url)


def fields(app: AppTest) -> list[str]:
    return [str(field.value) for field in app.text_input]


def refusals(app: AppTest) -> list[str]:
    return [line.value for line in app.container(key="pictures_refused_list").text]


def readings(app: AppTest) -> Sequence[ReadPicture]:
    return [reading.picture for reading in app.session_state["pictures_readings"]]


def test_pictures_are_read_and_bad_files_listed(page: AppTest) -> None:
    app = bring(
        page, ("a.png", written("2026")), ("notes.txt", b"hello"), ("seven.png", png_of(7)),
        ("cut.png", png_of(3)[:500]),
    )  # fmt: skip
    assert fields(app) == ["2026", "7"]
    assert refusals(app)[0].startswith("notes.txt: The file isn't an image that can be opened")
    assert refusals(app)[1].startswith("cut.png: The file is damaged")
    app.button(key="pictures_dismiss").click().run()
    assert "pictures_refused" not in app.session_state
    # New pictures come before older ones.
    assert fields(bring(app, ("b.png", written("31")))) == ["31", "2026", "7"]


def test_a_corrected_number_is_saved_with_its_label(page: AppTest) -> None:
    app = bring(page, ("page.png", written("2054")))
    app.text_input[0].set_value("2057").run()
    app.button(key="pictures_1_save").click().run()
    drawings = saved().find(order=Order.OLDEST)
    assert [drawing.digit for drawing in drawings] == [2, 0, 5, 4]
    assert [drawing.label for drawing in drawings] == [2, 0, 5, 7]
    assert {(drawing.source, drawing.note) for drawing in drawings} == {("picture", "page.png")}
    assert app.button(key="pictures_1_save").label == "Saved"
    assert app.button(key="pictures_1_save").disabled

    app.text_input[0].set_value("2054").run()
    assert app.button(key="pictures_1_save").label == "Save changes"
    app.button(key="pictures_1_save").click().run()
    assert [drawing.label for drawing in saved().find(order=Order.OLDEST)] == [2, 0, 5, 4]

    app.button(key="pictures_1_unsave").click().run()
    assert saved().count().all == 0
    assert app.button(key="pictures_1_save").label == "Save 4 digits"


def test_checked_readings_are_saved_as_labels(page: AppTest) -> None:
    app = bring(page, ("a.png", written("31")), ("b.png", written("58")))
    app.text_input[1].set_value("").run()
    app.button(key="pictures_save_all").click().run()
    assert [drawing.label for drawing in saved().find()] == [None, None]
    app.button(key="pictures_unsave_all").click().run()
    assert saved().count().all == 0
    app.toggle(key="pictures_checked").set_value(True).run()
    app.button(key="pictures_save_all").click().run()
    assert [drawing.label for drawing in saved().find(order=Order.OLDEST)] == [3, 1]
    assert app.button(key="pictures_save_all").label == "All saved"


def test_nonsense_is_refused_and_the_reading_stays(page: AppTest) -> None:
    app = bring(page, ("a.png", written("31")))
    app.text_input[0].set_value("3l").run()
    assert app.error[0].value == "No. 1: use only the digits 0 to 9, not '3l'."
    assert fields(app) == ["31"]
    app.text_input[0].set_value("37").run()
    assert not app.error


def test_a_correction_too_long_for_the_ink_stays_in_the_table(page: AppTest) -> None:
    app = bring(page, ("a.png", png_of(1)))
    app.text_input[0].set_value("123456789").run()
    assert fields(app) == ["123456789"]
    assert any("can't be split into 123456789" in text.value for text in app.markdown)
    assert app.button(key="pictures_1_save").disabled
    table = csv.DictReader(io.StringIO(readings_csv(readings(app)).decode("utf-8-sig")))
    assert [row["text"] for row in table] == ["123456789"]


def test_removing_pictures_can_be_undone(page: AppTest) -> None:
    app = bring(page, ("a.png", written("31")), ("b.png", written("58")))
    app.button(key="pictures_2_remove").click().run()
    assert fields(app) == ["31"]
    bring(app, ("c.png", png_of(9)))
    app.button(key="pictures_undo_remove").click().run()
    assert fields(app) == ["9", "58", "31"]
    app.button(key="pictures_2_remove").click().run()
    app.button(key="pictures_remove_all").click().run()
    assert not app.text_input
    for shown in (["9", "31"], ["9", "58", "31"]):
        app.button(key="pictures_undo_remove").click().run()
        assert fields(app) == shown


def test_a_number_corrected_to_nothing_is_removed_from_the_history(page: AppTest) -> None:
    app = bring(page, ("a.png", written("31")))
    app.button(key="pictures_1_save").click().run()
    app.text_input[0].set_value("").run()
    assert app.button(key="pictures_save_all").label == "Save all"
    app.button(key="pictures_1_save").click().run()
    assert saved().count().all == 0
    assert app.button(key="pictures_save_all").label == "All saved"


def test_checking_after_a_save_adds_the_labels(page: AppTest) -> None:
    app = bring(page, ("a.png", written("31")))
    app.button(key="pictures_save_all").click().run()
    app.toggle(key="pictures_checked").set_value(True).run()
    app.button(key="pictures_save_all").click().run()
    assert [drawing.label for drawing in saved().find(order=Order.OLDEST)] == [3, 1]


def test_changes_made_in_the_history_survive_a_correction(page: AppTest) -> None:
    app = bring(page, ("a.png", written("3158")), ("b.png", written("90")))
    app.button(key="pictures_save_all").click().run()
    saved().write_note(2, "thin")
    saved().label([1], 8)
    saved().delete([3])
    saved().delete([5, 6])
    app.run()
    assert app.button(key="pictures_1_save").label == "Saved"
    assert app.button(key="pictures_2_save").label == "Save 2 digits"
    app.toggle(key="pictures_checked").set_value(True).run()
    app.button(key="pictures_save_all").click().run()
    assert app.button(key="pictures_save_all").label == "All saved"
    kept = [(d.id, d.label) for d in saved().find(order=Order.OLDEST)]
    assert kept == [(1, 8), (2, 1), (4, 8), (5, 9), (6, 0)]
    assert saved().get(2).note == "thin"
    app.text_input[0].set_value("7158").run()
    app.button(key="pictures_save_all").click().run()
    kept = [(d.id, d.label) for d in saved().find(order=Order.OLDEST)]
    assert kept == [(1, 7), (2, 1), (4, 8), (5, 9), (6, 0)]


def test_the_model_is_saved_with_each_digit(page: AppTest, store: ModelStore) -> None:
    app = bring(page, ("a.png", written("31")))
    store.activate("seed-cnn")
    app.text_input[0].set_value("37").run()
    app.button(key="pictures_save_all").click().run()
    assert {drawing.model for drawing in saved().find()} == {"bn-cnn"}


def test_readings_survive_a_change_of_page(page: AppTest) -> None:
    app = bring(page, ("a.png", written("31")))
    app.text_input[0].set_value("37").run()
    app.switch_page("pages/digits/draw.py").run()
    app.switch_page("pages/digits/pictures.py").run()
    assert fields(app) == ["37"]


def test_many_pictures_are_split_into_pages(page: AppTest) -> None:
    app = bring(page, *[(f"{number}.png", png_of(number % 10)) for number in range(23)])
    assert fields(app) == [str(number) for number in range(10)]
    app.pagination(key="pictures_page_1").set_value(3).run()
    assert fields(app) == ["0", "1", "2"]
    # New pictures are on the first page.
    assert fields(bring(app, ("b.png", written("58"))))[:2] == ["58", "0"]
    app.button(key="pictures_24_remove").click().run()
    app.pagination(key="pictures_page_2").set_value(3).run()
    for number in range(21, 24):
        app.button(key=f"pictures_{number}_remove").click().run()
    assert fields(app) == [str(number) for number in range(10)]


def test_a_bad_database_is_explained_and_the_readings_stay(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = bring(page, ("a.png", written("31")))
    monkeypatch.setenv("DIGITREC_DATABASE_URL", "nonsense")
    app.button(key="pictures_save_all").click().run()
    assert "The drawings' database can't be opened" in app.error[0].value
    assert fields(app) == ["31"]


def test_a_picture_from_the_camera_is_read(page: AppTest) -> None:
    page.segmented_control(key="pictures_way").set_value("Camera").run()
    file = io.BytesIO()
    draw_digit(4, side=480).save(file, "JPEG")
    app = page.camera_input[0].set_value(("photo.jpg", file.getvalue(), "image/jpeg")).run()
    assert fields(app) == ["4"]
    assert fields(app.run()) == ["4"]
