"""Measures the app in a real browser: start, answers, memory.

python -m benchmarks.app [--strokes 20] [--starts 5]
"""

import argparse
import statistics
import tempfile
import time

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.serving import open_browser, start
from tests.browser.conftest import canvas, free_port, wait_for_health

CANVAS = ".st-key-draw_canvas canvas.upper-canvas"


def command_to_canvas(browser: Browser, folder: str) -> float:
    """Return the seconds from the command to a canvas that one can draw on."""
    port, page = free_port(), browser.new_page()
    began = time.perf_counter()
    server = start(port, folder)
    try:
        wait_for_health(f"http://127.0.0.1:{port}", 0.01)
        page.goto(f"http://127.0.0.1:{port}", wait_until="commit")
        page.locator(CANVAS).wait_for()
        return time.perf_counter() - began
    finally:
        page.close()
        server.terminate()
        server.wait()


# Notes, inside the page, when the pen is lifted and when the answer next changes.
WATCH = """() => {
    window.answers = []
    let lifted = 0, before = ""
    const text = () => document.querySelector(".st-key-draw_probabilities, .stMain").innerText
        + (document.querySelector(".stMain img")?.src ?? "")
    addEventListener("mouseup", () => { lifted = performance.now(); before = text() }, true)
    new MutationObserver(() => {
        if (lifted && text() !== before) {
            window.answers.push(performance.now() - lifted)
            lifted = 0
        }
    }).observe(document.querySelector(".stMain"), {
        subtree: true, childList: true, characterData: true, attributes: true })
}"""


def stroke_to_answer(page: Page, strokes: int) -> list[float]:
    """Return the milliseconds from the end of each stroke to the changed answer."""
    page.evaluate(WATCH)
    box = canvas(page).bounding_box()
    assert box is not None
    for number in range(strokes):
        x, y = box["x"] + 40 + 10 * (number % 20), box["y"] + 40
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 12, y + 90 + 5 * number, steps=6)
        page.mouse.up()
        page.wait_for_function(f"window.answers.length > {number}")
        page.wait_for_timeout(400)
    return page.evaluate("window.answers")


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--strokes", type=int, default=20)
parser.add_argument("--starts", type=int, default=5)
arguments = parser.parse_args()

with open_browser() as browser, tempfile.TemporaryDirectory() as folder:
    starts = [command_to_canvas(browser, folder) for _ in range(arguments.starts)]
    print(f"command to canvas: median {statistics.median(starts):.2f} s of {len(starts)}")
    port = free_port()
    server = start(port, folder)
    wait_for_health(f"http://127.0.0.1:{port}", 0.1)
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{port}")
    times = stroke_to_answer(page, arguments.strokes)
    memory = psutil.Process(server.pid).memory_info().rss / 2**20
    print(f"stroke to answer: median {statistics.median(times):.0f} ms of {len(times)}")
    print(f"memory of the app process: {memory:.0f} MB")
    server.terminate()
