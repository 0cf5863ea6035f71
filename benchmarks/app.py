"""Measures the app in a real browser: start, answers, memory.

python -m benchmarks.app [--strokes 30] [--starts 5]
"""

import argparse
import io
import statistics
import tempfile
import time

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.serving import open_browser, start
from digitrec.ink.sketch import Sketch
from digitrec.ink.stroke_json import from_json, to_json
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL, SHIPPED_MODELS_DIR
from digitrec.ui.images import enlarged
from tests.browser.conftest import canvas, free_port, wait_for_health
from tests.support.digits import DIGITS, strokes_of

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


def first_answer(browser: Browser, folder: str) -> float:
    """Return the milliseconds from the first stroke after a fresh start to its answer."""
    port = free_port()
    server = start(port, folder)
    page = browser.new_page()
    try:
        wait_for_health(f"http://127.0.0.1:{port}", 0.01)
        page.goto(f"http://127.0.0.1:{port}")
        page.locator(CANVAS).wait_for()
        (milliseconds,) = stroke_to_answer(page, 1)
        return milliseconds
    finally:
        page.close()
        server.terminate()
        server.wait()


def server_work() -> list[float]:
    """Return the milliseconds of the server's own work for a stroke, of each digit three times.

    That is all between the pen's report and the picture that is sent back.
    """
    recognizer = ModelStore(SHIPPED_MODELS_DIR).load_recognizer(DEFAULT_MODEL)
    times = []
    for digit in [*DIGITS] * 3:
        strokes = to_json(strokes_of(DIGITS[digit]))
        began = time.perf_counter()
        steps = Sketch(from_json(strokes), 280, 280).steps
        assert steps is not None
        recognizer.recognize(steps.digit_input)
        enlarged(steps.digit_input, 4).save(io.BytesIO(), "PNG")
        times.append(1000 * (time.perf_counter() - began))
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--strokes", type=int, default=30)
    parser.add_argument("--starts", type=int, default=5)
    arguments = parser.parse_args()

    work = server_work()
    print(f"server's work for a stroke: median {statistics.median(work):.1f} ms of {len(work)}")
    with open_browser() as browser, tempfile.TemporaryDirectory() as folder:
        starts = [command_to_canvas(browser, folder) for _ in range(arguments.starts)]
        print(f"command to canvas: median {statistics.median(starts):.2f} s of {len(starts)}")
        firsts = [first_answer(browser, folder) for _ in range(arguments.starts)]
        print(f"first stroke to answer: median {statistics.median(firsts):.0f} ms of {len(firsts)}")
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


if __name__ == "__main__":
    main()
