"""A few kills by SIGKILL; ``tests/soak`` has fifty of each kind."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from digitrec.drawings.store import DrawingStore
from digitrec.jobs.start import resume_run, start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ABANDONED_S, ModelStore
from digitrec.runs.run import Run, RunState
from digitrec.settings import PROJECT_DIR
from tests.faults.killing import Moment, check_after_kill, check_files, killed_at
from tests.faults.saving import Saver, check_confirmed, check_database, start_saver
from tests.support.patience import kinds, wait_for_end, wait_until
from tests.support.runs import report_of

SMALL = TrainingConfig(epochs=2, batch_size=64, training_share=0.05)


def test_a_run_survives_repeated_kills(store: ModelStore, tmp_path: Path) -> None:
    with killed_at(Moment.CHECKPOINT, tmp_path):
        run = start_run(store, SMALL, "killed")
    wait_for_end(run)
    assert check_after_kill(store, run) == RunState.INTERRUPTED
    assert "step" in kinds(run)
    with killed_at(Moment.ANSWERS, tmp_path):
        resume_run(store, run)
    wait_for_end(run)
    assert check_after_kill(store, run) == RunState.INTERRUPTED
    assert kinds(run)[-1] == "evaluating"
    assert not run.has_model
    resume_run(store, run)
    assert run.state().is_live
    assert kinds(run).count("resumed") == 2


def wait_for_another(saver: Saver) -> None:
    """Wait until another drawing is confirmed."""
    before = saver.confirmed.stat().st_size
    wait_until(
        lambda: saver.confirmed.stat().st_size > before, lambda: saver.process.poll() is None
    )


def test_confirmed_drawings_survive_a_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'drawings.sqlite3'}"
    rng = random.Random(0)
    for number in range(3):
        savers = [
            start_saver(url, tmp_path / f"{which}.jsonl", "--seed", f"{number}{which}")
            for which in (1, 2)
        ]
        wait_for_another(savers[0])
        time.sleep(rng.uniform(0, 0.5))
        for saver in savers:
            saver.process.kill()
            saver.process.wait()
        check_database(tmp_path / "drawings.sqlite3")
        store = DrawingStore(url)
        for saver in savers:
            check_confirmed(store, saver.lines())
        store.close()


@pytest.fixture
def extended(store: ModelStore, mine: Run) -> tuple[Run, bytes]:
    """A run with new results but no report of them yet, and the new model."""
    new = store.run("bn-cnn").tflite_path.read_bytes()
    mine.next_path(mine.tflite_path).write_bytes(new)
    mine.next_path(mine.test_answers_path).write_bytes(b"new answers")
    return mine, new


def test_the_old_model_serves_until_the_new_report_is_there(
    store: ModelStore, extended: tuple[Run, bytes]
) -> None:
    run, new = extended
    before = run.model_bytes()
    assert before == run.tflite_path.read_bytes()
    assert before != new
    report = report_of(run) | {"model_sha256": Recognizer(new, "new").version}
    # A kill between the two steps: the report is new, but the files haven't been moved.
    run.write_json("report.json", report)
    assert run.model_bytes() == new
    assert store.load_recognizer("mine").version == report["model_sha256"]
    run.write_results(report)
    assert run.model_bytes() == new == run.tflite_path.read_bytes()
    assert run.test_answers_path.read_bytes() == b"new answers"
    assert not [path for path in run.path.iterdir() if path.name.startswith(".")]


def test_first_results_become_a_model_only_with_their_report(
    store: ModelStore, extended: tuple[Run, bytes]
) -> None:
    run, new = extended
    report = report_of(run) | {"model_sha256": Recognizer(new, "new").version}
    for name in ("report.json", "model.tflite"):
        (run.path / name).unlink()
    assert "mine" not in [known.name for known in store.models()]
    run.write_results(report)
    assert run.has_model
    assert store.load_recognizer("mine").version == report["model_sha256"]


def test_a_run_killed_during_its_creation_does_not_exist(store: ModelStore) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from digitrec.runs.model_store import ModelStore\n"
        "def fill(run): print('made', flush=True); time.sleep(3600)\n"
        "ModelStore(Path(sys.argv[1])).create_run(None, 'imported', fill)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(store.models_dir)],
        cwd=PROJECT_DIR, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"made\n"
    process.kill()
    process.communicate()
    assert not [run for run in store.runs() if not run.is_bundled]
    (left,) = (store.models_dir / ".new").iterdir()
    long_ago = time.time() - ABANDONED_S - 60
    os.utime(left, (long_ago, long_ago))
    assert store.create_run(TrainingConfig(), "imported").events()
    assert list((store.models_dir / ".new").iterdir()) == []


def test_a_folder_that_vanishes_hides_nothing_else(store: ModelStore, mine: Run) -> None:
    store.activate("mine")
    shutil.rmtree(store.models_dir)
    assert {run.name for run in store.runs()} == {"bn-cnn", "seed-cnn"}
    assert store.load_recognizer(store.active_name())
    assert store.create_run(TrainingConfig(), "again").events()
    check_files(store.run("seed-cnn"))
