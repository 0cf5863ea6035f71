import base64
import io
import re
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import App, button, go_to, leave_for, wait_until_still
from tests.numbers.samples import write
from tests.support.patience import wait_until


def photograph(*lines: str) -> bytes:
    """Numbers on lined paper in uneven light, turned a little."""
    paper = np.full((40 + 220 * len(lines), 1000), 235.0)
    paper[25::55] -= 50
    for place, text in enumerate(lines):
        ink = write(text, gap=24, pen=10).drawn() / 255
        top = 30 + 220 * place
        paper[top : top + ink.shape[0], 60 : 60 + ink.shape[1]] *= 1 - 0.85 * ink
    light = np.linspace(0.5, 1, paper.shape[1])
    picture = Image.fromarray((paper * light).astype(np.uint8)).convert("RGB")
    file = io.BytesIO()
    picture.rotate(2, Image.Resampling.BILINEAR, fillcolor=(150, 150, 150)).save(file, "JPEG")
    return file.getvalue()


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def open_pictures(page: Page, app: App) -> None:
    page.goto(app.url + "/pictures")
    page.locator("input[type=file]").wait_for(state="attached")


def bring(page: Page, *files: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(files)
    button(page, "Save all").wait_for()


def field(page: Page, number: int) -> str:
    return f".st-key-pictures_reading_1 .st-key-pictures_text_1_{number} input"


def test_a_person_photographs_numbers_corrects_and_saves_them(
    app: App, page: Page, tmp_path: Path
) -> None:
    open_pictures(page, app)
    bring(page, file("page.jpg", photograph("2054", "731")), file("notes.txt", b"hello"))
    expect(page.locator(field(page, 0))).to_have_value("2054")
    expect(page.locator(field(page, 1))).to_have_value("731")
    expect(
        page.get_by_text("notes.txt: The file isn't an image that can be opened")
    ).to_be_visible()

    shown = page.locator(".stMain .stImage img").first
    before = shown.get_attribute("src") or ""
    page.locator(field(page, 1)).fill("737")
    page.locator(field(page, 1)).press("Enter")
    # No hand is so quick: a press that meets the page as it changes is told to be made again.
    expect(shown).not_to_have_attribute("src", before)
    wait_until_still(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    download.value.save_as(tmp_path / "readings.csv")
    lines = (tmp_path / "readings.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["page.jpg", "1", "2054", "2054"], ["page.jpg", "2", "737", "731"]]  # fmt: skip

    button(page, "Save 7 digits").click()
    expect(button(page, "Saved")).to_be_disabled()
    go_to(page, "History")
    expect(page.locator(".st-key-history_gallery img")).to_have_count(7)
    expect(page.get_by_text("3 labeled, 2 read correctly")).to_be_visible()
    go_to(page, "Pictures")
    expect(page.locator(field(page, 1))).to_have_value("737")


PASTE = """png => {
    const bytes = Uint8Array.from(atob(png), character => character.charCodeAt(0))
    const clipboard = new DataTransfer()
    clipboard.items.add(new File([bytes], "image.png", { type: "image/png" }))
    document.body.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true }))
}"""


def test_a_picture_is_pasted(app: App, page: Page) -> None:
    open_pictures(page, app)
    bring(page, file("first.jpg", photograph("58")))
    pictures = page.locator(".stMain .stImage img")
    expect(pictures).to_have_count(1)
    for count in (2, 3):
        page.evaluate(PASTE, png("46"))
        expect(pictures).to_have_count(count)
    expect(page.get_by_role("textbox", name="No. 1")).to_have_count(3)
    expect(page.get_by_role("textbox", name="No. 1").first).to_have_value("46")


def png(text: str) -> str:
    content = io.BytesIO()
    Image.fromarray(255 - write(text, gap=20).drawn()).save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


def test_a_picture_is_taken_with_the_camera(app: App, page: Page) -> None:
    open_pictures(page, app)
    page.get_by_role("radio", name="Camera").click()
    page.wait_for_function("document.querySelector('video')?.readyState === 4")
    taken = page.get_by_text("camera-input")

    def is_taken() -> int:
        # The camera may not give a picture yet, though it shows one.
        if not taken.count() and button(page, "Take Photo").is_visible():
            button(page, "Take Photo").click()
            page.wait_for_timeout(1_000)
        return taken.count()

    wait_until(is_taken)
    expect(button(page, "Take Photo")).to_be_visible()


def test_many_pictures_show_their_progress(app: App, page: Page) -> None:
    open_pictures(page, app)
    content = photograph("2054", "731")
    page.locator("input[type=file]").set_input_files(
        [file(f"{number}.jpg", content) for number in range(30)]
    )
    expect(page.get_by_text("of 30 …")).to_be_visible()
    expect(page.get_by_text("30 pictures, 60 numbers")).to_be_visible()


def test_what_was_not_read_when_the_page_was_left_is_named(app: App, page: Page) -> None:
    open_pictures(page, app)
    content = photograph("2054", "731")
    page.locator("input[type=file]").set_input_files(
        [file(f"{number}.jpg", content) for number in range(60)]
    )
    expect(page.get_by_text("of 60 …")).to_be_visible()
    leave_for(page, "Models")
    go_to(page, "Pictures")
    expect(page.get_by_text("Not read because you left the page").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ pictures?, \d+ numbers"))).to_be_visible()


def test_on_a_phone_the_pictures_fit(app: App, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme="dark")
    open_pictures(page, app)
    bring(page, file("page.jpg", photograph("2054")))
    expect(page.locator(field(page, 0))).to_have_value("2054")
    box = page.locator(".stMain .stImage img").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
