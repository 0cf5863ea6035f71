from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import App, button, canvas, draw, go_to
from tests.numbers.samples import write
from tests.support.patience import wait_until

CANVAS_WIDTH = 640


def write_on(page: Page, text: str) -> None:
    strokes = [stroke.points.tolist() for stroke in write(text, gap=14, height=90).strokes]
    draw(page, strokes, "number", CANVAS_WIDTH)


def test_a_person_writes_a_number_and_saves_its_digits(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    page.get_by_role("radio", name="A number").click()
    expect(page.get_by_text("Write a number")).to_be_visible()
    write_on(page, "2045")
    number = page.locator(".st-key-number_text")
    expect(number).to_have_text("2045")
    expect(page.locator(".st-key-number_digits img")).to_have_count(4)
    text = page.get_by_role("textbox", name="Correct number")
    text.fill("2045")
    button(page, "Save without labels").click()
    expect(button(page, "Saved as 2045")).to_be_disabled()
    button(page, "Undo save").click()
    expect(button(page, "Save as 2045")).to_be_enabled()
    expect(text).to_have_value("2045")
    button(page, "Save as 2045").click()
    expect(button(page, "Saved as 2045")).to_be_disabled()

    go_to(page, "History")
    gallery = page.locator(".st-key-history_gallery")
    expect(gallery.locator("img")).to_have_count(4)
    expect(page.get_by_text("4 labeled, 4 read correctly")).to_be_visible()

    go_to(page, "Draw")
    expect(number).to_have_text("2045")


def test_enter_takes_the_number_that_was_typed_and_saves_it(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    page.get_by_role("radio", name="A number").click()
    expect(page.get_by_text("Write a number")).to_be_visible()
    write_on(page, "20")
    text = page.get_by_role("textbox", name="Correct number")
    text.fill("27")
    text.blur()  # Whoever only leaves the field doesn't save yet.
    expect(button(page, "Save as 27")).to_be_enabled()
    text.fill("20")
    text.press("Enter")
    expect(button(page, "Saved as 20")).to_be_disabled()
    text.fill("26")
    text.press("Enter")
    expect(button(page, "Saved as 26")).to_be_disabled()
    go_to(page, "History")
    expect(page.get_by_text("2 labeled, 1 read correctly")).to_be_visible()


def fits(shown: Locator, width: int) -> bool:
    box = shown.bounding_box()
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_on_a_narrow_screen_the_wide_canvas_fits(app: App, browser: Browser) -> None:
    width = 360
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme="dark")
    page.goto(f"{app.url}/draw")
    page.get_by_role("radio", name="A number").click()
    canvas(page, "number")
    wait_until(lambda: fits(canvas(page, "number"), width))
    write_on(page, "736")
    expect(page.locator(".st-key-number_text")).to_have_text("736")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The canvas fills its column, and the drawing stays where it is when the phone is turned.
    page.set_viewport_size({"width": 780, "height": 360})
    wait_until(lambda: fits(canvas(page, "number"), 780) and not fits(canvas(page, "number"), 700))
    expect(page.locator(".st-key-number_text")).to_have_text("736")
    page.close()
