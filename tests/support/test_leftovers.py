import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from digitrec.settings import PROJECT_DIR

# A run outlives its parent in a session of its own; here its parent is gone at once, too.
TRAINING = """
import os, subprocess, sys, threading
from pathlib import Path

START = '''
import sys
from pathlib import Path
from digitrec.jobs.start import start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
run = start_run(ModelStore(Path(sys.argv[1])), TrainingConfig(epochs=200), "left")
print(run.process_id())
'''

def test_training(tmp_path):
    command = [sys.executable, "-c", START, str(tmp_path)]
    started = subprocess.run(command, capture_output=True, text=True, check=True)
    pid = Path(os.environ["PID_FILE"])
    pid.with_suffix(".new").write_text(started.stdout)
    pid.with_suffix(".new").rename(pid)
    END
"""
SHARED = """
import subprocess, sys, pytest

@pytest.fixture(scope="session")
def shared():
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

@pytest.mark.parametrize("number", [1, 2])
def test_shared(request, number):
    subprocess.run([sys.executable, "-c", ""], check=True)
    assert request.getfixturevalue("shared").poll() is None
"""


def start_pytest(folder: Path, code: str, processes: int = 0) -> subprocess.Popen[bytes]:
    """Run pytest on a test module, with this project's fixtures."""
    (folder / "test_inner.py").write_text(code)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["-n", str(processes), "--rootdir", str(folder), "--basetemp", str(folder / "inner")]
    command += [str(folder / "test_inner.py")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=PROJECT_DIR, env=os.environ | {"PID_FILE": str(folder / "pid")},
            stdout=log, stderr=log,
        )  # fmt: skip


def is_training(folder: Path) -> bool:
    return psutil.pid_exists(int((folder / "pid").read_text()))


def test_a_failed_test_leaves_no_training_behind(tmp_path: Path) -> None:
    inner = start_pytest(
        tmp_path, TRAINING.replace("END", "os.kill(int(started.stdout), 0); 1 / 0")
    )
    assert inner.wait() == pytest.ExitCode.TESTS_FAILED
    assert "ZeroDivisionError" in (tmp_path / "log").read_text()
    assert not is_training(tmp_path)


@pytest.mark.parametrize("processes", [0, 1])
def test_a_killed_pytest_leaves_no_training_behind(tmp_path: Path, processes: int) -> None:
    inner = start_pytest(tmp_path, TRAINING.replace("END", "threading.Event().wait()"), processes)
    while not (tmp_path / "pid").exists():
        assert inner.poll() is None, (tmp_path / "log").read_text()
        time.sleep(0.05)
    assert is_training(tmp_path)
    helpers = psutil.Process(inner.pid).children(recursive=True)
    inner.kill()
    inner.wait()
    psutil.wait_procs(helpers)
    assert not is_training(tmp_path)


def test_what_tests_share_outlives_the_first_of_them(tmp_path: Path) -> None:
    inner = start_pytest(tmp_path, SHARED)
    assert inner.wait() == pytest.ExitCode.OK, (tmp_path / "log").read_text()
