import errno
import os
import shutil
from pathlib import Path

import pytest

from digitrec.errors import ModelError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import DEFAULT_MODEL
from tests.runs.test_model_store import SHIPPED


def test_a_model_can_be_deleted_and_restored(trained: Run, store: ModelStore) -> None:
    store.activate("trained")
    store.delete("trained")
    assert {run.name for run in store.runs()} == SHIPPED
    assert store.active_name() == DEFAULT_MODEL
    assert store.trash.title() == "trained"
    store.trash.restore()
    assert store.load_recognizer("trained")
    assert store.trash.title() is None


def test_the_trash_holds_the_last_deleted_run(store: ModelStore) -> None:
    for name in ("one", "two"):
        store.create_run(TrainingConfig(), name)
        store.delete(name)
    assert store.trash.title() == "two"
    store.create_run(TrainingConfig(), "two")
    with pytest.raises(ModelError, match="another model has its name now"):
        store.trash.restore()


def test_a_failed_deletion_leaves_the_trash_unchanged(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create_run(TrainingConfig(), "one")
    store.create_run(TrainingConfig(), "two")
    store.delete("one")

    def refuse(_: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(ModelError, match="'two' can't be deleted: No space left on device"):
            store.delete("two")
    store.trash.restore()
    assert {"one", "two"} <= {run.name for run in store.runs()}


def test_an_empty_trash_says_so(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="the trash is empty"):
        store.trash.restore()


def test_shipped_and_running_models_cannot_be_deleted(store: ModelStore) -> None:
    live = store.create_run(TrainingConfig(), "live")
    live.register_process(os.getpid())
    for name in ("live", DEFAULT_MODEL):
        with pytest.raises(ModelError, match=f"'{name}' can't be deleted"):
            store.delete(name)
    assert live.path.is_dir()


def test_shipped_models_cannot_be_deleted_from_a_shared_folder(store: ModelStore) -> None:
    shutil.copytree(store.run("seed-cnn").path, store.models_dir / "seed-cnn")
    beside = ModelStore(store.models_dir, shipped_dir=store.models_dir)
    with pytest.raises(ModelError, match="'seed-cnn' can't be deleted"):
        beside.delete("seed-cnn")
    assert beside.load_recognizer("seed-cnn")
