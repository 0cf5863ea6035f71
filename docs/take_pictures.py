"""Takes the pictures of the app that the README shows, with data of their own: some five minutes.

python -m docs.take_pictures [NAME …]
"""

import argparse
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.pictures import photograph
from benchmarks.serving import environment, open_browser, start
from digitrec.numbers.lines.examples import on_paper
from digitrec.numbers.lines.writing import PenHand
from digitrec.numbers.lines.writing import written as line_of
from digitrec.settings import PROJECT_DIR
from digitrec.synthetic.digits import draw_digit
from digitrec.synthetic.handwriting import vary
from tests.browser.conftest import (
    button,
    canvas,
    draw,
    free_port,
    go_to,
    wait_for_health,
)
from tests.support.digits import DIGITS

IMAGES = PROJECT_DIR / "docs" / "images"
FRAME_MS, ANIMATION_SIZE = 200, (800, 500)
Points = list[tuple[float, float]]


def written(text: str, height: float, rng: np.random.Generator) -> list[Points]:
    """Return the strokes of a number as a made-up hand writes it, on the wide canvas."""
    strokes: list[Points] = []
    left = 50.0
    for character in text:
        digit = vary(draw_digit(int(character), rng), rng)
        points = np.concatenate(digit)
        scale = height / np.ptp(points, axis=0).max()
        corner = points.min(axis=0)
        placed = [(stroke - corner) * scale + [left, 60] for stroke in digit]
        strokes += [[(float(x), float(y)) for x, y in stroke] for stroke in placed]
        left = max(x for stroke in strokes for x, _ in stroke) + 24
    return strokes


def _draw(page: Page) -> None:
    draw(page, DIGITS[2])
    page.locator(".st-key-draw_digit").wait_for()
    for card in ("Most similar", "Replay", "Why this answer"):
        button(page, card).click()
    page.locator(".st-key-draw_near_pictures img").last.wait_for()
    page.wait_for_timeout(1000)  # Each card scrolls into view.
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 0)")


def _number(page: Page) -> None:
    page.get_by_role("radio", name="A number").click()
    page.get_by_text("Write a number").wait_for()
    draw(page, written("2026", 110, np.random.default_rng(1)), "number", 640)
    page.locator(".st-key-number_text").wait_for()


def _pictures(page: Page) -> None:
    rng = np.random.default_rng(4)
    sheets = [(["2026", "731"], (1200, 900)), (["58", "9046"], (1600, 1200))]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"page-{number}.jpg" for number in (1, 2)]
        for file, (lines, size) in zip(files, sheets, strict=True):
            file.write_bytes(photograph(lines, size, rng))
        files.insert(0, Path(folder) / "amount.png")
        _amount("48.250.-", rng).save(files[0])
        page.locator("input[type=file]").set_input_files(files)
        page.get_by_text("3 pictures, 5 numbers").wait_for()


def _amount(text: str, rng: np.random.Generator) -> Image.Image:
    """Return an amount on patterned paper, in a made-up hand."""
    line = Image.fromarray(255 - on_paper(line_of(text, PenHand({}, rng), rng), rng))
    return line.resize((4 * line.width, 4 * line.height), Image.Resampling.BICUBIC)


def _history(page: Page) -> None:
    page.get_by_role("link", name="Draw", exact=True).click()
    for digit in (2, 6, 8, 0, 9, 3, 5, 4):
        draw(page, DIGITS[digit])
        page.locator(".st-key-draw_digit").get_by_text(str(digit)).wait_for()
        page.keyboard.press(str(digit) if digit % 3 else "Enter")
        page.locator(".st-key-draw_save button:disabled").wait_for()
    page.get_by_role("link", name="History", exact=True).click()
    page.locator(".st-key-history_gallery img").nth(7).wait_for()


def _train(page: Page) -> None:
    page.locator(".st-key-train_epochs").get_by_role("slider").press("ArrowLeft")
    button(page, "Start training").click()
    page.get_by_text("Epoch 3 of 4").wait_for(timeout=600_000)
    page.wait_for_timeout(6000)


def _report(page: Page) -> None:
    page.get_by_text("Test accuracy").wait_for(timeout=120_000)


def _inside(page: Page) -> None:
    page.get_by_text("Convolution 1").wait_for(timeout=60_000)


def _models(page: Page) -> None:
    table = page.locator(".stDataFrame canvas").first
    table.wait_for()
    page.wait_for_timeout(2000)
    box = table.bounding_box()
    assert box is not None
    for row in (1, 2):
        page.mouse.click(box["x"] + 16, box["y"] + 18 + 35 * row)
        page.wait_for_timeout(1500)
    page.get_by_role("heading", name="Settings").wait_for()


def _animate(page: Page) -> None:
    """Draw, label with a key, draw the next one and open Teach, a picture at each step."""
    frames: list[Image.Image] = []

    def take(times: int = 1) -> None:
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        frames.extend([picture.resize(ANIMATION_SIZE, Image.Resampling.LANCZOS)] * times)

    box = canvas(page).bounding_box()
    assert box is not None
    scale = box["width"] / 280
    for digit in (7, 4):
        for stroke in DIGITS[digit]:
            first, *rest = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in stroke]
            page.mouse.move(*first)
            page.mouse.down()
            for place in rest:
                page.mouse.move(*place, steps=3)
                take()
            page.mouse.up()
            page.wait_for_timeout(700)
            take(3)
        page.keyboard.press(str(digit))
        page.locator(".st-key-draw_save button:disabled").wait_for()
        page.wait_for_timeout(300)
        take(6)
    go_to(page, "Teach")
    page.wait_for_timeout(2000)
    take(10)
    colors = [frame.quantize(128, dither=Image.Dither.NONE) for frame in frames]
    colors[0].save(
        IMAGES / "digitrec.gif", save_all=True, append_images=colors[1:], loop=0,
        duration=FRAME_MS, optimize=True,
    )  # fmt: skip


TAKE: dict[str, tuple[Callable[[Page], None], str, int]] = {
    "digitrec": (_animate, "draw", 800),
    "draw": (_draw, "draw", 1400),
    "number": (_number, "draw", 640),
    "pictures": (_pictures, "pictures", 1000),
    "history": (_history, "", 760),
    "train": (_train, "train", 960),
    "report": (_report, "report?report_model=less-dropout&report_label=5&report_answer=3", 860),
    "inside": (_inside, "inside", 900),
    "models": (_models, "models", 1000),
}


def train(folder: str, name: str, *options: str) -> None:
    """Train a network for the pictures of the report and of the models."""
    command = [sys.executable, "-m", "digitrec", "train", "--name", name, *options]
    subprocess.run(command, cwd=PROJECT_DIR, env=environment(folder), check=True)


def take_picture(browser: Browser, url: str, name: str) -> None:
    """Take one of the pictures."""
    take, place, height = TAKE[name]
    page = browser.new_page(viewport={"width": 1280, "height": height})
    page.goto(f"{url}/{place}")
    page.get_by_role("heading", level=2).first.wait_for()
    take(page)
    page.mouse.move(1279, 0)
    page.wait_for_timeout(1500)
    if name != "digitrec":  # The animation is written already.
        page.screenshot(path=IMAGES / f"{name}.png")
    page.close()


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("names", nargs="*", choices=[*TAKE, []], metavar="NAME", help="default: all")
names = parser.parse_args().names or [*TAKE]

with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
    if {"report", "models"} & {*names}:
        train(folder, "quick", "--epochs", "2", "--schedule", "one-cycle")
        train(folder, "less-dropout", "--epochs", "5", "--dropout", "0.1")
    port = free_port()
    server = start(port, folder)
    try:
        wait_for_health(f"http://127.0.0.1:{port}")
        for name in names:
            take_picture(browser, f"http://127.0.0.1:{port}", name)
    finally:
        server.terminate()
        server.wait()
