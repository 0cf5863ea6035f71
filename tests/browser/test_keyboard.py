import re

from playwright.sync_api import Browser, Locator, Page, expect

from digitrec.drawings.store import DrawingStore
from tests.browser.conftest import App, answer, button, draw_a, label, wait_until_still
from tests.support.drawings import new_drawing, png_of

# What has the focus, whether it is in view, and whether it or what surrounds it has a ring.
FOCUSED = """() => {
    let focused = document.activeElement
    while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
    if (focused === document.body) return null
    const { left, right } = focused.getBoundingClientRect()
    const around = [focused, focused.closest("label"), focused.parentElement]
    return {
        html: focused.outerHTML.slice(0, 200),
        isMain: focused.matches("[data-testid=stMain]"),
        isInView: right > 0 && left < innerWidth,
        hasRing: around.some(each => each && getComputedStyle(each).outlineStyle === "solid"),
    }
}"""
MOST_STOPS = 80


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element.getRootNode().activeElement === element"):
            return
    raise AssertionError(f"Tab doesn't reach {wanted}")


def expect_rings(page: Page) -> None:
    """See that whatever Tab stops at is in view and has a ring."""
    stops = 0
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        if not focused["isMain"]:
            stops += 1
            assert focused["isInView"], focused["html"]
            assert focused["hasRing"], focused["html"]
    assert stops > 5


def test_what_tab_stops_at_is_in_view_and_has_a_ring(app: App, browser: Browser) -> None:
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{app.url}/draw")
        draw_a(page, 4)
        expect(answer(page)).to_have_text("4")
        button(page, "Why this answer").click()
        expect(page.get_by_text("makes no difference")).to_be_visible()
        wait_until_still(page)
        page.reload()  # Tab begins at the top again.
        expect(page.get_by_text("makes no difference")).to_be_visible()
        wait_until_still(page)
        expect_rings(page)
        page.close()


def test_a_popover_is_used_by_keys(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    wait_until_still(page)
    settings = button(page, "Settings")
    tab_to(page, settings)
    page.keyboard.press("Enter")
    model = page.get_by_role("combobox", name="Model")
    expect(model).to_be_focused()
    expect(page.get_by_text("Live answers")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("slider", name="Pen width")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("stSliderThumbValue")).to_have_text("17")
    page.keyboard.press("Shift+Tab")
    expect(model).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Help for Live answers")).to_be_focused()
    page.keyboard.press("Escape")
    expect(model).to_have_count(0)
    expect(settings).to_be_focused()


def test_enter_presses_what_has_the_focus_else_it_saves(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    draw_a(page, 4)
    expect(answer(page)).to_have_text("4")
    tab_to(page, label(page, 9))
    page.keyboard.press("Enter")
    expect(button(page, "Saved as 9")).to_be_disabled()
    draw_a(page, 7)
    expect(answer(page)).to_have_text("7")
    page.keyboard.press("Enter")
    expect(button(page, "Saved without a label")).to_be_disabled()


def test_a_replay_is_played_by_keys(app: App, page: Page) -> None:
    page.goto(f"{app.url}/draw")
    draw_a(page, 4)
    expect(answer(page)).to_have_text("4")
    button(page, "Replay").click()
    replay = page.locator(".st-key-draw_card_1")
    expect(replay).to_contain_text(re.compile(r"Moment (\d+) of \1: 4, "))
    slider = replay.get_by_role("slider", name="Moment")
    tab_to(page, slider)
    page.keyboard.press("Home")
    expect(replay).to_contain_text("Moment 1 of ")
    bars = replay.locator(".track i")
    expect(bars).to_have_count(11)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(replay).to_contain_text("Moment 3 of ")
    expect(replay.get_by_role("button", name="Pause")).to_be_focused()
    page.keyboard.press("Enter")
    expect(replay.get_by_role("button", name="Play")).to_be_visible()


def test_a_drawing_is_labeled_and_opened_by_keys(
    app: App, page: Page, history: DrawingStore
) -> None:
    history.save(new_drawing(7, picture=png_of(7)))
    page.goto(f"{app.url}/history")
    wait_until_still(page)
    tab_to(page, button(page, "Label it"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="0", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_text("Drawing 1 labeled 1.")).to_be_visible()
    page.keyboard.press("Escape")
    tab_to(page, page.locator(".st-key-history_open_1 button"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
