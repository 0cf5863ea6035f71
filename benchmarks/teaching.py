"""Teaches the shipped model the handwriting that it recognizes worst.

    python -m benchmarks.teaching INK_FILE [--writers 5] [--model bn-cnn]

The digits of an ink file are drawn on the canvas at random sizes, with pens of 10 to 22 pixels and
40 to 85 % of the canvas. The writers with the most mistakes (including digits recognized as
non-digits) are chosen. 30 drawings of each are labeled as a person would do it: half of the
mistakes, at most 15, and others. The run itself holds back a fifth of these. The writer's other
drawings and those of all other writers are recognized before and after, to see what was learned and
what was forgotten.

Prints a line for each writer and one for all: the mistakes in the writer's other drawings before
and after, how many of them are gone, the accuracy on MNIST's test set and on the other writers
before and after, and the seconds from the start of the process to its report.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.waiting import wait_for_end
from digitrec.arrays import Mask
from digitrec.datasets.ink_files import load_ink
from digitrec.drawings.accuracy import LabeledDrawings
from digitrec.jobs.start import start_teaching
from digitrec.recognition.ink_evaluation import CanvasInputs, canvas_inputs
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL

LABELED = 30
LEAST_DIGITS = 60


def answers(recognizer: Recognizer, inputs: CanvasInputs) -> npt.NDArray[np.int64]:
    """Return a model's answers to drawings, as labels."""
    return np.array([answer.label for answer in recognizer.recognize_all(*inputs)], np.int64)


def chosen_to_label(of_writer: npt.NDArray[np.int64], wrong: Mask) -> list[int]:
    """Choose the drawings that the writer labels: half of the mistakes, and others."""
    shuffled = np.random.default_rng(0).permutation(of_writer)
    mistakes, others = shuffled[wrong[shuffled]], shuffled[~wrong[shuffled]]
    taken = min((len(mistakes) + 1) // 2, LABELED // 2)
    return sorted([*mistakes[:taken], *others[: LABELED - taken]])


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("ink", type=Path, metavar="INK_FILE")
parser.add_argument("--writers", type=int, default=5)
parser.add_argument("--model", default=DEFAULT_MODEL)
arguments = parser.parse_args()

drawings = load_ink(arguments.ink)
inputs = canvas_inputs(drawings, pen=(10, 22), size=(0.4, 0.85), seed=0)
drawn = inputs.drawn or []
labels = np.array([int(drawing.label) for drawing in drawings])
writers = np.array([drawing.writer for drawing in drawings])
totals = np.zeros(3, int)
with tempfile.TemporaryDirectory() as folder:
    store = ModelStore(Path(folder))
    wrong = answers(store.load_recognizer(arguments.model), inputs) != labels
    names, digits = np.unique(writers, return_counts=True)
    mistakes = np.array([wrong[writers == name].sum() for name in names])
    worst = names[np.argsort(-np.where(digits >= LEAST_DIGITS, mistakes, 0), kind="stable")]
    for number, writer in enumerate(worst[: arguments.writers]):
        labeled = chosen_to_label(np.flatnonzero(writers == writer), wrong)
        given = LabeledDrawings(
            np.array(labeled) + 1,
            inputs.digits[labeled],
            [drawn[i] for i in labeled],
            labels[labeled],
            "",
        )
        began = time.monotonic()
        run = start_teaching(store, given, arguments.model, f"writer-{number}")
        teaching = wait_for_end(run).teaching
        assert teaching is not None
        seconds = time.monotonic() - began
        wrong_after = answers(store.load_recognizer(run.name), inputs) != labels
        rest = np.setdiff1d(np.flatnonzero(writers == writer), labeled)
        before, after = wrong[rest], wrong_after[rest]
        counts = np.array([before.sum(), (before & ~after).sum(), after.sum()])
        totals += counts
        print(
            f"{writer}: of {counts[0]} mistakes in {len(rest)} drawings {counts[1]} gone,", end=" "
        )
        print(f"{counts[2]} after; {seconds:.0f} s")
        print(f"  taught: right of {teaching.taught}: {teaching.taught_right}")
        print(f"  held back: right of {teaching.held_back}: {teaching.held_back_right}")
        print(f"  MNIST: {teaching.test_accuracy}")
        others = [1 - float(w[writers != writer].mean()) for w in (wrong, wrong_after)]
        print(f"  other writers: {others[0]:.4f}, {others[1]:.4f}", flush=True)
print(f"all: of {totals[0]} mistakes {totals[1]} gone, {totals[2]} after")
