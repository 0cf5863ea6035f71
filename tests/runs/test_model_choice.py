import json

import pytest

from digitrec.runs.model_choice import ModelChoice
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import DEFAULT_MODEL


def test_the_apps_choice_is_everyones_default(store: ModelStore) -> None:
    apps, ada, bob = (ModelChoice(store.models_dir, person) for person in ("", "ada", "bob"))
    assert ada.name() == DEFAULT_MODEL
    apps.choose("seed-cnn")
    ada.choose("mine")
    assert [choice.name() for choice in (apps, ada, bob)] == ["seed-cnn", "mine", "seed-cnn"]


@pytest.mark.parametrize("content", ["", "[]", '{"model": 1}', '{"model": "../x"}', "\0"])
def test_a_damaged_choice_is_ignored(store: ModelStore, content: str) -> None:
    ada = ModelChoice(store.models_dir, "ada")
    ada.choose("mine")
    (store.models_dir / ".active" / "ada.json").write_text(content)
    assert ada.name() == DEFAULT_MODEL


def test_renaming_keeps_choices_and_deleting_removes_them(store: ModelStore, mine: Run) -> None:
    persons = ("", "ada", "bob")
    for person in persons[:2]:
        ModelChoice(store.models_dir, person).choose("mine")
    ModelChoice(store.models_dir, "bob").choose("seed-cnn")
    store.rename("mine", "better")
    names = [ModelChoice(store.models_dir, person).name() for person in persons]
    assert names == ["better", "better", "seed-cnn"]
    assert json.loads((store.models_dir / ".active.json").read_text()) == {"model": "better"}
    store.delete("better")
    names = [ModelChoice(store.models_dir, person).name() for person in persons]
    assert names == [DEFAULT_MODEL, DEFAULT_MODEL, "seed-cnn"]
    ModelChoice(store.models_dir, "ada").choose("seed-cnn")
    store.trash.restore()
    names = [ModelChoice(store.models_dir, person).name() for person in persons]
    assert names == ["better", "seed-cnn", "seed-cnn"]
