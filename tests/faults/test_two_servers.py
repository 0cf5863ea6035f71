"""Two processes that share a folder and a database, as two app servers do."""

import subprocess
import sys
from pathlib import Path

import filelock
import psutil
import pytest

from digitrec.drawings.store import DrawingStore
from digitrec.errors import ModelError
from digitrec.jobs.start import claim_run, start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import RunState
from digitrec.settings import DEFAULT_MODEL, PROJECT_DIR
from tests.conftest import run_digitrec
from tests.faults.saving import check_confirmed, check_database, start_saver
from tests.support.patience import HANG_S, kinds, wait_for_end

EACH = 30
ROUNDS = 4
# Waits for a line of input, so that both start at once, then resumes the run and prints the result.
RESUME = """
import sys
from pathlib import Path
from digitrec.jobs.start import resume_run
from digitrec.errors import ModelError
from digitrec.runs.model_store import ModelStore
store = ModelStore(Path(sys.argv[1]))
print("ready", flush=True)
input()
try:
    resume_run(store, store.run("wanted"))
    print("resumed")
except ModelError as error:
    print(error)
"""
HOLD = """
import filelock, sys
with filelock.FileLock(sys.argv[1]):
    print("held", flush=True)
    input()
"""


def python(code: str, *arguments: object, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(  # type: ignore[call-overload]
        command, cwd=PROJECT_DIR, text=True, stdout=subprocess.PIPE, **options
    )


def trainers(store: ModelStore, name: str) -> list[psutil.Process]:
    """Return the processes that work on a run."""
    found = {}
    for process in psutil.process_iter(["cmdline", "ppid", "status"]):
        line = process.info["cmdline"] or []
        is_one = {"--run", name, str(store.models_dir)} <= set(line)
        if is_one and process.info["status"] != psutil.STATUS_ZOMBIE:
            found[process.pid] = process
    # Between fork and exec, a new process has its parent's command line.
    return [process for process in found.values() if process.info["ppid"] not in found]


def at_once(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Send a line to all waiting processes at once; return what each printed."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate(timeout=HANG_S)[0].strip() for process in processes]


def test_two_servers_save_drawings_at_once(tmp_path: Path) -> None:
    file = tmp_path / "drawings.sqlite3"
    savers = [
        start_saver(
            f"sqlite:///{file}", tmp_path / f"{seed}.jsonl", "--seed", str(seed), "--drawings",
            str(EACH),
        )
        for seed in (1, 2)
    ]  # fmt: skip
    assert [saver.process.wait(HANG_S) for saver in savers] == [0, 0]
    check_database(file)
    store = DrawingStore(f"sqlite:///{file}")
    assert store.count().all == 2 * EACH
    for saver in savers:
        assert len(saver.lines()) == EACH
        check_confirmed(store, saver.lines())
    store.close()


def test_two_servers_that_resume_a_run_at_once_start_one_process(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(epochs=200), "wanted")
    with filelock.FileLock(store.models_dir / ".training.lock"):
        for number in range(1, ROUNDS + 1):
            both = [python(RESUME, store.models_dir, stdin=subprocess.PIPE) for _ in range(2)]
            said = sorted(at_once(both))
            assert said[0] == "resumed"
            assert said[1].startswith("run 'wanted' is waiting; only a paused or interrupted")
            assert kinds(run).count("resumed") == number
            (process,) = trainers(store, "wanted")
            assert process.pid == run.process_id()
            process.kill()
            wait_for_end(run)
            assert run.state() == RunState.INTERRUPTED


def test_another_process_can_not_claim_a_waiting_run(store: ModelStore) -> None:
    store.models_dir.mkdir()
    with filelock.FileLock(store.models_dir / ".training.lock"):
        run = start_run(store, TrainingConfig(epochs=200), "long")
        with pytest.raises(ModelError, match="'long' is waiting"):
            claim_run(store, run)
        done = run_digitrec("train", "--run", "long", "--models-dir", store.models_dir)
        assert done.returncode == 2
        assert "'long' is waiting" in done.stderr
        assert len(trainers(store, "long")) == 1


@pytest.mark.parametrize("name", [".starting.lock", ".training.lock"])
def test_a_killed_process_leaves_no_lock(store: ModelStore, name: str) -> None:
    store.models_dir.mkdir()
    holder = python(HOLD, store.models_dir / name, stdin=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    lock = filelock.FileLock(store.models_dir / name)
    with pytest.raises(filelock.Timeout):
        lock.acquire(timeout=0)
    holder.kill()
    holder.communicate()
    with lock.acquire(timeout=0):
        pass


def test_a_killed_migration_leaves_no_lock(tmp_path: Path) -> None:
    file = tmp_path / "drawings.sqlite3"
    holder = python(HOLD, f"{file}.migration.lock", stdin=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(filelock.Timeout):
        filelock.FileLock(f"{file}.migration.lock").acquire(timeout=0)
    holder.kill()
    holder.communicate()
    assert DrawingStore(f"sqlite:///{file}").count().all == 0


def test_two_choices_of_a_model_at_once_leave_one(store: ModelStore) -> None:
    code = (
        "import sys; from pathlib import Path; from digitrec.runs.model_store import ModelStore\n"
        "store = ModelStore(Path(sys.argv[1]))\n"
        "for _ in range(20): store.activate(sys.argv[2])"
    )
    both = [python(code, store.models_dir, name) for name in ("seed-cnn", DEFAULT_MODEL)]
    for process in both:
        process.communicate(timeout=HANG_S)
    assert [process.returncode for process in both] == [0, 0]
    assert store.active_name() in ("seed-cnn", DEFAULT_MODEL)
    assert [path.name for path in store.models_dir.iterdir()] == [".active.json"]
