import csv
import io
import zipfile

from playwright.sync_api import Page, expect

from .conftest import App, Start, answer, button, draw_a, go_to


def save(page: Page, digit: int) -> None:
    draw_a(page, digit)
    expect(answer(page)).to_have_text(str(digit))
    button(page, "Save").click()
    expect(button(page, "Saved")).to_be_disabled()


def test_a_person_saves_finds_corrects_downloads_and_deletes_a_drawing(
    app: App, page: Page
) -> None:
    page.goto(app.url)
    save(page, 5)

    page.reload()
    go_to(page, "History")
    gallery = page.locator(".st-key-history_gallery")
    expect(gallery.get_by_role("img")).to_have_count(1)
    expect(gallery).to_contain_text("5 ·")

    gallery.get_by_role("combobox").click()
    page.get_by_role("option", name="it is a 6").click()
    expect(gallery.get_by_role("combobox")).to_have_value("it is a 6")
    page.reload()
    expect(gallery.get_by_role("combobox")).to_have_value("it is a 6")

    with page.expect_download() as waiting:
        button(page, "Download all").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        (row,) = csv.DictReader(io.StringIO(archive.read("drawings.csv").decode()))
        assert (row["digit"], row["label"]) == ("5", "6")
        assert archive.read(row["file"]).startswith(b"\x89PNG")

    button(page, "Delete").click()
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    button(page, "Undo: bring back drawing 1").click()
    expect(gallery.get_by_role("img")).to_have_count(1)


def test_a_drawing_is_there_tomorrow(start_app: Start, page: Page) -> None:
    today = start_app()
    page.goto(today.url)
    save(page, 8)
    today.process.kill()
    today.process.wait()
    page.goto(start_app().url + "/history")
    expect(page.locator(".st-key-history_gallery")).to_contain_text("8 ·")


def test_a_bad_database_is_explained_and_the_drawing_stays(start_app: Start, page: Page) -> None:
    page.goto(start_app(DIGITREC_DATABASE_URL="nonsense://").url)
    draw_a(page, 3)
    expect(answer(page)).to_have_text("3")
    button(page, "Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The drawings' database can't be opened")
    expect(answer(page)).to_have_text("3")
    expect(button(page, "Save")).to_be_enabled()
    expect(page.get_by_text("Traceback")).to_have_count(0)
