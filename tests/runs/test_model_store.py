import errno
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from digitrec.errors import ConfigurationError, ModelError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.run_names import check_name
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import DEFAULT_MODEL
from tests.conftest import copy_of
from tests.support.runs import report_of, rewrite_report

SHIPPED = {"bn-cnn", "seed-cnn"}


def test_shipped_models_are_found_beside_new_runs(store: ModelStore) -> None:
    assert {run.name for run in store.models()} == SHIPPED
    assert store.active_name() == DEFAULT_MODEL


def test_a_new_run_is_listed_first(store: ModelStore) -> None:
    store.create_run(TrainingConfig(), "one")
    store.create_run(TrainingConfig(), "two")
    names = [run.name for run in store.runs()]
    assert names[:2] == ["two", "one"]
    assert set(names[2:]) == SHIPPED


def test_runs_without_a_name_are_numbered_by_kind(store: ModelStore) -> None:
    store.create_run(TrainingConfig(), "seed-cnn-20261128-140412")  # As they were called before.
    runs = [store.create_run(TrainingConfig()) for _ in range(2)]
    runs.append(store.create_run(TrainingConfig(network="bn-cnn-wide")))
    assert [run.name for run in runs] == ["seed-cnn-001", "seed-cnn-002", "bn-cnn-wide-001"]


def test_a_number_is_not_reused_while_its_run_can_be_restored(store: ModelStore) -> None:
    store.delete(store.create_run(TrainingConfig()).name)
    assert store.create_run(TrainingConfig()).name == "seed-cnn-002"
    store.trash.restore()


def test_runs_created_at_once_get_different_numbers(store: ModelStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = [
            run.name for run in pool.map(lambda _: store.create_run(TrainingConfig()), "x" * 8)
        ]
    assert sorted(names) == [f"seed-cnn-00{number}" for number in range(1, 9)]


@pytest.mark.parametrize(
    ("taken", "name", "free"),
    [
        ("taken", "taken", "taken-2"),
        ("x", DEFAULT_MODEL, f"{DEFAULT_MODEL}-2"),
        ("Anna's network", "Anna's network", "Anna's network 2"),
        ("a" * 64, "a" * 64, "a" * 62 + "-2"),
    ],
)
def test_a_taken_name_is_refused_and_a_free_one_suggested(
    store: ModelStore, taken: str, name: str, free: str
) -> None:
    assert store.free_name(taken) == taken
    store.create_run(TrainingConfig(), taken)
    with pytest.raises(ConfigurationError) as error:
        store.create_run(TrainingConfig(), name)
    assert str(error.value) == (
        f"there is already a run called {name!r}; choose another name, such as {free!r}"
    )
    assert store.create_run(TrainingConfig(), free).title == free


def test_a_name_taken_in_another_spelling_is_explained(store: ModelStore) -> None:
    store.create_run(TrainingConfig(), "My network")
    with pytest.raises(
        ConfigurationError, match="already a run called 'My network'.*'My-network-2'"
    ):
        store.create_run(TrainingConfig(), "My-network")


@pytest.mark.parametrize("title", ["Anna's network", "Сеть Анны", "trained"])
def test_a_run_has_the_title_that_was_typed(store: ModelStore, title: str) -> None:
    run = store.create_run(TrainingConfig(), f" {title}  ")
    assert (run.title, store.title(run.name)) == (title, title)
    assert check_name(run.name)
    assert store.named(title).path == store.named(run.name).path == run.path
    store.delete(run.name)
    assert store.trash.title() == title
    assert store.title(run.name) == run.name


def test_a_copied_folder_has_its_own_title(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "Anna's network")
    shutil.copytree(run.path, store.models_dir / "copy")
    assert store.run("copy").title == "copy"


def test_a_damaged_title_is_not_shown(mine: Run) -> None:
    (mine.path / "title.txt").write_bytes(b"<b>\xff")
    assert mine.title == "mine"


def test_a_folder_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="can't be created"):
        ModelStore(tmp_path / "file" / "models").create_run(TrainingConfig(), "x")


def test_a_missing_model_is_named_with_available_ones(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="no model 'nope'; available models: "):
        store.run("nope")


def test_a_name_cannot_leave_the_folder(store: ModelStore) -> None:
    with pytest.raises(ConfigurationError):
        store.run("../models")


def test_the_apps_model_is_remembered(trained: Run, store: ModelStore) -> None:
    store.activate("trained")
    assert ModelStore(store.models_dir).active_name() == "trained"


def test_a_damaged_model_cannot_be_chosen(trained: Run, store: ModelStore) -> None:
    trained.tflite_path.write_bytes(b"")
    with pytest.raises(ModelError, match="damaged"):
        store.activate("trained")
    assert store.active_name() == DEFAULT_MODEL


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"model": "../.."}', '{"model": 3}'])
def test_a_damaged_choice_falls_back_to_the_shipped_model(store: ModelStore, content: str) -> None:
    store.models_dir.mkdir()
    (store.models_dir / ".active.json").write_text(content)
    assert store.active_name() == DEFAULT_MODEL


def test_a_choice_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="can't be written"):
        ModelStore(tmp_path / "file").activate(DEFAULT_MODEL)


def test_other_folders_are_not_runs(store: ModelStore) -> None:
    (store.models_dir / "notes").mkdir(parents=True)
    (store.models_dir / "readme.txt").write_text("")
    assert {run.name for run in store.runs()} == SHIPPED


def test_a_run_that_failed_to_be_created_leaves_its_name_free(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Run, "append_event", refuse)
        with pytest.raises(ModelError, match="No space left on device"):
            store.create_run(TrainingConfig(), "mine")
    assert store.create_run(TrainingConfig(), "mine").events()


def test_a_run_cannot_start_from_a_model_without_a_network(store: ModelStore) -> None:
    store.create_run(TrainingConfig(), "empty")
    with pytest.raises(ModelError, match="model 'empty' has no network to start from"):
        store.create_run(TrainingConfig(start_from="empty"), "further")
    assert not (store.models_dir / "further").exists()


def test_a_run_has_the_network_of_the_model_that_it_starts_from(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(start_from="bn-cnn"))
    config = run.config()
    assert config is not None
    assert (config.network, config.ensemble, config.dropout) == ("res-cnn", 1, 0.2)
    assert run.name == "res-cnn-001"


def test_a_run_is_not_named_after_a_network_that_it_does_not_train(
    store: ModelStore, mine: Run
) -> None:
    rewrite_report(mine, parameters=7)
    assert store.create_run(TrainingConfig(start_from="mine")).name == "model-001"


def test_a_renamed_model_stays_the_apps(mine: Run, store: ModelStore) -> None:
    store.activate("mine")
    renamed = store.rename("mine", "better")
    assert not mine.path.exists()
    assert report_of(renamed)["name"] == "better"
    assert store.active_name() == "better"
    assert store.load_recognizer("better").name == "better"


def test_renaming_changes_title_and_folder(mine: Run, store: ModelStore) -> None:
    renamed = store.rename("mine", "Anna's network")
    assert (renamed.name, renamed.title) == ("Annas-network", "Anna's network")
    assert store.rename("Annas-network", "Annas network").name == "Annas-network"
    assert store.title("Annas-network") == "Annas network"
    again = store.rename("Annas-network", "mine")
    assert (again.name, again.title) == ("mine", "mine")
    assert not (again.path / "title.txt").exists()


def test_renaming_another_model_keeps_the_apps(mine: Run, store: ModelStore) -> None:
    store.activate("bn-cnn")
    store.rename("mine", "better")
    assert store.active_name() == "bn-cnn"


def test_a_damaged_run_can_be_renamed(mine: Run, store: ModelStore) -> None:
    (mine.path / "report.json").write_text("{")
    assert store.rename("mine", "better").path.is_dir()


@pytest.mark.parametrize(
    ("name", "words"),
    [("seed-cnn", "already a run called 'seed-cnn'"), ("../x", "use up to 64 letters, digits")],
)
def test_a_new_name_must_be_free_and_valid(
    mine: Run, store: ModelStore, name: str, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        store.rename("mine", name)
    assert mine.path.is_dir()


def test_shipped_and_running_models_cannot_be_renamed(mine: Run, store: ModelStore) -> None:
    mine.register_process(os.getpid())
    for name in ("mine", DEFAULT_MODEL):
        with pytest.raises(ModelError, match=f"'{name}' can't be renamed"):
            store.rename(name, "better")


def test_a_taken_name_gets_the_first_free_number(store: ModelStore, mine: Run) -> None:
    assert store.free_name("other") == "other"
    assert store.free_name("mine") == "mine-2"
    copy_of(store, "seed-cnn", "mine-2")
    assert store.free_name("mine") == "mine-3"
    assert store.free_name("seed-cnn") == "seed-cnn-2"
    long = copy_of(store, "seed-cnn", "a" * 64).name
    assert store.free_name(long) == "a" * 62 + "-2"


def test_shipped_models_have_plain_titles_and_keep_their_short_names(store: ModelStore) -> None:
    titles = {run.name: (run.title, run.short_title) for run in store.runs()}
    assert titles == {
        "bn-cnn": ("Handwriting expert", "bn-cnn"),
        "seed-cnn": ("Tutorial network", "seed-cnn"),
    }
    assert store.title("bn-cnn") == "Handwriting expert"
    assert copy_of(store, "bn-cnn", "bn-cnn").title == "bn-cnn"  # A person's own.


def test_a_person_s_run_cannot_have_a_shipped_model_s_title(store: ModelStore, mine: Run) -> None:
    assert store.free_name("Tutorial network") == "Tutorial network 2"
    assert store.free_name("Tutorial-network") == "Tutorial-network-2"
    with pytest.raises(ConfigurationError, match="already a run called 'handwriting expert'"):
        store.create_run(TrainingConfig(), "handwriting expert")
    mine.path.rename(old := store.models_dir / "Handwriting-expert")  # As it could be before.
    assert store.title(old.name) == "Handwriting-expert"
    with pytest.raises(ConfigurationError, match="already a run called 'Handwriting-expert'"):
        store.rename(old.name, "Handwriting expert")
