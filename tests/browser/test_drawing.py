import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import (
    App,
    answer,
    button,
    canvas,
    clear,
    draw,
    draw_a,
    go_to,
    label,
    reload,
    wait_until_still,
)
from tests.support.digits import DIGITS, OTHER_HANDS, W
from tests.support.patience import wait_until


def test_a_person_draws_each_digit_and_it_is_recognized(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    expect(page.get_by_text("Draw a digit from 0 to 9")).to_be_visible()
    for digit, strokes in (*DIGITS.items(), *OTHER_HANDS):
        draw(page, strokes)
        expect(answer(page)).to_have_text(str(digit))
        clear(page)


def test_a_letter_is_said_to_be_no_digit(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    draw(page, [W])
    expect(answer(page)).to_have_text("?")
    verdict = page.get_by_test_id("stMetric").filter(has_text="Not a digit")
    expect(verdict).to_be_visible()
    button(page, "Clear").click()
    draw_a(page, 3)
    expect(answer(page)).to_have_text("3")
    expect(verdict).to_have_count(0)


def test_the_answer_changes_with_each_stroke(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    draw(page, [[(120, 50), (120, 230)]])
    expect(answer(page)).to_have_text("1")
    draw(page, [[(60, 80), (60, 150), (120, 150), (180, 150)]])
    expect(answer(page)).to_have_text("4")


def test_the_drawing_is_still_there_after_a_visit_elsewhere(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    draw_a(page, 2)
    expect(answer(page)).to_have_text("2")
    go_to(page, "Models")
    go_to(page, "Draw")
    expect(answer(page)).to_have_text("2")
    assert ink_on(page) > 1000
    # It is the drawing, not a picture of it: one can draw on.
    draw(page, [[(20, 20), (30, 30)]])
    expect(page.get_by_text("28 × 28 pixels")).to_be_visible()
    assert ink_on(page) > 1000


def ink_on(page: Page) -> int:
    """Count the dark pixels of the canvas."""
    canvas(page)
    return page.locator(".st-key-draw_canvas canvas.dc-canvas.lower-canvas").evaluate(
        """canvas => {
            const rgba = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
            let dark = 0
            for (let i = 0; i < rgba.data.length; i += 4)
                if (rgba.data[i] < 100 && rgba.data[i + 3] > 100) dark += 1
            return dark
        }"""
    )


def expect_ink(page: Page, is_right: Callable[[int], bool]) -> None:
    """Wait until the canvas shows what it should, and see that it stays so."""
    wait_until(lambda: is_right(ink_on(page)))
    page.wait_for_timeout(700)
    wait_until_still(page)
    assert is_right(ink_on(page))


def tool(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-draw_{name} button").filter(visible=True)


def test_strokes_and_clearing_are_undone_and_done_again(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    expect(tool(page, "undo")).to_be_disabled()
    draw(page, [[(120, 50), (120, 230)]])
    expect(answer(page)).to_have_text("1")
    draw(page, [[(60, 80), (60, 150), (120, 150), (180, 150)]])
    expect(answer(page)).to_have_text("4")
    four = ink_on(page)
    tool(page, "undo").click()
    expect(answer(page)).to_have_text("1")
    tool(page, "redo").click()
    expect(answer(page)).to_have_text("4")
    expect(tool(page, "redo")).to_be_disabled()
    button(page, "Clear").click()
    expect(answer(page)).to_have_count(0)
    tool(page, "undo").click()
    expect(answer(page)).to_have_text("4")
    expect_ink(page, lambda ink: ink > 1000)
    # What is drawn after an undo takes the place of what was undone.
    tool(page, "undo").click()
    expect(answer(page)).to_have_text("1")
    expect_ink(page, lambda ink: 0 < ink < four)
    draw(page, [[(60, 60), (120, 50)]])
    expect(tool(page, "redo")).to_be_disabled()
    assert ink_on(page) > 1000


def test_without_live_answers_recognize_asks(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    canvas(page)
    button(page, "Settings").click()
    page.get_by_text("Live answers").first.click()
    page.keyboard.press("Escape")
    draw_a(page, 6)
    expect(page.get_by_text(re.compile("for the answer"))).to_be_visible()
    expect(answer(page)).to_have_count(0)
    button(page, "Recognize").click()
    expect(answer(page)).to_have_text("6")


def test_in_the_dark_ink_is_light_and_is_recognized(app: App, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{app.url}/draw")
    for digit in (4, 8):
        draw_a(page, digit)
        expect(answer(page)).to_have_text(str(digit))
        clear(page)
    context.close()


def test_on_a_phone_everything_fits_and_a_finger_draws(app: App, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.goto(f"{app.url}/draw")
    draw_a(page, 7)
    expect(answer(page)).to_have_text("7")
    box = canvas(page).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect_still_canvas(page)
    context.close()


def expect_still_canvas(page: Page) -> None:
    """See that the canvas keeps its place, whatever the answer above it says."""
    clear(page)
    at = top_of_canvas(page)
    for stroke in DIGITS[4]:
        draw(page, [stroke])
        expect(answer(page)).to_be_visible()
        assert top_of_canvas(page) == at
    expect(answer(page)).to_have_text("4")
    tool(page, "label_4").click()
    expect(button(page, "Saved as 4")).to_be_disabled()
    assert top_of_canvas(page) == at
    clear(page)
    draw(page, [W])
    expect(answer(page)).to_have_text("?")
    assert top_of_canvas(page) == at


def top_of_canvas(page: Page) -> float:
    """Return where the canvas begins on its page, however far that is scrolled."""
    wait_until_still(page)
    return float(
        canvas(page).evaluate(
            "shown => shown.getBoundingClientRect().top"
            " + document.querySelector('[data-testid=stMain]').scrollTop"
        )
    )


def test_the_drawing_and_the_settings_survive_a_reload(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    draw_a(page, 3)
    expect(answer(page)).to_have_text("3")
    button(page, "Settings").click()
    page.get_by_role("slider", name="Pen width").press("ArrowRight")
    page.keyboard.press("Escape")
    label(page, 8).click()
    expect(button(page, "Saved as 8")).to_be_disabled()
    ink = ink_on(page)
    reload(page)
    expect(answer(page)).to_have_text("3")
    button(page, "Settings").click()
    expect(page.get_by_role("slider", name="Pen width")).to_have_value("17")
    page.keyboard.press("Escape")
    expect(label(page, 8)).to_have_attribute("kind", "primary")
    expect(button(page, "Saved as 8")).to_be_disabled()
    expect_ink(page, lambda found: found == pytest.approx(ink, rel=0.02))
    expect(button(page, "Saved as 8")).to_be_disabled()

    # It is finished: the next stroke begins another, and a reload has that, too.
    draw(page, [[(140, 40), (140, 240)]])
    expect(answer(page)).to_have_text("1")
    expect(button(page, "Save without a label")).to_be_enabled()
    ink = ink_on(page)
    reload(page)
    expect(answer(page)).to_be_visible()
    expect_ink(page, lambda found: found == pytest.approx(ink, rel=0.02))

    clear(page)
    reload(page)
    expect(page.get_by_text("Draw a digit from 0 to 9")).to_be_visible()
    expect_ink(page, lambda found: found == 0)


def test_another_tab_begins_with_an_empty_canvas(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    draw_a(page, 3)
    expect(answer(page)).to_have_text("3")
    other = page.context.new_page()
    other.goto(f"{app.url}/draw")
    expect(other.get_by_text("Draw a digit from 0 to 9")).to_be_visible()
    assert ink_on(other) == 0


def test_a_number_survives_a_reload(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    page.get_by_role("radio", name="A number").click()
    draw(page, [[(100, 60), (100, 180)], [(200, 60), (260, 60), (220, 180)]], "number", 640)
    expect(page.locator(".st-key-number_text")).to_have_text("17")
    reload(page)
    expect(page.locator(".st-key-number_text")).to_have_text("17")


def test_a_card_that_opens_is_in_view_with_its_button(app: App, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{app.url}/draw")
    draw_a(page, 4)
    expect(answer(page)).to_have_text("4")
    for card, place in (("Why this answer", 0), ("Steps", 3)):
        shown = page.locator(f".st-key-draw_card_{place}")
        button(page, card).click()
        expect(shown).to_be_in_viewport(ratio=0.95)
        expect(button(page, card)).to_be_in_viewport(ratio=1)
    page.close()
