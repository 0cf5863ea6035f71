"""Strokes that are drawn, and buttons pressed, before the server has answered.

The server stands still meanwhile, so that whatever crosses on the way crosses in every run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest
from playwright.sync_api import Error, Page, expect

from digitrec.drawings.store import DrawingStore
from tests.browser.conftest import (
    App,
    Start,
    answer,
    button,
    canvas,
    draw,
    go_to,
    label,
    nav_link,
)

WIDTHS = {"draw": 280, "number": 640}
# Whether these strokes are on the canvas (seen), kept in the tab (shown), and known to the server.
STROKES_ARE = """([name, expected, width]) => {
    const kept = key => JSON.parse(sessionStorage.getItem("digitrec_" + key))
    const places = strokes => strokes?.map(stroke => stroke.points[0][0]) ?? []
    const shown = places(kept(name)?.strokes)
    const known = places(kept("all")?.canvases[name].strokes)
    const component = `.st-key-${name}_canvas [data-testid=stBidiComponentIsolated]`
    const canvas = document.querySelector(component)?.shadowRoot
        ?.querySelector("canvas.dc-canvas.lower-canvas")
    const ink = canvas?.getContext("2d"), scale = canvas?.width / width
    const isInk = x => ink?.getImageData(scale * x, scale * 110, 1, 1).data[0] < 128
    const seen = [1, 2, 3, 4, 5, 6].map(place => 40 * place).filter(isInk)
    const are = found => found.length === expected.length
        && found.every((x, i) => Math.abs(x - 40 * expected[i]) < 2)
    window.lastLook = JSON.stringify({ expected, seen, shown, known })
    return are(seen) && are(shown) && are(known)
}"""


@contextmanager
def standing_still(app: App) -> Iterator[None]:
    """Let the server do nothing meanwhile."""
    server = psutil.Process(app.process.pid)
    server.suspend()
    try:
        yield
    finally:
        server.resume()


def open_canvas(page: Page, app: App, name: str) -> None:
    page.goto(f"{app.url}/draw")
    if name == "number":
        page.get_by_role("radio", name="A number").click()
        # Until then it stands above this one.
        page.locator(".st-key-draw_canvas").wait_for(state="detached")
    draw(page, [[(40, 40), (40, 110), (40, 180)]], name, WIDTHS[name])
    expect_strokes(page, 1, name=name)


def draw_at(page: Page, *places: int, name: str = "draw") -> None:
    """Draw strokes from top to bottom, each at its place, whatever the page is doing."""
    box = canvas(page, name).bounding_box()
    assert box is not None
    scale = box["width"] / WIDTHS[name]
    for place in places:
        x = box["x"] + 40 * place * scale
        page.mouse.move(x, box["y"] + 40 * scale)
        page.mouse.down()
        page.mouse.move(x, box["y"] + 180 * scale, steps=3)
        page.mouse.up()


def press(page: Page, tool: str, name: str = "draw") -> None:
    """Press a button where it stands, without waiting for anything."""
    box = page.locator(f".st-key-{name}_{tool} button").filter(visible=True).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def expect_strokes(page: Page, *places: int, name: str = "draw") -> None:
    """Wait until these are seen on the canvas, and kept, and the server has answered them."""
    try:
        page.wait_for_function(STROKES_ARE, arg=[name, list(places), WIDTHS[name]])
    except Error as problem:
        raise AssertionError(page.evaluate("window.lastLook")) from problem
    page.locator("[data-test-script-state=notRunning]").wait_for()


@pytest.mark.parametrize("name", WIDTHS)
def test_undo_takes_one_of_the_strokes_drawn_without_a_pause(
    app: App, page: Page, name: str
) -> None:
    open_canvas(page, app, name)
    with standing_still(app):
        draw_at(page, 2, 3, name=name)
        press(page, "undo", name)
    expect_strokes(page, 1, 2, name=name)
    with standing_still(app):
        press(page, "undo", name)
        draw_at(page, 4, 5, name=name)
    expect_strokes(page, 1, 4, 5, name=name)


def test_clear_leaves_what_is_drawn_after_it_and_undo_brings_back_the_rest(
    app: App, page: Page
) -> None:
    open_canvas(page, app, "draw")
    with standing_still(app):
        draw_at(page, 2)
        press(page, "clear")
        draw_at(page, 3)
    expect_strokes(page, 3)
    page.locator(".st-key-draw_undo button").click()
    expect(answer(page)).to_have_count(0)
    page.locator(".st-key-draw_undo button").click()
    expect_strokes(page, 1, 2)


def test_who_leaves_the_page_with_the_last_stroke_finds_it_there_again(
    app: App, page: Page
) -> None:
    open_canvas(page, app, "draw")
    with standing_still(app):
        draw_at(page, 2)
        nav_link(page, "Models").click()
    page.get_by_role("heading", name="Models", exact=True).wait_for()
    go_to(page, "Draw")
    expect_strokes(page, 1, 2)
    with standing_still(app):
        draw_at(page, 3)
        page.evaluate("location.reload()")
    expect_strokes(page, 1, 2, 3)


def test_the_canvas_is_hidden_as_long_as_no_pen_follows_the_strokes(app: App, page: Page) -> None:
    # The pen's module fails at its first line.
    page.add_init_script("CSSStyleSheet.prototype.replaceSync = () => { throw Error() }")
    page.goto(f"{app.url}/draw")
    package_canvas = page.locator(".st-key-draw_canvas canvas.upper-canvas")
    package_canvas.wait_for(state="attached")
    page.locator("[data-test-script-state=notRunning]").wait_for()
    expect(package_canvas).to_be_hidden()


def test_the_last_stroke_is_saved_by_a_label_pressed_at_once(
    app: App, page: Page, history: DrawingStore
) -> None:
    open_canvas(page, app, "draw")
    with standing_still(app):
        draw_at(page, 2)
        label(page, 4).click()
    expect(button(page, "Saved as 4")).to_be_disabled()
    (drawing,) = history.find()
    assert drawing.label == 4
    assert len(history.get(drawing.id).content.strokes) == 2


def test_a_stroke_drawn_right_after_a_labels_key_begins_the_next_drawing(
    app: App, page: Page, history: DrawingStore
) -> None:
    open_canvas(page, app, "draw")
    expect(label(page, 4)).to_be_visible()
    with standing_still(app):
        draw_at(page, 2)
        page.keyboard.press("4")
        draw_at(page, 3)
    expect_strokes(page, 3)
    (drawing,) = history.find()
    assert (drawing.label, len(history.get(drawing.id).content.strokes)) == (4, 2)
    page.locator(".st-key-draw_undo button").click()
    expect_strokes(page, 1, 2)
    expect(button(page, "Saved as 4")).to_be_disabled()


def test_enter_right_after_the_first_stroke_of_the_next_drawing_saves_it(
    app: App, page: Page, history: DrawingStore
) -> None:
    open_canvas(page, app, "draw")
    label(page, 4).click()
    expect(button(page, "Saved as 4")).to_be_disabled()
    with standing_still(app):
        draw_at(page, 2)
        page.keyboard.press("Enter")
        draw_at(page, 3)
    expect_strokes(page, 3)
    newest, _ = history.find()
    (stroke,) = history.get(newest.id).content.strokes
    assert (newest.label, round(stroke.points[0][0])) == (None, 80)


def test_strokes_drawn_while_the_server_is_down_are_there_when_it_is_back(
    start_app: Start, page: Page
) -> None:
    app = start_app()
    open_canvas(page, app, "draw")
    app.process.kill()
    app.process.wait()
    page.locator("[data-test-connection-state=CONNECTED]").wait_for(state="detached")
    draw_at(page, 2, 3)
    start_app(app.port)
    page.locator("[data-test-connection-state=CONNECTED]").wait_for()
    expect_strokes(page, 1, 2, 3)


def test_a_line_stays_whatever_other_fingers_do(app: App, page: Page) -> None:
    open_canvas(page, app, "draw")
    box = canvas(page).bounding_box()
    assert box is not None
    hand, scale = page.context.new_cdp_session(page), box["width"] / WIDTHS["draw"]

    def touch(kind: str, *fingers: tuple[int, int, int]) -> None:
        points = [
            {"id": i, "x": box["x"] + 40 * x * scale, "y": box["y"] + y * scale}
            for i, x, y in fingers
        ]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (0, 2, 40))
    touch("touchMove", (0, 2, 180))
    touch("touchStart", (0, 2, 180), (1, 5, 40))
    touch("touchMove", (0, 2, 180), (1, 5, 180))
    touch("touchEnd", (0, 2, 180))
    touch("touchStart", (0, 3, 40), (1, 5, 180))
    touch("touchMove", (0, 3, 180), (1, 5, 180))
    touch("touchEnd")
    expect_strokes(page, 1, 2, 3)


@pytest.mark.parametrize("name", WIDTHS)
def test_the_canvas_has_no_tools_but_those_of_the_page(app: App, page: Page, name: str) -> None:
    open_canvas(page, app, name)
    inside: Any = page.locator(f".st-key-{name}_canvas")
    inside.hover()
    expect(inside.locator(".dc-toolbar")).to_be_hidden()
    expect(inside.get_by_role("button")).to_have_count(0)
    draw(page, [[(80, 40), (80, 180)]], name, WIDTHS[name])
    page.locator(f".st-key-{name}_clear button").click()
    expect(page.locator(f".st-key-{name}_clear button")).to_be_disabled()
    draw_at(page, 5, name=name)
    expect_strokes(page, 5, name=name)
