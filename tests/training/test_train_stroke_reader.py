from typing import Any

import numpy as np
import pytest

from digitrec.datasets import folds as writers_folds
from digitrec.datasets.ink_files import InkDrawing
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.recognition.vote import Vote
from digitrec.runs.ink_sources import LearnedInk
from digitrec.runs.model_store import ModelStore
from digitrec.runs.results import InkSource
from digitrec.runs.run import Run
from digitrec.synthetic.digits import draw_digit
from digitrec.training import train_stroke_reader as module
from digitrec.training.strokes import examples, fit
from digitrec.training.train_stroke_reader import train_stroke_reader

WRITERS = ("ann", "ben", "cleo", "dan", "eve", "flo", "gus", "hal")


@pytest.fixture
def run(store: ModelStore) -> Run:
    return store.create_run(TrainingConfig(), "strokes")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train for two epochs on few drawings."""
    for name, count in (
        ("STYLED", 200), ("STYLED_PER_EPOCH", 200), ("NON_DIGITS", 60), ("PAIRS", 40),
        ("NON_DIGITS_PER_EPOCH", 60), ("LEAST_INK", 60),
    ):  # fmt: skip
        monkeypatch.setattr(examples, name, count)
    monkeypatch.setattr(fit, "EPOCHS", 2)
    for place in (writers_folds, module):
        monkeypatch.setattr(place, "FOLDS", 2)


def learned(writers: tuple[str, ...]) -> LearnedInk:
    rng = np.random.default_rng(3)
    drawings = [
        InkDrawing(writer, str(digit), draw_digit(digit, rng))
        for writer in writers
        for digit in range(10)
    ]
    return LearnedInk(drawings, [InkSource("ours.jsonl", len(drawings), 0, len(writers), "ab")])


def trained_on(run: Run, store: ModelStore, writers: tuple[str, ...]) -> dict[str, Any]:
    told: list[float] = []
    recognizer = store.load_recognizer("seed-cnn")
    results = train_stroke_reader(run, recognizer, learned(writers), 0, told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    return results


@pytest.mark.usefixtures("few")
def test_it_is_judged_by_writers_whom_it_did_not_see(store: ModelStore, run: Run) -> None:
    def killed_after_the_folds(done: float) -> None:
        if done > 2 / 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_stroke_reader(
            run, store.load_recognizer("seed-cnn"), learned(WRITERS), 0, killed_after_the_folds
        )
    kept = sorted(run.path.glob("strokes_fold-*.npy"))
    assert len(kept) == 2
    times = [path.stat().st_mtime_ns for path in kept]
    results = trained_on(run, store, WRITERS)
    assert [path.stat().st_mtime_ns for path in kept] == times
    held_out = results["held_out"]
    assert (held_out["digits"], held_out["writers"]) == (80, 8)
    assert held_out["together"] >= held_out["by_shape"] - 0.05
    assert results["sources"][0]["name"] == "ours.jsonl"
    reader = StrokeReader(run.next_path(run.strokes_tflite_path).read_bytes(), "ours")
    assert reader.version == results["sha256"]
    outputs = reader.outputs([draw_digit(digit, np.random.default_rng(0)) for digit in range(3)])
    assert outputs.sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-4)
    run.remove_resume_files()
    assert not list(run.path.glob("strokes_fold-*"))


@pytest.mark.usefixtures("few")
def test_one_writer_is_enough_but_cannot_be_measured(store: ModelStore, run: Run) -> None:
    told: list[float] = []
    recognizer = store.load_recognizer("seed-cnn")
    results = train_stroke_reader(run, recognizer, learned(("me",)), 0, told.append)
    assert results["held_out"] is None
    assert told == [0.5, 1]


@pytest.mark.usefixtures("few")
def test_the_vote_is_decided_by_writers_whom_neither_network_knows(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(ink=("ours.jsonl",)), "both")
    results = trained_on(run, store, WRITERS)
    unseen = [WRITERS[row] for row in writers_folds.held_out(WRITERS)]
    assert 0 < len(unseen) < len(WRITERS)
    held_out = results["held_out"]
    assert (held_out["digits"], held_out["writers"]) == (10 * len(unseen), len(unseen))
    vote = results["vote"]
    assert (vote["shape"], vote["strokes"]) == (Vote().shape, Vote().strokes)
    assert vote["digit_odds"] != 1
