from digitrec.model_store import ModelStore
from digitrec.runs import Run

from .conftest import Opener


def test_all_models_are_listed(open_page: Opener, trained: Run) -> None:
    app = open_page("networks/models")
    names = [heading.value for heading in app.subheader]
    assert names[0] == "trained"
    assert sorted(names[1:]) == ["bn-cnn", "seed-cnn"]


def test_a_click_makes_a_model_the_apps(open_page: Opener, trained: Run, store: ModelStore) -> None:
    app = open_page("networks/models")
    app.button(key="models_use_trained").click().run()
    assert store.active_name() == "trained"
    app.button(key="models_use_seed-cnn").click().run()
    assert store.active_name() == "seed-cnn"


def test_a_damaged_model_does_not_hide_the_others(open_page: Opener, trained: Run) -> None:
    (trained.path / "report.json").write_text("{")
    app = open_page("networks/models")
    assert "Run 'trained': report.json can't be read" in app.error[0].value
    assert "seed-cnn" in [heading.value for heading in app.subheader]


def test_a_model_is_deleted_after_a_second_click_and_brought_back(
    open_page: Opener, trained: Run, store: ModelStore
) -> None:
    app = open_page("networks/models")
    keys = [button.key for button in app.button]
    assert "models_undo" not in keys
    assert [key for key in keys if key and "delete" in key] == ["models_delete_trained"]
    app.button(key="models_delete_trained").click().run()
    assert "trained" not in [heading.value for heading in app.subheader]
    app.button(key="models_undo").click().run()
    assert app.subheader[0].value == "trained"
    assert store.deleted_name() is None
