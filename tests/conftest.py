import functools
import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import filelock
import psutil
import pytest
from streamlit.components.v2 import manifest_scanner

from digitrec.drawings.store import DrawingStore
from digitrec.jobs.priority import NICENESS
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR
from tests.support.patience import HANG_S

pytest_plugins = ["tests.support.leftovers"]

OpenDrawings = Callable[[Path], DrawingStore]
Shell = Callable[..., subprocess.CompletedProcess[str]]


def pytest_configure() -> None:
    """Lower the priority nearly as far as runs do, so that runs get on beside other tests."""
    if sys.platform != "win32":
        psutil.Process().nice(NICENESS - 1)
        with suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(NICENESS - 1))


# Packages whose tests train or open a browser, the slowest first.
SLOW_PACKAGES = ("jobs", "teaching", "training", "browser", "faults", "commands")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it in the end."""
    items.sort(key=_place)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from scanning TensorFlow's objects.

    Streamlit collects all garbage after each run of a page.
    """
    gc.collect()
    gc.freeze()


def _place(item: pytest.Item) -> int:
    indices = (index for index, name in enumerate(SLOW_PACKAGES) if name in item.path.parts)
    return next(indices, len(SLOW_PACKAGES))


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Look once for the installed components; AppTest does so with every run of a page."""
    scan = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let everything that a test writes go to its own folder."""
    monkeypatch.setenv("DIGITREC_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("DIGITREC_DATABASE_URL", f"sqlite:///{tmp_path / 'drawings.sqlite3'}")
    return tmp_path


@pytest.fixture
def store(places: Path) -> ModelStore:
    """No runs but those that ship."""
    return ModelStore(places / "models")


@pytest.fixture
def shell() -> Shell:
    """``python -m digitrec``, as a person types it."""
    return run_digitrec


def run_digitrec(*arguments: str | Path, **kwargs: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "digitrec", *map(str, arguments)]
    options = {"cwd": PROJECT_DIR, "capture_output": True, "text": True, "timeout": HANG_S} | kwargs
    return subprocess.run(command, check=False, **options)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def trained_dir(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """A models folder with one run, ``trained``: one epoch on the real MNIST.

    The tests that run beside each other share it.
    """
    folder = tmp_path_factory.getbasetemp().parent / f"trained-{testrun_uid}"
    with filelock.FileLock(f"{folder}.lock"):
        if not folder.exists():
            train_one_epoch(folder)
    return folder


def train_one_epoch(folder: Path) -> None:
    done = run_digitrec(
        "train", "--epochs", "1", "--name", "trained", "--models-dir", folder, "--json",
        env=os.environ | {"DIGITREC_MODELS_DIR": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (folder / "stdout").write_text(done.stdout)


@pytest.fixture
def trained_report(trained_dir: Path) -> dict[str, object]:
    """What ``train --json`` printed last."""
    return json.loads((trained_dir / "stdout").read_text().splitlines()[-1])


@pytest.fixture
def trained(trained_dir: Path, store: ModelStore) -> Run:
    """A copy of the trained run that the test may damage."""
    shutil.copytree(trained_dir / "trained", store.models_dir / "trained")
    return store.run("trained")


@pytest.fixture
def mine(store: ModelStore) -> Run:
    """A copy of the ``seed-cnn`` that ships, as if the person had trained it."""
    return copy_of(store, "seed-cnn", "mine")


def copy_of(store: ModelStore, shipped: str, name: str) -> Run:
    shutil.copytree(store.run(shipped).path, store.models_dir / name)
    (store.models_dir / name / "CARD.md").unlink()
    return store.run(name)


@pytest.fixture
def open_drawings() -> Iterator[OpenDrawings]:
    """Opens the drawings in a file, and closes them at the test's end."""
    with ExitStack() as at_end:

        def open_them(file: Path) -> DrawingStore:
            drawings = DrawingStore(f"sqlite:///{file}")
            at_end.callback(drawings.close)
            return drawings

        yield open_them


@pytest.fixture
def history(places: Path, open_drawings: OpenDrawings) -> DrawingStore:
    """The drawings' database as a command finds it; empty."""
    return open_drawings(places / "drawings.sqlite3")
