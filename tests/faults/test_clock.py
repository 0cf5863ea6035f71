"""The clock is set while a run trains or a page is open."""

import os
import time
from pathlib import Path

import psutil
import pytest

from digitrec.drawings.selection import Order, Selection
from digitrec.drawings.store import DrawingStore
from digitrec.formatting import duration_words
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.metrics_csv import metrics_csv
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run, RunState
from tests.faults.pages import visit
from tests.support.drawings import new_drawing

HOUR_S = 3600.0
JUMPS = [-10 * 365 * 24 * HOUR_S, -HOUR_S, 2 * HOUR_S, 10 * 365 * 24 * HOUR_S]


@pytest.fixture
def run(store: ModelStore) -> Run:
    return store.create_run(TrainingConfig(epochs=10), "long")


def set_clock(monkeypatch: pytest.MonkeyPatch, folder: Path, by_s: float) -> None:
    """Set this process's clock: the time, and the boot time that follows from it."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + by_s)
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(proc_with_another_start(folder, by_s)))


def proc_with_another_start(folder: Path, by_s: float) -> Path:
    """Make a /proc with another boot time, as Linux reports it after its clock was set."""
    proc = folder / "proc"
    proc.mkdir()
    for entry in Path("/proc").iterdir():
        (proc / entry.name).symlink_to(entry)
    lines = Path("/proc/stat").read_text().splitlines()
    started = next(int(line.split()[1]) for line in lines if line.startswith("btime"))
    (proc / "stat").unlink()
    (proc / "stat").write_text(
        "\n".join(f"btime {started + int(by_s)}" if "btime" in line else line for line in lines)
    )
    return proc


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("by_s", JUMPS)
def test_a_live_run_stays_live_when_the_clock_is_set(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_s: float
) -> None:
    run.register_process(os.getpid())
    run.append_event("starting")
    born = psutil.Process().create_time()
    set_clock(monkeypatch, tmp_path, by_s)
    assert psutil.Process().create_time() == pytest.approx(born + by_s, abs=1)
    assert run.process_id() == os.getpid()
    assert run.state() == RunState.RUNNING


def begin(run: Run) -> None:
    run.append_event("started", epochs=10, epochs_done=0, steps_per_epoch=20)


def step(run: Run, number: int) -> None:
    metrics = {"loss": 0.1, "accuracy": 0.9, "images_per_second": 100}
    run.append_event("step", epoch=1, step=number, trained_s=2.0 * number, **metrics)


@pytest.mark.parametrize("by_s", JUMPS)
def test_the_remaining_time_ignores_a_set_clock(
    run: Run, monkeypatch: pytest.MonkeyPatch, by_s: float
) -> None:
    begin(run)
    step(run, 1)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + by_s)
    for number in (2, 3):
        step(run, number)
    progress = read_progress(run.events())
    assert progress is not None
    assert progress.remaining_s == pytest.approx(2.0 * 197)
    rows = metrics_csv(run.events()).splitlines()[1:]
    assert [row.split(",")[3] for row in rows] == ["1", "2", "3"]
    run.register_process(os.getpid())
    app = visit("networks/train", {"train_run": "long"})
    (bar,) = app.get("progress")
    assert bar.proto.text.endswith(f"about {duration_words(2.0 * 197)} left")


@pytest.mark.parametrize("by_s", JUMPS)
def test_pages_show_runs_and_drawings_with_any_date(
    run: Run,
    store: ModelStore,
    history: DrawingStore,
    monkeypatch: pytest.MonkeyPatch,
    by_s: float,
) -> None:
    history.save(new_drawing())
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + by_s)
    store.create_run(TrainingConfig(), "after")
    history.save(new_drawing())
    assert {"long", "after"} <= {known.name for known in store.runs()}
    assert history.numbers(Selection(), Order.NEWEST) == [2, 1]
    for page in ("networks/models", "networks/train", "digits/history"):
        visit(page)
