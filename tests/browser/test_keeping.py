import re
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    App,
    Start,
    answer,
    button,
    canvas,
    clear,
    draw_a,
    go_to,
    label,
    wait_until_still,
)
from tests.support.drawings import ink_of, png_of


def save(page: Page, digit: int) -> None:
    draw_a(page, digit)
    expect(answer(page)).to_have_text(str(digit))
    wait_until_still(page)
    button(page, "Save without a label").click()
    expect(button(page, "Saved without a label")).to_be_disabled()


def relabel(page: Page, number: int, digit: int) -> None:
    """Open a card's labels, and choose one."""
    page.locator(f".st-key-history_relabel_{number} button").click()
    page.locator(f".st-key-history_label_{number}").get_by_role("radio", name=str(digit)).click()
    page.keyboard.press("Escape")


def test_a_person_saves_finds_corrects_and_deletes_a_drawing(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    save(page, 5)

    page.reload()
    go_to(page, "History")
    gallery = page.locator(".st-key-history_gallery")
    expect(gallery.locator("img")).to_have_count(1)
    expect(gallery).to_contain_text("5 ·")

    relabel(page, 1, 6)
    expect(page.get_by_text("Drawing 1 labeled 6.")).to_be_visible()
    page.reload()
    expect(button(page, "Label: 6")).to_be_visible()

    gallery.locator(".st-key-history_delete_1 button").first.click()
    expect(page.get_by_text("Your only drawing is in the trash")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(gallery.locator("img")).to_have_count(1)


def test_who_presses_twice_saves_once(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    draw_a(page, 5)
    expect(answer(page)).to_have_text("5")
    label(page, 5).evaluate(
        "five => { five.click(); document.querySelector('.st-key-draw_save button').click() }"
    )
    expect(button(page, "Saved as 5")).to_be_disabled()
    clear(page)
    draw_a(page, 8)
    expect(answer(page)).to_have_text("8")
    button(page, "Save without a label").dblclick()
    expect(button(page, "Saved without a label")).to_be_disabled()
    go_to(page, "History")
    expect(page.locator(".st-key-history_gallery img")).to_have_count(2)
    expect(page.locator(".st-key-history_gallery")).to_contain_text("5 ·")


def test_an_upload_goes_on_whatever_is_pressed_meanwhile(
    app: App, page: Page, tmp_path: Path
) -> None:
    rows = np.random.default_rng(1).integers(0, 256, (2000, 28, 28), np.uint8)
    np.savez(tmp_path / "many.npz", x=rows)
    page.goto(f"{app.url}/draw")
    save(page, 5)
    go_to(page, "History")
    page.locator("[class*=st-key-history_uploads] button").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "many.npz")
    button(page, "Save").dblclick()
    page.keyboard.press("Escape")
    relabel(page, 1, 6)
    expect(page.get_by_text("2,000 drawings were saved.")).to_be_visible()
    expect(page.get_by_text("2,001 drawings · 1 labeled")).to_be_visible()
    button(page, "Dismiss").click()
    expect(page.get_by_text("2,000 drawings were saved.")).to_have_count(0)


def test_a_person_sees_what_a_file_holds_and_turns_it_before_saving(
    app: App, page: Page, tmp_path: Path
) -> None:
    labels = np.arange(20, dtype=np.uint8) % 10
    np.savez(tmp_path / "emnist.npz", images=ink_of(20).transpose(0, 2, 1), labels=labels)
    page.goto(f"{app.url}/history")
    page.locator("[class*=st-key-history_uploads] button").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "emnist.npz")
    shown = page.locator(".st-key-history_upload_drawings img")
    expect(shown).to_have_count(12)
    expect(page.locator(".st-key-history_upload_drawings")).to_have_text("012345678901")
    expect(page.get_by_text("20 drawings: 20 labeled (2 × 0,")).to_be_visible()
    lying = shown.first.get_attribute("src")
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.get_by_text("Swap rows and columns").click()
    expect(page.get_by_role("switch", name="Swap rows and columns")).to_be_checked()
    expect(shown.first).not_to_have_attribute("src", str(lying))
    expect(page.get_by_text("Nothing is saved yet")).to_have_count(1)
    button(page, "Save").click()
    expect(page.get_by_text("20 drawings were saved.")).to_be_visible()
    expect(button(page, "Save")).to_have_count(0)


def test_files_that_were_chosen_are_let_go(app: App, page: Page, tmp_path: Path) -> None:
    (tmp_path / "5.png").write_bytes(png_of(5))
    page.goto(f"{app.url}/history")
    page.locator("[class*=st-key-history_uploads] button").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "5.png")
    expect(page.get_by_text("1 drawing without a label")).to_be_visible()
    button(page, "Cancel").click()
    expect(button(page, "Cancel")).to_have_count(0)
    expect(page.get_by_text("5.png")).to_have_count(0)
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()


def test_the_filter_lives_in_the_link(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    save(page, 5)
    clear(page)
    save(page, 8)
    go_to(page, "History")
    gallery = page.locator(".st-key-history_gallery")
    expect(gallery.locator("img")).to_have_count(2)
    page.get_by_role("button", name="Filter").click()
    page.locator(".st-key-history_answers").get_by_role("button", name="8").click()
    expect(gallery.locator("img")).to_have_count(1)
    expect(gallery).to_contain_text("8 ·")
    page.goto(page.url)
    expect(gallery.locator("img")).to_have_count(1)
    expect(page.get_by_role("button", name="Filter (1)")).to_be_visible()


def test_a_saved_drawing_is_drawn_on(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    save(page, 1)
    page.goto(app.url + "/history?drawing=1")
    button(page, "Open on the canvas").click()
    expect(answer(page)).to_have_text("1")
    expect(canvas(page)).to_be_visible()


def test_a_note_is_kept_and_typing_it_undoes_nothing_else(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    save(page, 1)
    clear(page)
    save(page, 8)
    go_to(page, "History")
    page.locator(".st-key-history_delete_2 button").first.click()
    expect(page.get_by_text("Drawing 2 moved to the trash.")).to_be_visible()
    page.locator(".st-key-history_picture_1").click()
    note = page.get_by_label("Note", exact=True)
    note.click()
    page.keyboard.type("unusuall")
    page.keyboard.press("Control+z")
    # Escape closes the dialog and keeps what was typed, and the focus returns to the card.
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("drawing="))
    expect(page.locator(".st-key-history_gallery img")).to_have_count(1)
    expect(page.locator(".st-key-history_open_1 button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(note).to_have_value("unusual")
    button(page, "Close").first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_drawings_are_labeled_by_keys(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    save(page, 3)
    clear(page)
    save(page, 5)
    go_to(page, "Review")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    page.keyboard.press("7")
    expect(page.get_by_text("2 of 2")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_text("Every drawing in the history has a label")).to_be_visible()
    go_to(page, "History")
    expect(page.get_by_text("2 drawings · 2 labeled")).to_be_visible()


def test_a_drawing_is_there_tomorrow(start_app: Start, page: Page) -> None:
    today = start_app()
    page.goto(f"{today.url}/draw")
    save(page, 8)
    today.process.kill()
    today.process.wait()
    page.goto(start_app().url + "/history")
    expect(page.locator(".st-key-history_gallery")).to_contain_text("8 ·")


def test_a_bad_database_is_explained_and_the_drawing_stays(start_app: Start, page: Page) -> None:
    page.goto(start_app(DIGITREC_DATABASE_URL="nonsense://").url + "/draw")
    draw_a(page, 3)
    expect(answer(page)).to_have_text("3")
    button(page, "Save without a label").click()
    expect(page.get_by_role("alert")).to_contain_text("The drawings' database can't be opened")
    expect(answer(page)).to_have_text("3")
    expect(button(page, "Save without a label")).to_be_enabled()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_who_is_drawing_goes_on_when_the_server_is_started_again(
    start_app: Start, page: Page
) -> None:
    app = start_app()
    page.goto(f"{app.url}/draw")
    draw_a(page, 7)
    expect(answer(page)).to_have_text("7")
    clear(page)
    save(page, 1)
    app.process.kill()
    app.process.wait()
    start_app(app.port)
    page.locator("[data-test-connection-state=CONNECTED]").wait_for()
    page.wait_for_timeout(1_000)
    expect(answer(page)).to_have_text("1")
    expect(button(page, "Saved without a label")).to_be_disabled()
    page.reload()
    expect(answer(page)).to_have_text("1")
    expect(button(page, "Saved without a label")).to_be_disabled()
    clear(page)
    save(page, 3)
