"""A day of use in fast motion: drawings are saved, corrected, deleted and downloaded in the app.

    python -m tests.soak.day [--drawings 10000] [--people 4]

Simulated people replay what a browser sent: they draw digits, save each with a label, correct
every second one and undo every fifth. Then everything is downloaded in each format while one more
of them works, and the files and the database must have all that was saved.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
import zipfile
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.people import Person, Recorder, Step
from benchmarks.serving import open_browser, serving
from digitrec.drawings.files.download import FORMATS
from tests.browser.conftest import button, canvas, draw
from tests.support.digits import DIGITS

ROUND = (7, 1, 0, 3, 6)


def record(browser: Browser, url: str) -> list[Step]:
    """Draw, save, correct and undo in a browser; return the recorded steps."""
    page = browser.new_page()
    recorder = Recorder(page)
    recorder.note("open", lambda: (page.goto(f"{url}/draw"), canvas(page)))
    for place, digit in enumerate(ROUND):
        recorder.note("draw", partial(draw, page, DIGITS[digit]))
        recorder.note("save", label(page, digit).click)
        expect(button(page, f"Saved as {digit}")).to_be_disabled()
        if place % 2:
            recorder.note("correct", label(page, (digit + 1) % 10).click)
        if place == len(ROUND) - 1:
            recorder.note("delete", button(page, "Undo save").click)
        recorder.note("clear", page.locator(".st-key-draw_clear button").click)
    page.close()
    return recorder.steps


def label(page: Page, digit: int) -> Locator:
    """Return the button that labels the drawing."""
    return page.locator(f".st-key-draw_label_{digit} button").filter(visible=True)


async def use(url: str, steps: list[Step], rounds: int, people: int) -> None:
    """Replay the steps ``rounds`` times, with ``people`` of them at a time."""
    left = iter(range(rounds))

    async def come() -> None:
        for number in left:
            await Person(url, steps).come(lambda: 0.0)
            if number % 100 == 99:
                print(f"{(number + 1) * len(ROUND):,} drawings", flush=True)

    await asyncio.gather(*(come() for _ in range(people)))


def downloads(browser: Browser, url: str, folder: Path) -> dict[str, Path]:
    """Download all drawings from the history in each format; return the files."""
    page = browser.new_page()
    page.goto(f"{url}/history")
    button(page, "Download").click()
    files = {name: folder / name for name in FORMATS}
    for name, file in files.items():
        with page.expect_download() as waiting:
            page.locator(f".st-key-history_download_{name} a").click()
        waiting.value.save_as(file)
    page.close()
    return files


def counts(files: dict[str, Path]) -> dict[str, int]:
    """Return how many drawings the file of each format has."""
    with zipfile.ZipFile(files["zip"]) as archive:
        assert archive.testzip() is None
        pictures = sum(name.endswith(".png") for name in archive.namelist())
    with zipfile.ZipFile(files["idx"]) as archive:
        labels = next(name for name in archive.namelist() if "labels" in name)
        idx = int.from_bytes(archive.read(labels)[4:8], "big")
    with np.load(files["npz"]) as arrays:
        npz = len(arrays["y_train"])
    lines = {name: len(files[name].read_bytes().splitlines()) for name in ("csv", "jsonl")}
    return {
        "zip": pictures,
        "idx": idx,
        "npz": npz,
        "csv": lines["csv"] - 1,
        "jsonl": lines["jsonl"],
    }


def check_database(file: Path, rounds: int) -> None:
    """Check the database's integrity, and that it has what was saved, corrected and deleted."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = Counter(database.execute("SELECT label, deleted_at IS NULL FROM drawings"))
        (whole,) = database.execute(
            "SELECT count(*) FROM contents WHERE length(input) = 784 AND length(picture) > 100 "
            "AND json_array_length(strokes) > 0 AND json_array_length(probabilities) = 10"
        ).fetchone()
    expected = {
        ((digit + 1) % 10 if place % 2 else digit, int(place < len(ROUND) - 1)): rounds
        for place, digit in enumerate(ROUND)
    }
    assert found == expected, f"expected {expected}, found {found}"
    assert whole == rounds * len(ROUND)


def main() -> None:
    """Use the app, and check the result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--drawings", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=4)
    arguments = parser.parse_args()
    rounds = arguments.drawings // len(ROUND)
    with tempfile.TemporaryDirectory() as folder:
        with serving(folder) as (url, app):
            with open_browser() as browser:
                steps = record(browser, url)
            began = time.perf_counter()
            asyncio.run(use(url, steps, rounds - 1, arguments.people))
            took = time.perf_counter() - began
            with open_browser() as browser:
                files = downloads(browser, url, Path(folder))
            memory = app.memory_info().rss / 2**20
        check_database(Path(folder) / "d", rounds)
        there = rounds * (len(ROUND) - 1)
        assert set(counts(files).values()) == {there}, f"expected {there:,}: {counts(files)}"
    print(
        f"{rounds * len(ROUND):,} drawings saved, {rounds * (len(ROUND) // 2):,} corrected, "
        f"{rounds:,} deleted in {took:.0f} s; {there:,} in each of {len(files)} downloads; "
        f"the app's memory at the end: {memory:.0f} MB"
    )


if __name__ == "__main__":
    main()
