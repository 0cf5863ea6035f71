"""Measures the app with a class: many people draw at the same time while a network trains.

    python -m benchmarks.classroom [--people 20] [--seconds 60] [--digits 3]

All but one replay what a browser sent, see ``benchmarks.people``. One is a real browser, which
measures the wait for an answer as ``benchmarks.app`` does. There are some seconds between strokes.
Prints how long the answers took, and the run's pace with and without the class.
"""

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.app import stroke_to_answer
from benchmarks.people import Person, Recorder, Step
from benchmarks.serving import environment, open_browser, serving
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR
from tests.browser.conftest import canvas, draw
from tests.support.digits import DIGITS

# A person takes about three seconds to draw a stroke and read the answer. Less is harder.
THOUGHT_S = (1.0, 3.0)
ALONE_S = 20.0


def record(browser: Browser, url: str, digits: int) -> list[Step]:
    """Draw, save and clear digits in a browser; return the recorded steps."""
    page = browser.new_page()
    recorder = Recorder(page)
    recorder.note("open", lambda: (page.goto(f"{url}/draw"), canvas(page)))
    for digit in random.Random(0).sample(range(10), digits):
        for stroke in DIGITS[digit]:
            recorder.note("stroke", partial(draw, page, [stroke]))
        recorder.note("save", page.locator(".st-key-draw_save button").first.click)
        recorder.note("clear", page.locator(".st-key-draw_clear button").click)
    page.close()
    return recorder.steps


def train(folder: str) -> Run:
    """Start a long run as the app does, and return it once it trains steadily."""
    script = (
        "from digitrec.jobs.start import start_run; from digitrec.ui.resources import model_store;"
        "from digitrec.recipes.parameters import TrainingConfig;"
        "start_run(model_store(), TrainingConfig(epochs=200), 'long')"
    )
    subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_DIR, env=environment(folder), check=True
    )
    run = Run(Path(folder) / "long")
    while (progress := read_progress(run.events())) is None or progress.epoch < 2:
        time.sleep(0.5)
    return run


def pace(run: Run, since: float, until: float) -> float:
    """Return a run's epochs per second between two times, in seconds since the epoch."""
    progress = read_progress(run.events())
    assert progress is not None
    steps = [step for step in progress.steps if since <= step.time <= until]
    done = progress.epochs_at(steps[-1]) - progress.epochs_at(steps[0])
    return done / (steps[-1].time - steps[0].time)


async def visit(url: str, steps: list[Step], people: int, until: float) -> list[Person]:
    """Replay the steps for many people, again and again, until a time of ``time.monotonic``."""
    came: list[Person] = []

    async def come(seed: int) -> None:
        chance = random.Random(seed)
        await asyncio.sleep(chance.uniform(0, THOUGHT_S[1]))
        while time.monotonic() < until:
            came.append(Person(url, steps))
            await came[-1].come(lambda: chance.uniform(*THOUGHT_S))

    await asyncio.gather(*(come(seed) for seed in range(people)))
    return came


def in_browser(url: str, seconds: float) -> list[float]:
    """Draw strokes in a browser for some seconds; return the seconds to each answer."""
    found: list[float] = []
    with open_browser() as browser:
        page: Page = browser.new_page()
        page.goto(f"{url}/draw")
        canvas(page).wait_for()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found += [milliseconds / 1000 for milliseconds in stroke_to_answer(page, 5)]
            page.locator(".st-key-draw_clear button").click()
            page.wait_for_timeout(1000)
    return found


def report(name: str, seconds: list[float]) -> None:
    """Print the statistics of one kind of step."""
    ordered = sorted(seconds)
    worst = ordered[int(0.95 * len(ordered))]
    print(
        f"{name}: median {statistics.median(ordered):.3f} s, 95% within {worst:.3f} s, "
        f"longest {ordered[-1]:.3f} s ({len(ordered)})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--digits", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(folder) as (url, _):
        measure(folder, url, arguments)


def measure(folder: str, url: str, arguments: argparse.Namespace) -> None:
    """Measure an app that is already running, with its data in a folder."""
    with open_browser() as browser:
        steps = record(browser, url, arguments.digits)
    run = train(folder)
    try:
        time.sleep(ALONE_S)
        began = time.time()
        alone = pace(run, began - ALONE_S, began)
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            tab = pool.submit(in_browser, url, arguments.seconds)
            until = time.monotonic() + arguments.seconds
            came = asyncio.run(visit(url, steps, arguments.people - 1, until))
            beside = pace(run, began, time.time())
            seen = tab.result()
    finally:
        run.request_stop()
    waited: dict[str, list[float]] = {}
    for person in came:
        for wait in person.waited:
            waited.setdefault(wait.name, []).append(wait.seconds)
    for name, seconds in waited.items():
        report(name, seconds)
    report("stroke in the browser", seen)
    print(f"training: {alone:.4f} epochs/s alone, {beside:.4f} with them, {beside / alone:.0%}")


if __name__ == "__main__":
    main()
