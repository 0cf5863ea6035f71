"""Measures the history with many drawings.

    python -m benchmarks.history [--drawings 100000] [--visits 5]

Fills a database with drawings, half of them labeled. Prints how long saving, each filter and each
order take in the store, how long the page takes in a browser from the click to the pictures, and
how much more memory the app takes than with thirty drawings.
"""

import argparse
import io
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import numpy as np
import psutil
from PIL import Image

from benchmarks.serving import open_browser, start
from digitrec.drawings.new_drawing import NewDrawing
from digitrec.drawings.selection import Order, Selection, Verdict
from digitrec.drawings.store import DrawingStore
from digitrec.ink.pen import render
from digitrec.ink.strokes import drawn_with
from digitrec.recognition.recognition import Recognition
from tests.browser.conftest import free_port, wait_for_health
from tests.support.digits import DIGITS
from tests.support.drawings import NamedModel

BEGIN = datetime(2025, 1, 1)
FILTERS = {
    "no filter": Selection(),
    "an answer": Selection(answers=(3,)),
    "two labels": Selection(labels=(4, 10)),
    "right": Selection(verdict=Verdict.RIGHT),
    "wrong": Selection(verdict=Verdict.WRONG),
    "not labeled": Selection(verdict=Verdict.UNLABELED),
    "a confidence": Selection(confidence=(0.5, 0.7)),
    "a model": Selection(models=("m1",)),
    "a month": Selection(since=BEGIN + timedelta(days=30), until=BEGIN + timedelta(days=60)),
    "a source": Selection(sources=("upload",)),
    "a note": Selection(text="hat"),
    "the trash": Selection(in_trash=True),
}


def make(rng: np.random.Generator, number: int) -> NewDrawing:
    """Return a drawing with strokes and a picture, as the canvas makes them."""
    digit = number % 10
    path = [
        np.array(stroke, float) + rng.normal(0, 2, (len(stroke), 2)) for stroke in DIGITS[digit]
    ]
    strokes = drawn_with(16.0, [points.round(2) for points in path])
    file = io.BytesIO()
    Image.fromarray(255 - render(strokes, 280)).convert("RGBA").save(file, "PNG")
    confidence = float(1 - 0.6 * rng.random() ** 3)
    wrong = rng.random() < 0.05
    return NewDrawing(
        picture=file.getvalue(),
        digit_input=rng.integers(0, 256, (28, 28), dtype=np.uint8),
        recognition=Recognition(digit, confidence, (0.1,) * 10, rng.random() < 0.98, 0.9),
        model=NamedModel(f"m{number % 5}"),
        strokes=strokes,
        source=("canvas", "upload")[number % 7 == 0],
        label=None if rng.random() < 0.5 else (digit + wrong) % 10,
        note="with a hat" if number % 50 == 0 else "",
        created_at=BEGIN + timedelta(minutes=5 * number),
    )


def fill(store: DrawingStore, count: int) -> None:
    """Save drawings, a thousand at a time, with at most a thousand different ones."""
    rng = np.random.default_rng(0)
    made = [make(rng, number) for number in range(min(count, 1000))]
    for saved in range(0, count, 1000):
        store.save_all(made[: count - saved])


def page_of(store: DrawingStore, selection: Selection, order: Order = Order.NEWEST) -> None:
    """Query the store as the gallery does for a page."""
    store.count(selection)
    store.find(selection, order, 24)


def milliseconds(action: Callable[[], object], visits: int) -> str:
    """Return the median and the longest time of some calls, in words."""
    times = []
    for _ in range(visits):
        began = time.perf_counter()
        action()
        times.append((time.perf_counter() - began) * 1000)
    return f"median {statistics.median(times):6.1f} ms, longest {max(times):6.1f} ms"


def measure_store(store: DrawingStore, visits: int) -> None:
    """Print how long saving, each filter and each order take."""
    one = make(np.random.default_rng(1), 7)
    print(f"saving one:        {milliseconds(lambda: store.save(one), 50)}")
    for name, selection in FILTERS.items():
        took = milliseconds(partial(page_of, store, selection), visits)
        print(f"{name + ':':18} {took}")
    for order in Order:
        took = milliseconds(partial(page_of, store, Selection(), order), visits)
        print(f"{order + ':':18} {took}")


def measure_page(folder: str) -> float:
    """Visit the history of a folder's database in a browser; return the app's memory in MiB."""
    port = free_port()
    server = start(port, folder)
    try:
        wait_for_health(f"http://127.0.0.1:{port}")
        with open_browser() as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}")
            page.locator(".st-key-draw_canvas").wait_for()
            heading = page.get_by_text(re.compile(r"\d+ drawings?"))
            began = time.perf_counter()
            page.get_by_role("link", name="History", exact=True).click()
            heading.wait_for()
            page.locator(".st-key-history_gallery img").first.wait_for()
            print(f"  the first page:  {(time.perf_counter() - began) * 1000:.0f} ms")
            page.get_by_role("button", name="Filter").click()
            before, began = heading.inner_text(), time.perf_counter()
            page.get_by_role("radio", name="not labeled").click()
            heading.filter(has_not_text=before).wait_for()
            print(f"  a filter chosen: {(time.perf_counter() - began) * 1000:.0f} ms")
        return psutil.Process(server.pid).memory_info().rss / 2**20
    finally:
        server.terminate()
        server.wait()


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--drawings", type=int, default=100_000)
parser.add_argument("--visits", type=int, default=5)
arguments = parser.parse_args()

memory = []
for count in (30, arguments.drawings):
    with tempfile.TemporaryDirectory() as folder:
        store = DrawingStore(f"sqlite:///{folder}/d")
        fill(store, count)
        print(f"{store.count().all:,} drawings")
        if count == arguments.drawings:
            store.delete(store.numbers(limit=100))
            measure_store(store, arguments.visits)
        store.close()
        memory.append(measure_page(folder))
print(f"the app's memory: {memory[0]:.0f} MiB, with all drawings {memory[1] - memory[0]:+.0f} MiB")
