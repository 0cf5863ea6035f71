import shutil
from typing import Any

import numpy as np
from streamlit.proto.Metric_pb2 import Metric as MetricProto
from streamlit.testing.v1 import AppTest

from digitrec.drawings.store import DrawingStore
from digitrec.labels import NO_DIGIT
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.teaching.taught_drawings import TaughtDrawings
from digitrec.teaching.teaching_run import teaching_config
from tests.pages.conftest import Opener
from tests.support.drawings import new_drawing, png_of
from tests.support.runs import rewrite_report

PAGE = "digits/teach"
BEFORE = {"answer": 1, "confidence": 0.6}
AFTER = {"answer": 7, "confidence": 0.9}
CHANGED = [
    {"id": 1, "label": 7, "held_back": False, "before": BEFORE, "after": AFTER},
    {"id": 2, "label": 1, "held_back": True, "before": BEFORE, "after": AFTER},
]
TEACHING = {
    "taught": 9, "held_back": 3, "left_out": 2, "taught_right": [1, 8],
    "held_back_right": [2, 1], "test_accuracy": [0.996, 0.9955], "changed": CHANGED,
}  # fmt: skip


def taught(store: ModelStore, name: str, owner: str = "", **teaching: Any) -> Run:
    """Return a finished run that taught ``seed-cnn``."""
    run = store.create_run(teaching_config(store, "seed-cnn"), name)
    TaughtDrawings(
        np.array([1, 2]), np.zeros((2, 28, 28), np.uint8), np.array([7, 1], np.uint8),
        np.array([False, True]), np.array([1, 1], np.uint8), np.array([0.6, 0.6], np.float32),
        0.996, 2, owner,
    ).write(run)  # fmt: skip
    shipped = store.run("seed-cnn")
    for file in ("model.keras", "model.tflite", "report.json"):
        shutil.copyfile(shipped.path / file, run.path / file)
    rewrite_report(run, epochs_done=2, teaching=TEACHING | teaching)
    run.append_event("finished", test_accuracy=0.9955)
    return run


def words(app: AppTest) -> list[str]:
    return [text.value for text in [*app.markdown, *app.caption]]


def metrics(app: AppTest) -> dict[str, tuple[str, str]]:
    return {metric.label: (metric.value, metric.delta) for metric in app.metric}


def test_without_labels_it_says_what_to_do(open_page: Opener, history: DrawingStore) -> None:
    history.save(new_drawing())
    app = open_page(PAGE)
    assert app.info[0].value.startswith("Your drawing has no label yet.")
    assert not app.button
    history.delete([1])
    assert app.run().info[0].value.startswith("Your only drawing is in the trash.")
    history.empty_trash()
    assert app.run().info[0].value.startswith("Nothing is saved yet.")


def test_the_button_teaches_the_chosen_model(
    open_page: Opener, history: DrawingStore, store: ModelStore
) -> None:
    for label in (3, 3, NO_DIGIT):
        history.save(new_drawing(picture=png_of(3), strokes=(), label=label))
    history.save(new_drawing())
    app = open_page(PAGE)
    assert "**3 labeled drawings**" in words(app)
    assert "3: 2 · not a digit: 1" in words(app)
    app.selectbox(key="teach_from").set_value("seed-cnn").run()
    app.button(key="teach_start").click().run()
    assert not app.error
    run = store.live_run()
    assert run is not None
    config, drawings = run.config(), TaughtDrawings.read(run)
    assert config is not None
    assert config.start_from == "seed-cnn"
    assert drawings is not None
    assert drawings.labels.tolist() == [3, 3]
    assert drawings.left_out == 1
    assert app.button(key="teach_start").disabled
    app.button(key="teach_allow_another").click().run()
    assert not app.button(key="teach_start").disabled


def test_the_outcome_is_shown(open_page: Opener, store: ModelStore) -> None:
    taught(store, "taught")
    app = open_page(PAGE)
    assert metrics(app)["Correct, held-back drawings"] == ("1 of 3", "-1")
    assert metrics(app)["Correct, taught drawings"] == ("8 of 9", "+7")
    assert metrics(app)["MNIST test set"] == ("99.55%", "-0.05 points")
    shown = words(app)
    left_out = "2 non-digits were left out because this model recognizes only digits."
    assert any(text.endswith(left_out) for text in shown)
    worse, better = (text for text in shown if "1 → 7" in text)
    assert "red" in worse
    assert "green" in better
    assert shown.index("a 1, held back") < shown.index("a 7, taught")


def test_switching_to_the_taught_model_and_back(open_page: Opener, store: ModelStore) -> None:
    store.activate("seed-cnn")
    taught(store, "taught")
    app = open_page(PAGE)
    app.button(key="teach_use").click().run()
    assert store.active_name() == "taught"
    app.button(key="teach_back").click().run()
    assert store.active_name() == "seed-cnn"


def test_an_unchanged_metric_is_gray_without_an_arrow(open_page: Opener, store: ModelStore) -> None:
    taught(store, "taught", taught_right=[8, 8], test_accuracy=[0.996, 0.99598])
    app = open_page(PAGE)
    shown = {metric.label: metric.proto for metric in app.metric}
    for label in ("Correct, taught drawings", "MNIST test set"):
        assert shown[label].delta == "no change"
        assert shown[label].color == MetricProto.GRAY
        assert shown[label].direction == MetricProto.NONE
    assert shown["Correct, held-back drawings"].direction == MetricProto.DOWN


def test_unchanged_answers_are_mentioned(open_page: Opener, store: ModelStore) -> None:
    taught(store, "taught", changed=[], held_back=0, held_back_right=[0, 0], left_out=0)
    app = open_page(PAGE)
    assert "No answers changed." in [info.value for info in app.info]
    assert metrics(app)["Correct, held-back drawings"] == ("none", "")
    assert not any("left out" in text for text in words(app))


def test_an_earlier_run_can_be_chosen(open_page: Opener, store: ModelStore) -> None:
    taught(store, "first", taught_right=[0, 9])
    taught(store, "second")
    app = open_page(PAGE)
    app.selectbox(key="teach_run").set_value("first").run()
    assert metrics(app)["Correct, taught drawings"] == ("9 of 9", "+9")


def test_lost_drawings_are_explained(open_page: Opener, store: ModelStore) -> None:
    run = taught(store, "taught")
    run.drawings_path.write_bytes(b"broken")
    app = open_page(PAGE)
    assert [error.value for error in app.error] == ["Run 'taught': drawings.npz is damaged."]
