"""Counts the strokes that survive if they are drawn right before or after something else.

    python -m benchmarks.fast_strokes [--strokes 200]

A browser draws five strokes as fast as it can and, without a pause, presses a button, leaves the
page or reloads it. The saved drawing is then compared with what was drawn, stroke by stroke.
Prints for each situation how many strokes are right: there, or gone if they were undone or cleared.
"""

import argparse
import tempfile
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Browser, Error, Page

from benchmarks.serving import open_browser, serving
from digitrec.drawings.store import DrawingStore
from tests.browser.conftest import button, canvas, go_to

WIDTH, TOP, BOTTOM = 280, 60, 200
# The x positions of the strokes on the canvas, in pixels; the first one is drawn without haste.
FIRST, FAST = 30, (70, 110, 150, 190, 230)
SETTLED_MS = 1000
PATIENCE_MS = 10_000

Places = tuple[int, ...]


class Hand:
    """Draws and presses without waiting for anything.

    Args:
        page: The drawing page, fully loaded.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        box = canvas(page).bounding_box()
        assert box is not None
        self._left, self._top, self._scale = box["x"], box["y"], box["width"] / WIDTH
        self._places = {name: self._place(name) for name in ("undo", "clear")}

    def draw(self, *places: int) -> None:
        """Draw strokes from top to bottom."""
        mouse = self.page.mouse
        top, bottom = (self._top + self._scale * y for y in (TOP, BOTTOM))
        for place in places:
            x = self._left + self._scale * place
            mouse.move(x, top)
            mouse.down()
            mouse.move(x, bottom, steps=2)
            mouse.up()

    def press(self, name: str) -> None:
        """Press *Undo* or *Clear* at its position, whatever the page is doing."""
        self.page.mouse.click(*self._places[name])

    def _place(self, name: str) -> tuple[float, float]:
        box = self.page.locator(f".st-key-draw_{name} button").first.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def undo(hand: Hand) -> Places:
    """Draw, and undo the last stroke; return the strokes that should be left."""
    hand.draw(*FAST)
    hand.press("undo")
    return FAST[:-1]


def after_undo(hand: Hand) -> Places:
    """Undo, and draw."""
    hand.press("undo")
    hand.draw(*FAST)
    return FAST


def clear(hand: Hand) -> Places:
    """Draw, clear, and draw again."""
    hand.draw(*FAST[:2])
    hand.press("clear")
    hand.draw(*FAST[2:])
    return FAST[2:]


def undo_clear(hand: Hand) -> Places:
    """Draw, clear, and later undo the clear."""
    hand.draw(*FAST)
    hand.press("clear")
    settle(hand.page)
    hand.press("undo")
    return FAST


def another_page(hand: Hand) -> Places:
    """Draw, look at the models, and come back."""
    hand.draw(*FAST)
    go_to(hand.page, "Models")
    go_to(hand.page, "Draw")
    canvas(hand.page)
    return FAST


def wide_canvas(hand: Hand) -> Places:
    """Draw, look at the wide canvas, and come back."""
    hand.draw(*FAST)
    for kind, name in (("A number", "number"), ("A digit", "draw")):
        hand.page.get_by_role("radio", name=kind).click()
        canvas(hand.page, name)
    return FAST


def reload(hand: Hand) -> Places:
    """Draw, and reload the page."""
    hand.draw(*FAST)
    hand.page.reload()
    canvas(hand.page)
    return FAST


def label(hand: Hand) -> Places:
    """Draw, and press a label."""
    one = hand.page.locator(".st-key-draw_label_1 button").filter(visible=True)
    one.evaluate("label => { window.one = label }")
    hand.draw(*FAST)
    hand.page.evaluate("window.one.click()")
    return FAST


SITUATIONS: dict[str, Callable[[Hand], Places]] = {
    "strokes, then Undo": undo,
    "Undo, then strokes": after_undo,
    "strokes, Clear, strokes": clear,
    "strokes, Clear, later Undo": undo_clear,
    "strokes, then another page": another_page,
    "strokes, then the wide canvas": wide_canvas,
    "strokes, then a reload": reload,
    "strokes, then a label": label,
}


def settle(page: Page) -> None:
    """Wait until the page is idle, and longer than a canvas delays its report."""
    page.wait_for_timeout(SETTLED_MS)
    page.locator("[data-test-script-state=notRunning]").wait_for()


def kept(
    browser: Browser, url: str, store: DrawingStore, situation: Callable[[Hand], Places]
) -> int:
    """Try a situation once; return how many of its strokes are right in the end."""
    page = browser.new_page()
    page.goto(f"{url}/draw")
    canvas(page)
    settle(page)
    hand = Hand(page)
    hand.draw(FIRST)
    settle(page)
    wanted = situation(hand)
    settle(page)
    found = saved_strokes(page, store)
    page.close()
    return sum((x in found) == (x in wanted) for x in FAST)


def saved_strokes(page: Page, store: DrawingStore) -> set[int]:
    """Save the drawing on the page; return the x positions of its strokes from the database."""
    if not store.find(limit=1):
        with suppress(Error):  # There is nothing to save.
            page.locator(".st-key-draw_save button").first.click(timeout=PATIENCE_MS)
            button(page, "Saved without a label").wait_for()
    places = set()
    for drawing in store.find(limit=1):
        strokes = store.get(drawing.id).content.strokes
        places = {10 * round(stroke.points[0, 0] / 10) for stroke in strokes}
    store.delete(store.numbers())
    return places


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--strokes", type=int, default=200)
    rounds = parser.parse_args().strokes // (len(FAST) * len(SITUATIONS))
    total = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        open_browser() as browser,
        serving(folder) as (url, _),
    ):
        store = DrawingStore(f"sqlite:///{folder}/d")
        for name, situation in SITUATIONS.items():
            right = sum(kept(browser, url, store, situation) for _ in range(rounds))
            total += right
            print(f"{name}: {right} of {rounds * len(FAST)}", flush=True)
        print(f"all: {total} of {rounds * len(FAST) * len(SITUATIONS)}")
        store.close()


if __name__ == "__main__":
    main()
