import errno
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from digitrec.errors import ConfigurationError, ModelError
from digitrec.recipes.configuration import TrainingConfig
from digitrec.recipes.run_names import check_name
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import DEFAULT_MODEL
from tests.conftest import copy_of
from tests.support.runs import report_of

SHIPPED = {"bn-cnn", "seed-cnn"}


def test_the_shipped_models_are_found_though_new_runs_go_elsewhere(store: ModelStore) -> None:
    assert {run.name for run in store.models()} == SHIPPED
    assert store.active_name() == DEFAULT_MODEL


def test_a_new_run_is_the_first_of_the_list(store: ModelStore) -> None:
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


def test_a_number_is_not_given_again_while_its_run_can_be_brought_back(store: ModelStore) -> None:
    store.delete(store.create_run(TrainingConfig()).name)
    assert store.create_run(TrainingConfig()).name == "seed-cnn-002"
    store.trash.restore()


def test_runs_that_are_created_at_once_get_numbers_of_their_own(store: ModelStore) -> None:
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
def test_a_name_is_given_once_and_the_next_free_one_is_proposed(
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


def test_a_name_that_is_taken_in_another_spelling_says_whose_it_is(store: ModelStore) -> None:
    store.create_run(TrainingConfig(), "My network")
    with pytest.raises(
        ConfigurationError, match="already a run called 'My network'.*'My-network-2'"
    ):
        store.create_run(TrainingConfig(), "My-network")


@pytest.mark.parametrize("title", ["Anna's network", "Сеть Анны", "trained"])
def test_a_run_is_called_what_a_person_typed(store: ModelStore, title: str) -> None:
    run = store.create_run(TrainingConfig(), f" {title}  ")
    assert (run.title, store.title(run.name)) == (title, title)
    assert check_name(run.name)
    assert store.named(title).path == store.named(run.name).path == run.path
    store.delete(run.name)
    assert store.trash.title() == title
    assert store.title(run.name) == run.name


def test_a_copy_of_a_folder_has_a_title_of_its_own(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "Anna's network")
    shutil.copytree(run.path, store.models_dir / "copy")
    assert store.run("copy").title == "copy"


def test_a_title_that_was_damaged_is_not_shown(mine: Run) -> None:
    (mine.path / "title.txt").write_bytes(b"<b>\xff")
    assert mine.title == "mine"


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="can't be created"):
        ModelStore(tmp_path / "file" / "models").create_run(TrainingConfig(), "x")


def test_a_missing_model_is_named_with_those_there_are(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="no model 'nope'; available models: "):
        store.run("nope")


def test_a_name_can_not_lead_out_of_the_folder(store: ModelStore) -> None:
    with pytest.raises(ConfigurationError):
        store.run("../models")


def test_the_model_of_the_app_is_remembered(trained: Run, store: ModelStore) -> None:
    store.activate("trained")
    assert ModelStore(store.models_dir).active_name() == "trained"


def test_a_damaged_model_does_not_become_the_apps(trained: Run, store: ModelStore) -> None:
    trained.tflite_path.write_bytes(b"")
    with pytest.raises(ModelError, match="damaged"):
        store.activate("trained")
    assert store.active_name() == DEFAULT_MODEL


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"model": "../.."}', '{"model": 3}'])
def test_a_damaged_choice_means_the_shipped_model(store: ModelStore, content: str) -> None:
    store.models_dir.mkdir()
    (store.models_dir / ".active.json").write_text(content)
    assert store.active_name() == DEFAULT_MODEL


def test_a_choice_that_can_not_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="can't be written"):
        ModelStore(tmp_path / "file").activate(DEFAULT_MODEL)


def test_other_folders_are_no_runs(store: ModelStore) -> None:
    (store.models_dir / "notes").mkdir(parents=True)
    (store.models_dir / "readme.txt").write_text("")
    assert {run.name for run in store.runs()} == SHIPPED


def test_a_run_that_could_not_be_made_leaves_its_name_free(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Run, "append_event", refuse)
        with pytest.raises(ModelError, match="No space left on device"):
            store.create_run(TrainingConfig(), "mine")
    assert store.create_run(TrainingConfig(), "mine").events()


def test_a_run_does_not_start_from_what_has_no_network(store: ModelStore) -> None:
    store.create_run(TrainingConfig(), "empty")
    with pytest.raises(ModelError, match="model 'empty' has no network to start from"):
        store.create_run(TrainingConfig(start_from="empty"), "further")
    assert not (store.models_dir / "further").exists()


def test_a_model_is_renamed_and_stays_the_apps(mine: Run, store: ModelStore) -> None:
    store.activate("mine")
    renamed = store.rename("mine", "better")
    assert not mine.path.exists()
    assert report_of(renamed)["name"] == "better"
    assert store.active_name() == "better"
    assert store.load_recognizer("better").name == "better"


def test_a_model_gets_a_title_and_a_folder_that_goes_with_it(mine: Run, store: ModelStore) -> None:
    renamed = store.rename("mine", "Anna's network")
    assert (renamed.name, renamed.title) == ("Annas-network", "Anna's network")
    assert store.rename("Annas-network", "Annas network").name == "Annas-network"
    assert store.title("Annas-network") == "Annas network"
    again = store.rename("Annas-network", "mine")
    assert (again.name, again.title) == ("mine", "mine")
    assert not (again.path / "title.txt").exists()


def test_renaming_another_model_leaves_the_apps(mine: Run, store: ModelStore) -> None:
    store.activate("bn-cnn")
    store.rename("mine", "better")
    assert store.active_name() == "bn-cnn"


def test_a_damaged_run_is_renamed_too(mine: Run, store: ModelStore) -> None:
    (mine.path / "report.json").write_text("{")
    assert store.rename("mine", "better").path.is_dir()


@pytest.mark.parametrize(
    ("name", "words"),
    [("seed-cnn", "already a run called 'seed-cnn'"), ("../x", "use up to 64 letters, digits")],
)
def test_a_new_name_must_be_free_and_a_name(
    mine: Run, store: ModelStore, name: str, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        store.rename("mine", name)
    assert mine.path.is_dir()


def test_what_ships_or_trains_is_not_renamed(mine: Run, store: ModelStore) -> None:
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
