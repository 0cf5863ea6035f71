"""Reads a hundred synthetic photographs of numbers: time, memory, accuracy.

python -m benchmarks.pictures [--count 100]
"""

import argparse
import io
import time

import numpy as np
import psutil
from PIL import Image

from digitrec.numbers.read_pictures import ReadPicture, read_pictures
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL, SHIPPED_MODELS_DIR
from digitrec.system.memory import release_memory, share_one_heap
from tests.numbers.samples import write

SIZES = ((1200, 900), (1600, 1200), (2000, 1500), (4000, 3000))


def photograph(lines: list[str], size: tuple[int, int], rng: np.random.Generator) -> bytes:
    """Return a JPEG of numbers in a column, unevenly lit, noisy and slightly rotated.

    One in three is on lined paper.
    """
    width, height = size
    row = height // (len(lines) + 1)
    paper = np.full((height, width), 255.0)
    if rng.random() < 1 / 3:
        paper[30 :: max(30, height // 12)] -= 60
    for place, text in enumerate(lines):
        ink = write(text, gap=0.1 * row, height=0.55 * row, pen=max(5, 0.05 * row)).drawn() / 255
        top = 20 + place * row
        ink = ink[: height - top, : width - 60]
        paper[top : top + ink.shape[0], 30 : 30 + ink.shape[1]] *= 1 - ink
    lit = paper * np.linspace(0.5, 1, width) + rng.normal(0, 4, paper.shape)
    picture = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)).convert("RGB")
    turned = picture.rotate(rng.uniform(-3, 3), Image.Resampling.BILINEAR, fillcolor=(170,) * 3)
    file = io.BytesIO()
    turned.save(file, "JPEG", quality=88)
    return file.getvalue()


def chance_number(rng: np.random.Generator) -> str:
    """Return a number of one to five digits."""
    return "".join(map(str, rng.integers(0, 10, rng.integers(1, 6))))


def memory() -> float:
    """Return this process's memory in MB."""
    return psutil.Process().memory_info().rss / 2**20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100)
    arguments = parser.parse_args()

    share_one_heap()
    rng = np.random.default_rng(0)
    truth = [
        [chance_number(rng) for _ in range(rng.integers(1, 4))] for _ in range(arguments.count)
    ]
    files = [
        (f"{place}.jpg", photograph(lines, SIZES[place % len(SIZES)], rng))
        for place, lines in enumerate(truth)
    ]
    recognizer = ModelStore(SHIPPED_MODELS_DIR).load_recognizer(DEFAULT_MODEL)
    before, peak = memory(), 0.0
    began, right = time.perf_counter(), 0
    for lines, found in zip(truth, read_pictures(recognizer, files), strict=True):
        if isinstance(found, ReadPicture):
            right += [number.text for number in found.read] == lines
        peak = max(peak, memory())
    took = time.perf_counter() - began
    release_memory()
    numbers = sum(map(len, truth))
    print(f"{len(files)} photographs of 1 to 12 megapixels, {numbers} numbers: {took:.1f} s")
    print(f"photographs without a mistake: {right}")
    print(f"memory: {before:.0f} MB before, {peak:.0f} MB at most, {memory():.0f} MB afterward")


if __name__ == "__main__":
    main()
