"""Damaged run files: a clear error, all other runs still listed, nothing changed."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from digitrec.datasets.mnist import MNIST_PATH, load_mnist
from digitrec.errors import DatasetError, DigitrecError, ModelError
from digitrec.jobs.start import resume_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.reports.report import build_report
from digitrec.runs.metrics_csv import metrics_csv
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run
from digitrec.runs.summaries import summaries, summarize
from digitrec.runs.test_answers import kept_test_answers
from digitrec.settings import DEFAULT_MODEL
from tests.faults.damage import contents, damaged
from tests.faults.pages import visit

PAGES = ("networks/models", "networks/report", "networks/train", "networks/inside", "digits/draw")
FILES = (
    "config.json", "events.jsonl", "process.json", "report.json", "model.tflite",
    "test_answers.npz", "note.txt",
)  # fmt: skip
# How many bits to flip in each kind of file; most in text files, where each bit means the most.
FLIPS = {"model.tflite": 3, "test_answers.npz": 6, "process.json": 20, "note.txt": 5}
MANY = 80


@pytest.fixture
def full(mine: Run) -> Run:
    """A run with every kind of file, and a short event log."""
    lines = (mine.path / "events.jsonl").read_text().splitlines()
    kinds: dict[str, list[str]] = {}
    for line in lines:
        kinds.setdefault(json.loads(line)["event"], []).append(line)
    few = [line for of_kind in kinds.values() for line in of_kind[:2]]
    (mine.path / "events.jsonl").write_text("\n".join(few) + "\n")
    mine.write_note("the one with the long sevens")
    mine.write_json("process.json", {"pid": os.getpid(), "create_time": 1.0, "after_boot": 1.0})
    return mine


def readers(store: ModelStore, run: Run) -> list[Callable[[], object]]:
    """Every function that reads a run's files, apart from pages."""

    def progress() -> None:
        if found := read_progress(run.events()):
            assert found.fraction >= 0
            assert (found.remaining_s or 0) >= 0
            assert found.epoch >= 0

    def report() -> None:
        answers = kept_test_answers(run)
        if answers is not None and run.path.name == "mine":
            made = build_report(run, LABELS, answers)
            assert made.headline
            assert made.origin

    return [
        progress, report, run.state, run.queue_position, run.note, run.config, run.results,
        store.queue, store.live_run, store.models,
        lambda: store.load_recognizer(run.name), lambda: metrics_csv(run.events()),
        lambda: run.can_be_extended(run.state()),
    ]  # fmt: skip


LABELS = load_mnist().y_test


@pytest.mark.parametrize("name", FILES)
def test_every_reader_gives_a_value_or_a_clear_error(
    store: ModelStore, full: Run, name: str
) -> None:
    path = full.path / name
    whole = path.read_bytes()
    for accident, content in damaged(whole, 0, FLIPS.get(name, MANY)):
        path.write_bytes(content)
        before = contents(full.path)
        assert summarize(full).name == "mine", accident
        for read in readers(store, full):
            with suppress(DigitrecError):
                read()
        assert {"mine", DEFAULT_MODEL} <= {summary.name for summary in summaries(store)}, accident
        assert contents(full.path) == before, accident


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("cut", [0.6])
def test_every_page_opens_with_a_damaged_run(
    store: ModelStore, full: Run, name: str, cut: float
) -> None:
    path = full.path / name
    path.write_bytes(path.read_bytes()[: int(cut * path.stat().st_size)])
    (store.models_dir / ".active.json").write_text('{"model": "mine"}')
    before = contents(full.path)
    query = dict.fromkeys(("train_run", "report_model", "inside_model"), "mine")
    for page in PAGES:
        visit(page, query, "mine")
    assert contents(full.path) == before
    assert (store.models_dir / ".active.json").read_text() == '{"model": "mine"}'


def test_a_flipped_bit_never_gives_another_model(store: ModelStore, full: Run) -> None:
    whole = full.tflite_path.read_bytes()
    for accident, content in damaged(whole, 1, 20):
        full.tflite_path.write_bytes(content)
        with pytest.raises(ModelError, match="'mine' is damaged.*restore its folder"):
            store.load_recognizer("mine")
        assert full.tflite_path.read_bytes() == content, accident


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'{"model": "../.."}', b'{"model": 3}'])
def test_a_damaged_choice_means_the_default_model(store: ModelStore, content: bytes) -> None:
    store.models_dir.mkdir()
    (store.models_dir / ".active.json").write_bytes(content)
    assert store.active_name() == DEFAULT_MODEL
    visit("digits/draw")
    assert (store.models_dir / ".active.json").read_bytes() == content


def test_a_damaged_card_hides_no_run(full: Run) -> None:
    (full.path / "CARD.md").write_bytes(b"\xff\xfe\x00")
    app = visit("networks/models", chosen="mine")
    assert not app.exception


def test_a_damaged_mnist_is_reported_where_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "mnist.npz"
    whole = MNIST_PATH.read_bytes()
    monkeypatch.setattr(load_mnist, "__defaults__", (copy,))
    for accident, content in damaged(whole, 0, 4):
        copy.write_bytes(content)
        with pytest.raises(DatasetError, match=r"mnist.npz is damaged.*restore the file"):
            load_mnist()
        assert copy.read_bytes() == content, accident
    copy.unlink()
    with pytest.raises(DatasetError, match="MNIST can't be read"):
        load_mnist()
    for page in PAGES:
        visit(page)


def test_a_finished_run_with_a_truncated_log_is_not_resumed(store: ModelStore, full: Run) -> None:
    *lines, last, _ = (full.path / "events.jsonl").read_text().split("\n")
    (full.path / "events.jsonl").write_text("\n".join([*lines, last[:20]]))
    with pytest.raises(ModelError, match="'mine' is finished"):
        resume_run(store, full)
    assert summarize(full).state == "finished"
    assert np.isfinite(full.results().test_accuracy)


def test_an_unreadable_folder_hides_no_other_run(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "strange")
    shutil.rmtree(run.path)
    run.path.symlink_to(run.path)
    assert DEFAULT_MODEL in [known.name for known in store.runs()]
    visit("networks/models")
