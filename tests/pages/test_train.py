import pytest

from digitrec.configuration import LEARNING_RATES, TrainingConfig
from digitrec.model_store import ModelStore
from digitrec.runs import Run
from digitrec.settings import DEFAULT_MODEL

from .conftest import Opener


def test_the_learning_rate_follows_the_optimizer(open_page: Opener) -> None:
    app = open_page("networks/train")
    for optimizer, rate in LEARNING_RATES.items():
        app.selectbox(key="train_optimizer").set_value(optimizer).run()
        assert not app.exception
        assert app.select_slider(key="train_learning_rate").value == rate


def test_the_settings_survive_a_change_of_page(open_page: Opener) -> None:
    app = open_page("networks/train")
    app.slider(key="train_epochs").set_value(9).run()
    app.selectbox(key="train_optimizer").set_value("lion").run()
    app.switch_page("pages/digits/draw.py").run()
    app.switch_page("pages/networks/train.py").run()
    assert app.slider(key="train_epochs").value == 9
    assert app.selectbox(key="train_optimizer").value == "lion"
    assert app.select_slider(key="train_learning_rate").value == LEARNING_RATES["lion"]


@pytest.mark.parametrize("name", ["seed-cnn", "a/b"])
def test_a_name_that_does_not_do_starts_nothing(
    open_page: Opener, store: ModelStore, name: str
) -> None:
    app = open_page("networks/train")
    app.text_input(key="train_name").set_value(name).run()
    app.button(key="train_start").click().run()
    assert not app.exception
    assert app.error[0].value.startswith(("There is a run called", "A name takes"))
    assert sorted(run.name for run in store.runs()) == ["bn-cnn", "seed-cnn"]


def test_a_finished_run_shows_its_results(open_page: Opener, trained: Run) -> None:
    app = open_page("networks/train")
    assert app.selectbox(key="train_run").value == "trained"
    report = trained.report()
    assert report is not None
    assert app.metric[0].value == f"{report['test_accuracy']:.2%}"
    assert len(app.get("echarts_chart")) == 3


def test_a_finished_run_becomes_the_apps_model(
    open_page: Opener, trained: Run, store: ModelStore
) -> None:
    app = open_page("networks/train")
    app.button(key="train_use").click().run()
    assert store.active_name() == "trained"


def test_a_damaged_run_does_not_become_the_apps_model(
    open_page: Opener, trained: Run, store: ModelStore
) -> None:
    trained.tflite_path.write_bytes(b"broken")
    app = open_page("networks/train")
    app.button(key="train_use").click().run()
    assert "Model 'trained' is damaged" in app.error[0].value
    assert store.active_name() == DEFAULT_MODEL


def test_an_interrupted_run_offers_to_go_on(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "cut")
    run.append_event("started", epochs=5, epochs_done=0, steps_per_epoch=10)
    app = open_page("networks/train")
    assert "begins anew when it is resumed" in app.warning[0].value
    run.checkpoint_path.touch()
    app.run()
    assert "What it had learned by its last whole epoch is kept" in app.warning[0].value
    assert app.button(key="train_resume")


def test_a_failed_run_says_why(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "wild")
    run.log_path.write_text("what it printed")
    run.append_event("failed", message="the loss was no longer a number")
    app = open_page("networks/train")
    assert app.error[0].value == "The loss was no longer a number."
    assert app.code[0].value == "what it printed"


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_a_damaged_report_is_explained(open_page: Opener, trained: Run, content: str) -> None:
    (trained.path / "report.json").write_text(content)
    app = open_page("networks/train")
    assert "Run 'trained': report.json" in app.error[0].value


def test_a_run_that_failed_on_its_way_offers_to_go_on(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "full")
    run.checkpoint_path.touch()
    run.append_event("failed", message="no space left on device")
    app = open_page("networks/train")
    assert app.button(key="train_resume")


def test_a_folder_without_events_is_no_run(open_page: Opener, trained: Run) -> None:
    (trained.path / "events.jsonl").unlink()
    app = open_page("networks/train")
    assert app.selectbox(key="train_run").value in ("bn-cnn", "seed-cnn")
