import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from digitrec.arrays import Digits
from digitrec.datasets.mnist import load_mnist
from digitrec.drawings.accuracy import Measurements, drawings_state
from digitrec.drawings.store import DrawingStore
from digitrec.formatting import percent
from digitrec.recognition.answers import Answers
from digitrec.recognition.recognizer import Recognizer
from digitrec.reports.report import Measured
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.runs.test_answers import keep_test_answers, kept_test_answers
from digitrec.settings import load_settings
from tests.pages.conftest import Opener, pixel_pictures


@pytest.fixture
def measured(trained: Run) -> Measured:
    probabilities = kept_test_answers(trained)
    assert probabilities is not None
    return Measured(load_mnist().y_test, probabilities)


def test_the_newest_model_is_reported_first(open_page: Opener, trained: Run) -> None:
    app = open_page("networks/report")
    assert app.selectbox(key="report_model").value == "trained"
    assert app.metric[0].value == f"{trained.results().test_accuracy:.2%}"
    assert "python -m digitrec train --epochs 1" in app.code[0].value
    assert len(app.get("echarts_chart")) == 4
    assert app.get("download_button")


def test_counts_of_thousands_have_a_comma(open_page: Opener, measured: Measured) -> None:
    app = open_page("networks/report")
    (chart,) = [one for one in app.get("echarts_chart") if "report_confusion" in one.proto.id]
    cells = json.loads(chart.proto.spec)["series"][0]["data"]
    assert cells[11]["label"]["formatter"] == f"{measured.confusion_matrix[1, 1]:,}"
    assert measured.confusion_matrix[1, 1] > 1000
    outputs = [table.value["Output"].tolist() for table in app.table if "Output" in table.value]
    assert "1,600" in outputs[0]


def test_no_cell_of_the_layers_is_empty(open_page: Opener, trained: Run) -> None:
    tables = [one.value for one in open_page("networks/report").table]
    (layers,) = [table for table in tables if "Output" in table]
    assert layers.set_index("Layer").loc["Flatten", "Parameters"] == "0"
    assert not (layers == "").any(axis=None)


def test_the_most_frequent_confusion_is_shown_first(open_page: Opener, measured: Measured) -> None:
    app = open_page("networks/report")
    chosen = app.selectbox(key="report_label").value, app.selectbox(key="report_answer").value
    assert chosen == measured.most_confused
    times = f"**{len(measured.in_cell(*chosen))} times**"
    assert any(times in words.value for words in app.markdown)


def test_the_report_opens_on_the_run_that_was_looked_at(open_page: Opener, trained: Run) -> None:
    app = open_page("networks/train")
    app.selectbox(key="train_run").set_value("seed-cnn").run()
    app.switch_page("pages/networks/report.py").run()
    assert app.selectbox(key="report_model").value == "seed-cnn"
    app.selectbox(key="report_model").set_value("trained").run()
    assert app.selectbox(key="report_model").value == "trained"
    app.switch_page("pages/networks/train.py").run()
    app.switch_page("pages/networks/report.py").run()
    assert app.selectbox(key="report_model").value == "trained"
    app.switch_page("pages/networks/models.py")
    app.session_state["models_chosen"] = ["bn-cnn"]
    app.run()
    app.switch_page("pages/networks/report.py").run()
    assert app.selectbox(key="report_model").value == "bn-cnn"


def test_another_models_most_frequent_mistake_is_chosen(
    open_page: Opener, measured: Measured
) -> None:
    app = open_page("networks/report")
    app.selectbox(key="report_label").set_value(1).run()
    assert app.selectbox(key="report_label").value == 1
    app.selectbox(key="report_model").set_value("bn-cnn").run()
    assert (app.selectbox(key="report_label").value, app.selectbox(key="report_answer").value) == (
        (9, 4)
    )


def test_the_report_opens_with_what_the_model_is_good_and_bad_at(
    open_page: Opener, trained: Run, store: ModelStore
) -> None:
    history = DrawingStore(load_settings().database_url)
    known = {str(trained.results().version): 17 / 19}
    Measurements(drawings_state(history), known).write(store.models_dir)
    said = open_page("networks/report").markdown[0].value
    assert said.startswith("trained reads 9")
    assert "and 89.47% of the labeled drawings correctly" in said


def test_a_shipped_model_has_its_short_name_beneath(open_page: Opener, store: ModelStore) -> None:
    app = open_page("networks/report")
    assert app.selectbox(key="report_model").options == ["Handwriting expert", "Tutorial network"]
    assert app.caption[0].value.startswith("Called bn-cnn in commands and files. Trained")
    assert app.markdown[0].value.startswith("Handwriting expert reads 99.64%")


def test_a_chosen_cell_shows_its_digits(open_page: Opener, measured: Measured) -> None:
    app = open_page("networks/report")
    app.selectbox(key="report_label").set_value(1).run()
    app.selectbox(key="report_answer").set_value(1).run()
    assert not app.exception
    least_sure = measured.in_cell(1, 1)[:30]
    captions = [picture.caption for picture in pixel_pictures(app)[:30]]
    assert captions == [percent(answer.confidence) for answer in least_sure]


def test_an_empty_cell_says_so(open_page: Opener, measured: Measured) -> None:
    label, answer = np.argwhere(measured.confusion_matrix == 0)[0].tolist()
    app = open_page("networks/report")
    app.selectbox(key="report_label").set_value(label).run()
    app.selectbox(key="report_answer").set_value(answer).run()
    assert app.info[0].value == f"{label} is never read as {answer}."


def test_missing_test_answers_are_computed_once(
    open_page: Opener, trained: Run, measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answers(model: Recognizer, digits: Digits) -> Answers:
        asked.append(len(digits))
        return Answers(measured.probabilities[: len(digits)], np.ones(len(digits), np.float32))

    monkeypatch.setattr(Recognizer, "answers", answers)
    trained.test_answers_path.unlink()
    app = open_page("networks/report")
    assert not app.exception
    assert sum(asked) == 10_000
    app.run()
    assert sum(asked) == 10_000
    assert not trained.test_answers_path.exists()


def test_a_damaged_file_is_explained(open_page: Opener, trained: Run) -> None:
    trained.test_answers_path.write_bytes(b"broken")
    app = open_page("networks/report")
    assert "Run 'trained': test_answers.npz" in app.error[0].value
    assert app.selectbox(key="report_model").options


def test_an_imported_model_has_a_report(open_page: Opener, trained: Run) -> None:
    (trained.path / "config.json").unlink()
    app = open_page("networks/report")
    assert app.caption[0].value.startswith("Imported on ")
    assert not app.code
    assert len(app.table) == 1


def test_a_model_without_mistakes_has_a_report(open_page: Opener, trained: Run) -> None:
    keep_test_answers(trained.test_answers_path, np.eye(10, dtype=np.float32)[load_mnist().y_test])
    app = open_page("networks/report")
    assert "No mistakes." in [info.value for info in app.info]


def test_more_mistakes_are_shown_on_request(open_page: Opener, measured: Measured) -> None:
    count = len(measured.mistakes)
    assert count > 80
    app = open_page("networks/report")
    assert mistakes_shown(app) == (40, f"The 40 surest of {count} mistakes")
    app.button(key="report_more_mistakes").click().run()
    assert mistakes_shown(app) == (80, f"The 80 surest of {count} mistakes")
    while any(button.key == "report_more_mistakes" for button in app.button):
        app.button(key="report_more_mistakes").click().run()
    assert mistakes_shown(app) == (count, f"{count} mistakes, the surest first")
    app.selectbox(key="report_model").set_value("bn-cnn").run()
    assert mistakes_shown(app) == (36, "36 mistakes, the surest first")


def mistakes_shown(app: AppTest) -> tuple[int, str]:
    """Return the number of mistakes shown in their tab, and its caption."""
    tab = app.tabs[1]
    said = tab.caption[0].value.partition(": digit")[0]
    return len(tab.image), said
