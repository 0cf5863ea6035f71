import signal
import subprocess
import sys
from typing import Any

import filelock
import pytest

from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR
from tests.support.patience import HANG_S, kinds, wait_until


def test_train_prints_one_object_last(trained_report: dict[str, Any]) -> None:
    assert trained_report["name"] == "trained"
    assert 0.97 < trained_report["test_accuracy"] <= 1


def test_ctrl_c_stops_a_run_and_keeps_its_model(store: ModelStore) -> None:
    command = [sys.executable, "-m", "digitrec", "train", "--epochs", "100", "--name", "cut"]
    process = subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True)
    run = Run(store.models_dir / "cut")
    wait_until(lambda: "step" in kinds(run), lambda: process.poll() is None)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=HANG_S)
    assert process.returncode == 0
    assert output.startswith("cut: ")
    assert run.state() == "stopped"


@pytest.mark.parametrize("name", ["Anna's network", None])
def test_a_run_that_is_canceled_before_its_turn_leaves_nothing(
    store: ModelStore, name: str | None
) -> None:
    store.models_dir.mkdir()
    command = [sys.executable, "-m", "digitrec", "train", *(["--name", name] if name else [])]
    with (
        filelock.FileLock(store.models_dir / ".training.lock"),
        subprocess.Popen(command, cwd=PROJECT_DIR, stderr=subprocess.PIPE, text=True) as process,
    ):
        wait_until(
            lambda: any(run.is_alive() for run in store.trained_runs()),
            lambda: process.poll() is None,
        )
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 1
    assert f"run {name or 'seed-cnn-001'!r} was canceled before it started" in said
    assert {run.name for run in store.runs()} == {"bn-cnn", "seed-cnn"}
