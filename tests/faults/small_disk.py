"""Checks on a real disk of a few megabytes that is full or read-only.

    python -m tests.faults.small_disk training|drawings|read-only FOLDER

Runs where FOLDER is such a disk, visible only to this process and its children.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from digitrec.drawings.accuracy import Measurements
from digitrec.drawings.store import DrawingStore
from digitrec.errors import ModelError, StoreError
from digitrec.jobs.start import resume_run, start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.events import Ended
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import RunState
from digitrec.settings import DEFAULT_MODEL, PROJECT_DIR, load_settings
from tests.conftest import run_digitrec
from tests.faults.killing import check_files, check_finished
from tests.faults.pages import visit
from tests.faults.saving import check_database
from tests.pages.conftest import draw_a
from tests.support.drawings import new_drawing
from tests.support.runs import events_of

EPOCHS = 2
SMALL = TrainingConfig(epochs=EPOCHS, batch_size=128, training_share=0.05)


def run_on_small_disk(what: str, folder: Path, megabytes: int) -> None:
    """Run one of the checks below with a small disk mounted on a folder."""
    folder.mkdir()
    script = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"'
    check = [sys.executable, "-m", "tests.faults.small_disk", what, str(folder)]
    command = ["unshare", "-rm", "sh", "-c", script, "sh", f"{megabytes}m", str(folder), *check]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False)
    if done.returncode in (1, 32) and done.stderr.startswith(("unshare:", "mount:")):
        pytest.skip(f"can't mount a disk here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def train(store: ModelStore, name: str) -> int:
    """Resume a run in a process of its own; return its exit status."""
    command = [sys.executable, "-m", "digitrec", "train", "--run", name]
    command += ["--models-dir", str(store.models_dir)]
    return subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, check=False).returncode


def training(folder: Path) -> None:
    """A run fails with a reason if a checkpoint has no room, and resumes once there is some."""
    store = ModelStore(folder / "models")
    run = store.create_run(SMALL, "full")
    assert train(store, "full") == 1
    assert run.state() == RunState.FAILED
    assert events_of(run, Ended)[-1].message == (
        "checkpoint.keras: No space left on device; free some space and try again"
    )
    assert run.checkpoint_path.exists()
    check_files(run)
    assert run.can_be_resumed(run.state())
    app = visit("networks/train", {"train_run": "full"})
    assert "No space left on device; free some space" in app.error[0].value
    remount(folder, "size=64m")
    assert train(store, "full") == 0
    check_finished(store, run, EPOCHS)


def drawings(folder: Path) -> None:
    """A drawing without room isn't saved and stays on the canvas; the others are intact."""
    file = folder / "drawings.sqlite3"
    store = DrawingStore(f"sqlite:///{file}")
    noise = os.urandom(30_000)
    numbers = [*_fill(store, noise), *_fill(store, b"png")]
    assert len(numbers) > 10
    app = draw_a(visit("digits/draw"), 3)
    app.button(key="draw_save").click().run()
    assert not app.exception
    assert "free some space" in app.error[0].value
    assert app.title[0].value == "3"
    assert app.button(key="draw_save").label == "Save without a label"
    assert store.numbers()[::-1] == numbers
    assert {drawing.content.picture for drawing in store.stream()} == {noise, b"png"}
    check_database(file)
    remount(folder, "size=8m")
    app.button(key="draw_save").click().run()
    assert app.button(key="draw_save").label == "Saved without a label"
    assert store.numbers()[::-1] == [*numbers, numbers[-1] + 1]


def read_only(folder: Path) -> None:
    """Writing fails with a clear error, and reading still works."""
    store, file = ModelStore(folder / "models"), folder / "drawings.sqlite3"
    store.create_run(SMALL, "mine")
    database = DrawingStore(f"sqlite:///{file}")
    database.save(new_drawing())
    database.close()
    remount(folder, "ro")
    run = store.run("mine")
    elsewhere = (
        f"let digitrec write to {store.models_dir}, or set DIGITREC_MODELS_DIR to another place"
    )
    refused: list[Callable[[], object]] = [
        lambda: start_run(store, SMALL, "other"),
        lambda: resume_run(store, run),
        run.request_stop,
        run.request_pause,
        lambda: run.write_note("a note"),
        lambda: Measurements("", {}).write(store.models_dir),
        lambda: store.activate(DEFAULT_MODEL),
        lambda: store.create_run(SMALL, "other"),
        lambda: store.rename("mine", "yours"),
        lambda: store.delete("mine"),
    ]
    for write in refused:
        with pytest.raises(ModelError, match=re.escape(elsewhere)):
            write()
    shell = run_digitrec("train", "--name", "other")
    assert (shell.returncode, shell.stderr) == (
        2, f"digitrec: {folder}/models/other can't be created: Read-only file system; {elsewhere}\n"
    )  # fmt: skip
    with pytest.raises(StoreError, match=r"drawings.sqlite3 can't be written; .* DIGITREC_DATABA"):
        DrawingStore(f"sqlite:///{file}").save(new_drawing())
    for page in ("digits/draw", "digits/history", "networks/train", "networks/models"):
        visit(page)
    app = visit("networks/train")
    app.button(key="train_start").click().run()
    assert not app.exception
    assert elsewhere in app.error[0].value.replace("\\", "")
    fresh = folder / "data" / "drawings.sqlite3"
    os.environ["DIGITREC_DATABASE_URL"] = f"sqlite:///{fresh}"
    with pytest.raises(
        StoreError, match=f"let digitrec write to {fresh.parent}, or set DIGITREC_D"
    ):
        DrawingStore(load_settings().database_url)


def _fill(store: DrawingStore, picture: bytes) -> Iterator[int]:
    """Save pictures until an error says that there is no room."""
    try:
        while True:
            yield store.save(new_drawing(picture=picture))
    except StoreError as error:
        if "free some space" not in str(error):
            raise


if __name__ == "__main__":
    place = Path(sys.argv[2])
    os.environ["DIGITREC_MODELS_DIR"] = str(place / "models")
    os.environ["DIGITREC_DATABASE_URL"] = f"sqlite:///{place / 'drawings.sqlite3'}"
    {"training": training, "drawings": drawings, "read-only": read_only}[sys.argv[1]](place)
