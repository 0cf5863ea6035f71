"""Measures one recognition as the drawing page does it, from the canvas's PNG to the answer.

python -m benchmarks.recognition [--rounds 50]
"""

import argparse
import io
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial

from digitrec.arrays import Digit
from digitrec.ink.preprocessing import open_picture, preprocess_drawing
from digitrec.ink.strokes import Strokes
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.settings import SHIPPED_MODELS_DIR
from tests.support.digits import DIGITS, draw_digit, strokes_of


def canvas_png(digit: int) -> bytes:
    """Return a digit as the canvas's PNG."""
    file = io.BytesIO()
    draw_digit(digit).convert("RGBA").save(file, "PNG")
    return file.getvalue()


def median_ms(work: Callable[[int], object], rounds: int) -> float:
    """Return the median milliseconds ``work`` takes for a digit."""
    durations = []
    for digit in [*DIGITS] * rounds:
        began = time.perf_counter()
        work(digit)
        durations.append(time.perf_counter() - began)
    return statistics.median(durations) * 1000


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    pictures = {digit: canvas_png(digit) for digit in DIGITS}
    strokes = {digit: strokes_of(lines) for digit, lines in DIGITS.items()}

    def by_strokes(digit: int) -> Digit:
        return preprocess_drawing(open_picture(pictures[digit]), strokes[digit])

    def by_picture(digit: int) -> Digit:
        return preprocess_drawing(open_picture(pictures[digit]), ())

    print(f"preprocessing, strokes known: {median_ms(by_strokes, rounds):.2f} ms")
    print(f"preprocessing, picture only:  {median_ms(by_picture, rounds):.2f} ms")
    store = ModelStore(SHIPPED_MODELS_DIR)
    for run in store.models():
        recognizer = store.load_recognizer(run.name)
        ways = {
            "": partial(_recognize, recognizer, by_strokes, {}),
            ", with its strokes": partial(_recognize, recognizer, by_strokes, strokes),
        }
        for name, work in ways.items():
            print(f"{run.name}, with preprocessing{name}: {median_ms(work, rounds):.2f} ms")


def _recognize(
    recognizer: Recognizer,
    preprocess: Callable[[int], Digit],
    strokes: Mapping[int, Strokes],
    digit: int,
) -> Recognition:
    return recognizer.recognize(preprocess(digit), strokes.get(digit, ()))


if __name__ == "__main__":
    main()
