"""Reads amounts composed of people's drawings, on patterned and ruled paper.

    python -m benchmarks.amounts INK_FILE [--count 500] [--model bn-cnn] [--wrong FILE]

The writers come from the fold that was held out when the shipped line reader was trained. Prints
how many are read exactly, how many with a confidence of 0.9 or more, and how many of those are
right.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from digitrec.datasets.folds import HELD_OUT_FOLD, folds_of
from digitrec.errors import PictureError
from digitrec.numbers.lines.amounts import amount
from digitrec.numbers.lines.examples import on_paper
from digitrec.numbers.lines.writing import PenHand, samples_by_writer, written
from digitrec.numbers.page_reader import read_page
from digitrec.runs.ink_sources import read_ink
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL, load_settings

SURE = 0.9
SEED = 7


def main() -> None:
    """Compose, read and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ink", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--wrong", type=Path)
    options = parser.parse_args()
    drawings = read_ink([options.ink]).drawings
    people = samples_by_writer(d for d in drawings if folds_of([d.writer]) == [HELD_OUT_FOLD])
    recognizer = ModelStore(load_settings().models_dir).load_recognizer(options.model)
    rng = np.random.default_rng(SEED)
    right, sure, wrong = [], [], []
    for _ in range(options.count):
        text, hand = amount(rng), PenHand(people[int(rng.integers(len(people)))], rng)
        picture = Image.fromarray(255 - on_paper(written(text, hand, rng), rng))
        digits = "".join(filter(str.isdecimal, text))
        try:
            numbers = read_page(recognizer, picture).numbers
        except PictureError:
            numbers = ()
        best = max(numbers, key=lambda number: len(number.text), default=None)
        right.append(best is not None and best.text == digits)
        sure.append(best is not None and best.confidence >= SURE)
        if not right[-1]:
            wrong.append(f"{text}\t{[number.text for number in numbers]}")
    if options.wrong:
        options.wrong.write_text("\n".join(wrong))
    print(f"right {np.mean(right):.1%}, sure {np.mean(sure):.1%}, ", end="")
    print(f"right when sure {np.mean(np.array(right)[sure]):.1%}")


if __name__ == "__main__":
    main()
