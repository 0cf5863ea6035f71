"""Holds the drawing page against the least that a page can be: start, answers, memory.

    python -m benchmarks.app [--strokes 20] [--pairs 3]

Starts the app and ``benchmarks/bare_page.py`` in turns, opens each in a real browser, and draws.
Prints each pair's results and their ratios, the app's over the bare page's, then the medians of the
ratios. The canvas package reports a stroke 200 ms after the pen lifts; the app's own pen at once.
"""

import argparse
import io
import statistics
import tempfile
import time
from dataclasses import astuple, dataclass, fields

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.serving import APP, open_browser, start
from digitrec.ink.sketch import Sketch
from digitrec.ink.stroke_json import from_json, to_json
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL, SHIPPED_MODELS_DIR
from digitrec.ui.charts.images import enlarged
from tests.browser.conftest import free_port, wait_for_health
from tests.support.digits import DIGITS, strokes_of

BARE = "benchmarks/bare_page.py"
CANVAS = "canvas.upper-canvas"
# As long as a hand takes from one stroke to the next.
PAUSE_MS = 600


@dataclass(frozen=True)
class Measurements:
    """What was measured of one start.

    Attributes:
        command_to_canvas_s: Seconds from the command to a canvas that one can draw on.
        first_answer_ms: Milliseconds from the end of the first stroke to what is shown of it.
        stroke_to_answer_ms: The median of the same for the strokes after it.
        memory_mb: What the server's process holds after them, in MiB.
    """

    command_to_canvas_s: float
    first_answer_ms: float
    stroke_to_answer_ms: float
    memory_mb: float


def measured(browser: Browser, script: str, strokes: int) -> Measurements:
    """Start a page's server, draw, and stop it."""
    port, page = free_port(), browser.new_page(viewport={"width": 1280, "height": 1000})
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        server = start(port, folder, script)
        try:
            wait_for_health(f"http://127.0.0.1:{port}", 0.01)
            page.goto(f"http://127.0.0.1:{port}", wait_until="commit")
            page.locator(CANVAS).wait_for()
            to_canvas = time.perf_counter() - began
            first, *others = stroke_to_answer(page, strokes)
            memory = psutil.Process(server.pid).memory_info().rss / 2**20
            return Measurements(to_canvas, first, statistics.median(others), memory)
        finally:
            page.close()
            server.terminate()
            server.wait()


# Notes, inside the page, when the pen is lifted and when another picture of what the network was
# given is next there: it changes with every stroke, which the digit need not.
WATCH = """() => {
    const is_watched = "answers" in window
    window.answers = []
    if (is_watched) return
    let lifted = 0, before = ""
    const shown = () =>
        [...document.querySelectorAll("[data-testid=stImage] img")].map(one => one.src).join()
    addEventListener("mouseup", () => { lifted = performance.now(); before = shown() }, true)
    new MutationObserver(() => {
        if (lifted && shown() !== before) {
            window.answers.push(performance.now() - lifted)
            lifted = 0
        }
    }).observe(document.body, { subtree: true, childList: true, attributes: true })
}"""


def stroke_to_answer(page: Page, strokes: int) -> list[float]:
    """Return the milliseconds from the end of each stroke to the changed answer."""
    page.evaluate(WATCH)
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    for number in range(strokes):
        x, y = box["x"] + 40 + 10 * (number % 20), box["y"] + 40
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 12, y + 90 + 5 * number, steps=6)
        page.mouse.up()
        page.wait_for_function(f"window.answers.length > {number}")
        page.wait_for_timeout(PAUSE_MS)
    return page.evaluate("window.answers")


def server_work() -> list[float]:
    """Return the milliseconds the server works on a stroke, for each digit three times.

    This covers everything from the pen's report to the picture that is sent back.
    """
    recognizer = ModelStore(SHIPPED_MODELS_DIR).load_recognizer(DEFAULT_MODEL)
    times = []
    for digit in [*DIGITS] * 3:
        reported = to_json(strokes_of(DIGITS[digit]))
        began = time.perf_counter()
        steps = Sketch(from_json(reported), 280, 280).steps
        assert steps is not None
        recognizer.recognize(steps.digit_input)
        enlarged(steps.digit_input, 4).save(io.BytesIO(), "PNG")
        times.append(1000 * (time.perf_counter() - began))
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--strokes", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()

    work = server_work()
    print(f"server's work for a stroke: median {statistics.median(work):.1f} ms of {len(work)}")
    ratios: dict[str, list[float]] = {field.name: [] for field in fields(Measurements)}
    with open_browser() as browser:
        for number in range(1, arguments.pairs + 1):
            bare, app = (measured(browser, one, arguments.strokes) for one in (BARE, APP))
            for name, least, ours in zip(ratios, astuple(bare), astuple(app), strict=True):
                ratios[name].append(ours / least)
                print(
                    f"pair {number}, {name}: bare {least:.2f}, app {ours:.2f}, "
                    f"ratio {ours / least:.2f}",
                    flush=True,
                )
    for name, found in ratios.items():
        print(f"{name}: median ratio {statistics.median(found):.2f}")


if __name__ == "__main__":
    main()
