import shutil
from typing import Any

import numpy as np
from streamlit.proto.Metric_pb2 import Metric as MetricProto
from streamlit.testing.v1 import AppTest

from digitrec.drawings.selection import Order
from digitrec.drawings.store import DrawingStore
from digitrec.jobs.queue import training_turn
from digitrec.labels import LABELS, NO_DIGIT
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.teaching.next_digit import ENOUGH
from digitrec.teaching.taught_drawings import TaughtDrawings
from digitrec.teaching.teaching_run import teaching_config
from tests.pages.conftest import Opener, draw, draw_a
from tests.pages.test_draw import ONE_OR_SEVEN
from tests.support.drawings import new_drawing, png_of
from tests.support.patience import wait_for_end
from tests.support.runs import report_of, rewrite_report

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
        [(), ()], 0.996, 2, owner,
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


def label_as(app: AppTest, label: int) -> AppTest:
    return app.button(key=f"draw_label_{label}").click().run()


def hint(app: AppTest) -> str:
    """Return the sentence about the drawings so far and the next one."""
    return str(app.container(key="teach_next").markdown[0].value)


def bucket_counts(app: AppTest) -> list[str]:
    return [text.value.strip("*") for text in app.container(key="teach_buckets").markdown][:11]


def descriptions(app: AppTest) -> list[str]:
    """Return the alternative text of each bucket's samples."""
    return [picture.proto.imgs[0].alt for picture in app.container(key="teach_buckets").image]


def save_threes(history: DrawingStore, *labels: int) -> None:
    for label in labels:
        history.save(new_drawing(picture=png_of(3), strokes=(), label=label))


def test_without_labels_it_says_what_to_do(open_page: Opener, history: DrawingStore) -> None:
    app = open_page(PAGE)
    assert "press its label" in hint(app)
    assert bucket_counts(app) == [""] * 11
    assert "teach_start" not in {button.key for button in app.button}
    history.save(new_drawing())
    labeling = [info.value for info in app.run().info]
    assert any(text.startswith("Your drawing has no label yet.") for text in labeling)


def test_each_drawing_goes_to_its_bucket(open_page: Opener, history: DrawingStore) -> None:
    app = label_as(draw_a(open_page(PAGE), 5), 5)
    assert bucket_counts(app) == ["", "", "", "", "", "1", "", "", "", "", ""]
    assert descriptions(app)[5] == "Your newest drawing labeled 5"
    assert app.button(key="draw_label_5").proto.type == "primary"
    label_as(draw_a(app, 8), 3)
    assert hint(app).startswith("**2 labeled drawings.**")
    assert descriptions(app)[3] == "Your newest drawing labeled 3, misread"
    assert descriptions(app)[4] == "No drawings labeled 4 yet"
    assert [(d.label, d.digit) for d in history.find(order=Order.OLDEST)] == [(5, 5), (3, 8)]
    label_as(app, 8)
    app.button(key="draw_unsave").click().run()
    assert hint(app).startswith("**1 labeled drawing.**")
    assert app.button(key="draw_unsave").disabled
    assert bucket_counts(app)[8] == ""


def test_a_key_without_a_drawing_saves_nothing(open_page: Opener, history: DrawingStore) -> None:
    app = label_as(open_page(PAGE), 7)
    assert not app.exception
    assert history.count().all == 0


def test_it_says_what_to_draw_next(open_page: Opener, history: DrawingStore) -> None:
    save_threes(history, 3, 3)
    app = open_page(PAGE)
    assert hint(app).endswith("Next, draw a **0**: you have none yet.")
    save_threes(history, 6)
    app.run()
    assert hint(app).endswith("Next, draw a **6**: the model misreads your only 6.")
    assert app.container(key="teach_bucket_next").button[0].key == "draw_label_6"
    save_threes(history, 6, NO_DIGIT)
    assert hint(app.run()).endswith("the model misreads 2 of your 2 sixes.")


def test_it_asks_for_digits_that_the_model_is_unsure_about(open_page: Opener) -> None:
    app = label_as(draw(open_page(PAGE), ONE_OR_SEVEN), 7)
    assert hint(app).endswith("Next, draw a **7**: the model is unsure about your only 7.")


def test_it_says_when_there_are_enough_of_a_digit(
    open_page: Opener, history: DrawingStore, store: ModelStore
) -> None:
    save_threes(history, NO_DIGIT, *[6] * (ENOUGH - 1))
    app = open_page(PAGE)
    assert "enough" not in hint(app)
    save_threes(history, 6)
    assert hint(app.run()).endswith(
        "You can teach now, or draw a **non-digit**: the model misreads your only non-digit."
    )
    save_threes(history, 7)
    assert "You can teach now, or draw a **7**: the model misreads" in hint(app.run())
    save_threes(history, 6)
    taught(store, "taught", taught=len(history.labels()), held_back=0, left_out=0)
    assert "You can teach now" not in hint(app.run())
    assert hint(app.run()).startswith("**8 labeled drawings.** Next, draw a **7**:")
    save_threes(history, *[label for label in LABELS for _ in range(ENOUGH)])
    assert hint(app.run()).endswith(
        "You have enough of each digit to teach; more would help a little."
    )


def test_the_button_teaches_the_chosen_model(
    open_page: Opener, history: DrawingStore, store: ModelStore
) -> None:
    save_threes(history, 3, 3, NO_DIGIT)
    history.save(new_drawing())
    app = open_page(PAGE)
    assert hint(app).startswith("**3 labeled drawings.**")
    assert any(text.startswith("Makes a new model in about") for text in words(app))
    app.selectbox(key="teach_from").set_value("seed-cnn").run()
    store.models_dir.mkdir(exist_ok=True)
    with training_turn(store, store.run("bn-cnn")):  # So it waits, and trains nothing.
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
        (bar,) = app.container(key="teach_form").get("progress")
        assert "left" in bar.proto.text
        save_threes(history, 3)
        assert app.run().button(key="teach_start").disabled
        assert "You can teach again when taught-001 is done." in words(app)
        app.button(key="teach_stop").click().run()
        wait_for_end(run)
    assert not app.run().container(key="teach_form").get("progress")
    assert not app.button(key="teach_start").disabled


def test_the_outcome_is_shown(open_page: Opener, store: ModelStore) -> None:
    taught(store, "taught")
    app = open_page(PAGE)
    assert metrics(app)["Your test drawings"] == ("1 of 3", "-1")
    assert metrics(app)["Drawings it learned from"] == ("8 of 9", "+7")
    assert metrics(app)["MNIST test set"] == ("99.55%", "-0.05 points")
    shown = words(app)
    left_out = "2 non-digits were left out because this model recognizes only digits."
    assert left_out in shown
    worse, better = (text for text in shown if "1 → 7" in text)
    assert "red" in worse
    assert "green" in better
    assert shown.index("Label: 1, test drawing") < shown.index("Label: 7, learned from")
    assert (
        "Of your 3 test drawings, **taught** reads 1 correctly. Tutorial network read 2." in shown
    )
    assert "teach_run" not in {box.key for box in app.selectbox}


def test_one_drawing_is_not_counted(open_page: Opener, store: ModelStore) -> None:
    taught(store, "taught", taught=1, taught_right=[0, 1], held_back=0, held_back_right=[0, 0])
    sentence = "**taught** reads the drawing it learned from. Tutorial network misread it."
    assert sentence in words(open_page(PAGE))


def test_after_teaching_the_next_step_is_to_use_the_model(
    open_page: Opener, history: DrawingStore, store: ModelStore
) -> None:
    save_threes(history, *[3] * 9)
    taught(store, "taught")
    app = open_page(PAGE)
    app.selectbox(key="teach_from").set_value("seed-cnn").run()
    assert app.button(key="teach_use").proto.type == "primary"
    assert app.button(key="teach_start").proto.type == "secondary"
    assert (
        "Starts again from Tutorial network with all 9 drawings. taught stays as it is."
        in words(app)
    )
    save_threes(history, 3, NO_DIGIT)
    app.button(key="teach_use").click().run()
    again = "Starts again from Tutorial network with all 10 drawings: the new model learns from 8"
    assert any(text.startswith(again) for text in words(app))
    app.selectbox(key="teach_from").set_value("bn-cnn").run()
    assert any(text.startswith("Starts from Handwriting expert with all 11") for text in words(app))


def test_a_worse_model_is_not_recommended(open_page: Opener, store: ModelStore) -> None:
    run = taught(store, "taught", test_accuracy=[0.9959, 0.9116])
    app = open_page(PAGE)
    worse = "MNIST, taught is 8.43 points worse than Tutorial network.** Of your 3 test drawings"
    assert any(f"**On {worse}" in text for text in words(app))
    assert app.button(key="teach_use").proto.type == "secondary"
    run.append_event("stopped", test_accuracy=0.9116)
    assert any(f"**Stopped early: on {worse}" in text for text in words(app.run()))
    rewrite_report(run, teaching=TEACHING | {"test_accuracy": [0.9959, 0.9958]})
    assert any("**Stopped early.** Of your 3" in text for text in words(app.run()))
    assert app.button(key="teach_use").proto.type == "secondary"


def test_what_the_teaching_costs_on_mnist_is_said(open_page: Opener, store: ModelStore) -> None:
    run = taught(store, "taught", test_accuracy=[0.996, 0.9951])
    app = open_page(PAGE)
    assert not any("The trade-off" in text for text in words(app))
    matrix = report_of(run)["confusion_matrix"]
    matrix[9][7], matrix[9][9] = matrix[9][7] + 30, matrix[9][9] - 30
    matrix[3][5], matrix[3][3] = matrix[3][5] + 10, matrix[3][3] - 10
    rewrite_report(run, confusion_matrix=matrix)
    rewrite_report(run, teaching=TEACHING | {"test_accuracy": [0.996, 0.992]})
    assert any(
        text.endswith(
            "The trade-off: it misreads 40 more of MNIST's 10,000 test digits. Most often, it "
            "reads nines as 7, so label some of your nines."
        )
        for text in words(app.run())
    )


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
    shown = {metric.label: metric.proto for metric in open_page(PAGE).metric}
    for label in ("Drawings it learned from", "MNIST test set"):
        assert shown[label].delta == "no change"
        assert shown[label].color == MetricProto.GRAY
        assert shown[label].direction == MetricProto.NONE
    assert shown["Your test drawings"].direction == MetricProto.DOWN


def test_a_change_that_may_be_chance_is_no_alarm(open_page: Opener, store: ModelStore) -> None:
    run = taught(store, "taught", test_accuracy=[0.996, 0.9951])
    app = open_page(PAGE)
    assert {metric.label: metric.proto.color for metric in app.metric} == {
        "Your test drawings": MetricProto.RED,
        "Drawings it learned from": MetricProto.GREEN,
        "MNIST test set": MetricProto.GRAY,
    }
    rewrite_report(run, teaching=TEACHING | {"test_accuracy": [0.996, 0.9949]})
    assert app.run().metric[2].proto.color == MetricProto.RED


def test_unchanged_answers_are_mentioned(open_page: Opener, store: ModelStore) -> None:
    taught(store, "taught", changed=[], held_back=0, held_back_right=[0, 0], left_out=0)
    app = open_page(PAGE)
    assert "No answers changed." in [info.value for info in app.info]
    assert "Your test drawings" not in metrics(app)
    assert not any("left out" in text for text in words(app))
    assert any("the 9 drawings it learned from, **taught** reads 8" in text for text in words(app))


def test_an_earlier_run_can_be_chosen(open_page: Opener, store: ModelStore) -> None:
    taught(store, "first", taught_right=[0, 9])
    taught(store, "second")
    app = open_page(PAGE)
    app.selectbox(key="teach_run").set_value("first").run()
    assert metrics(app)["Drawings it learned from"] == ("9 of 9", "+9")


def test_lost_drawings_are_explained(open_page: Opener, store: ModelStore) -> None:
    run = taught(store, "taught")
    run.drawings_path.write_bytes(b"broken")
    app = open_page(PAGE)
    assert [error.value for error in app.error] == ["Run 'taught': drawings.npz is damaged."]
