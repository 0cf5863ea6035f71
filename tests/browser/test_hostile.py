"""What a person typed or a file is called is shown as it is, and nothing of it is carried out."""

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, button
from tests.hostile.names import MARKUP
from tests.hostile.pictures import encoded
from tests.support.digits import draw_digit

# A file's name holds no slash.
FILE_NAME = MARKUP.replace("/", "-")
MARKS = (
    "img[src=x], strong:text-is('bold'), .katex, a[href^='http://b'], "
    "[data-testid=stIconMaterial]:text-is('home')"
)


@pytest.fixture
def page(page: Page) -> Page:
    page.on("dialog", lambda dialog: pytest.fail(f"it was carried out: {dialog.message}"))
    return page


def test_errors_show_what_was_typed(page: Page, app: App) -> None:
    page.goto(f"{app.url}/history?drawing=%3Cimg+src%3Dx%3E**b**")
    expect(page.get_by_test_id("stAlert").last).to_contain_text("'<img src=x>**b**'")
    page.goto(f"{app.url}/history?drawing=:smile:+$x$+[a](b)")
    expect(page.get_by_test_id("stAlert").last).to_contain_text(":\u2060smile: $x$ [a](b)")
    expect(page.locator(MARKS)).to_have_count(0)


def test_a_picture_keeps_its_files_name(page: Page, app: App, tmp_path: Path) -> None:
    sound, broken = tmp_path / f"1{FILE_NAME}.png", tmp_path / f"2{FILE_NAME}.png"
    sound.write_bytes(encoded(draw_digit(3).convert("L")))
    broken.write_bytes(b"no picture")
    page.goto(f"{app.url}/pictures")
    page.locator("input[type=file]").set_input_files([sound, broken])
    expect(page.get_by_text(sound.name, exact=True).last).to_be_visible()
    expect(page.locator(".st-key-pictures_refused_list")).to_contain_text(broken.name)
    page.get_by_label("No. 1").fill(MARKUP)
    page.get_by_label("No. 1").press("Enter")
    shown = page.get_by_test_id("stAlert")
    expect(shown).to_contain_text("<img src=x onerror=alert(1)>**bold**")
    expect(page.locator(MARKS)).to_have_count(0)


def test_an_upload_that_is_nothing_shows_its_name(page: Page, app: App, tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.zip").write_bytes(b"no drawings")
    page.goto(f"{app.url}/history")
    page.locator("[class*=st-key-history_uploads] button").click()
    page.locator("input[type=file]").set_input_files(tmp_path / f"{FILE_NAME}.zip")
    shown = page.get_by_test_id("stPopoverBody").get_by_test_id("stAlert")
    expect(shown).to_contain_text("[a](http:--b) :red[c].zip isn't a file that can be read")
    expect(button(page, "Save")).to_have_count(0)
    expect(page.locator(MARKS)).to_have_count(0)


def test_every_mark_of_markdown_is_shown(page: Page, app: App) -> None:
    for text in ("1. one", "*a*", "_b_", "`c`", "~~d~~", ":red[e]", "x -- y", ":material/home:"):
        page.goto(f"{app.url}/?drawing={quote(text)}")
        shown = page.get_by_test_id("stAlert").first
        expect(shown).to_be_visible()
        assert text in shown.inner_text().replace("\u2060", "")
        expect(page.locator(MARKS)).to_have_count(0)
