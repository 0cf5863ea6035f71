import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import filelock
import pytest
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest

from digitrec.drawings.store import DrawingStore
from digitrec.glossary.terms import TERMS
from digitrec.jobs.start import prepare_to_resume
from digitrec.recipes.optimizers import OPTIMIZERS
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import PRESETS
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.runs.watched_drawing import WatchedDrawing, read_watched_drawing
from digitrec.settings import DEFAULT_MODEL, PROJECT_DIR
from tests.pages.conftest import Opener, draw_a, pixel_pictures
from tests.support.drawings import INPUT, new_drawing
from tests.support.patience import HANG_S, wait_until
from tests.support.runs import rewrite_report


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[TrainingConfig]:
    """The configurations that runs would have started with."""
    found: list[TrainingConfig] = []

    def start(store: ModelStore, config: TrainingConfig, *_: object) -> Run:
        found.append(config)
        return store.run("bn-cnn")

    monkeypatch.setattr("digitrec.ui.train.start.start_run", start)
    return found


def test_the_learning_rate_follows_the_optimizer(open_page: Opener) -> None:
    app = open_page("networks/train")
    for name, optimizer in OPTIMIZERS.items():
        app.selectbox(key="train_optimizer").set_value(name).run()
        assert not app.exception
        assert app.select_slider(key="train_learning_rate").value == optimizer.learning_rate


def test_the_settings_survive_a_change_of_page(open_page: Opener) -> None:
    app = open_page("networks/train")
    app.slider(key="train_epochs").set_value(9).run()
    app.selectbox(key="train_optimizer").set_value("lion").run()
    app.toggle(key="curves_log").set_value(True).run()
    app.switch_page("pages/digits/draw.py").run()
    app.switch_page("pages/networks/train.py").run()
    assert app.slider(key="train_epochs").value == 9
    assert app.selectbox(key="train_optimizer").value == "lion"
    assert app.select_slider(key="train_learning_rate").value == OPTIMIZERS["lion"].learning_rate
    assert app.toggle(key="curves_log").value
    app.selectbox(key="train_run").set_value("seed-cnn").run()
    assert app.toggle(key="curves_log").value


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_sets_all_but_personal_settings(
    open_page: Opener, started: list[TrainingConfig], preset: str
) -> None:
    app = open_page("networks/train")
    assert app.radio(key="train_preset").value == "default"
    app.number_input(key="train_seed").set_value(7).run()
    app.radio(key="train_preset").set_value(preset).run()
    assert app.radio(key="train_preset").value == preset
    app.button(key="train_start").click().run()
    assert not app.exception
    assert started == [replace(PRESETS[preset], seed=7)]
    app.slider(key="train_epochs").set_value(11).run()
    assert app.radio(key="train_preset").value is None
    changed = f"Changed from {preset.capitalize()}: epochs."
    assert changed in [text.value for text in app.caption]


def test_a_preset_that_is_reported_late_does_not_undo_a_change(open_page: Opener) -> None:
    app = open_page("networks/train")
    app.slider(key="train_epochs").set_value(4).run()
    app.radio(key="train_preset").set_value("default")  # As the browser still had it.
    app.slider(key="train_epochs").set_value(3).run()
    assert app.slider(key="train_epochs").value == 3
    assert app.radio(key="train_preset").value is None
    app.radio(key="train_preset").set_value("default").run()
    assert app.slider(key="train_epochs").value == 5


def test_the_layers_of_the_chosen_network_are_shown(open_page: Opener) -> None:
    app = open_page("networks/train")
    assert len(app.table[0].value) == 10
    app.selectbox(key="train_network").set_value("bn-cnn").run()
    layers = app.table[0].value
    assert layers["Layer"].tolist()[0] == "Convolution 3 × 3, normalized"
    assert layers["Output"].tolist()[-1] == "10"


def test_augmented_pictures_are_shown_with_augmentation(open_page: Opener) -> None:
    app = open_page("networks/train")
    assert not pixel_pictures(app)
    app.toggle(key="train_augmentation").set_value(True).run()
    assert not app.exception
    (preview,) = pixel_pictures(app)
    app.slider(key="train_epochs").set_value(7).run()
    assert pixel_pictures(app) == [preview]


def test_the_presets_say_what_they_are_for_and_how_long_they_take(open_page: Opener) -> None:
    app = open_page("networks/train")
    offered = app.radio(key="train_preset")
    assert offered.proto.captions[2] == "Reads drawings better: deeper network, other styles"
    for number, preset in enumerate(("quick", "default", "balanced", "best")):
        app.radio(key="train_preset").set_value(preset).run()
        assert offered.options[number] == f"{preset.capitalize()} · about {takes(app)}"


def takes(app: AppTest) -> str:
    """Return how long the page says that the run takes."""
    words = next(words for words in captions(app) if words.startswith("This takes about"))
    return words.removeprefix("This takes about ").removesuffix(" on this machine.")


def network_said(app: AppTest) -> str:
    """Return what the form says about the size of the network."""
    labels = [one.proto.popover.label for one in app.get("popover")]
    (said,) = [label for label in labels if "parameters" in label]
    return str(said)


def test_a_run_that_starts_from_a_model_has_that_models_network(
    open_page: Opener, started: list[TrainingConfig]
) -> None:
    app = open_page("networks/train")
    new = takes(app)
    app.selectbox(key="train_start_from").set_value("bn-cnn").run()
    assert "Trains a copy of **Handwriting expert**" in [words.value for words in app.markdown]
    assert network_said(app) == "res-cnn, 507,163 parameters"
    assert takes(app) != new
    assert app.radio(key="train_preset").options[1] == f"Default · about {takes(app)}"
    assert app.radio(key="train_preset").proto.captions[0] == "A first result: 2 epochs"
    keys = {widget.key for widget in (*app.selectbox, *app.slider)}
    assert not {"train_network", "train_ensemble", "train_dropout"} & keys
    assert "**Start and seed** · Handwriting expert, seed 0" in [one.label for one in app.expander]
    app.button(key="train_start").click().run()
    (config,) = started
    assert (config.start_from, config.network, config.ensemble) == ("bn-cnn", "res-cnn", 1)


def test_the_choice_of_a_network_comes_back_when_a_new_one_is_trained(open_page: Opener) -> None:
    app = open_page("networks/train")
    app.selectbox(key="train_network").set_value("bn-cnn").run()
    app.slider(key="train_dropout").set_value(0.5).run()
    app.selectbox(key="train_start_from").set_value("seed-cnn").run()
    app.slider(key="train_epochs").set_value(7).run()
    assert network_said(app) == "seed-cnn, 233,162 parameters"
    app.button(key="train_new_network").click().run()
    assert app.selectbox(key="train_network").value == "bn-cnn"
    assert app.slider(key="train_dropout").value == 0.5
    assert app.selectbox(key="train_start_from").value is None
    assert network_said(app) == "282,906 parameters"


def test_another_programs_network_has_no_estimate(open_page: Opener, mine: Run) -> None:
    rewrite_report(mine, parameters=7)
    app = open_page("networks/train")
    app.selectbox(key="train_start_from").set_value("mine").run()
    assert "Imported network, 7 parameters" in captions(app)
    assert not any(words.startswith("This takes about") for words in captions(app))
    assert app.radio(key="train_preset").options[0] == "Quick"


def test_what_a_model_can_not_learn_is_said_before_the_start(open_page: Opener) -> None:
    app = open_page("networks/train")
    app.selectbox(key="train_start_from").set_value("seed-cnn").run()
    app.radio(key="train_preset").set_value("best").run()
    assert app.error[0].value.startswith("Tutorial network recognizes only digits; turn non-digits")
    assert app.button(key="train_start").disabled
    app.toggle(key="train_non_digits").set_value(False).run()
    assert not app.error
    assert not app.button(key="train_start").disabled


def test_a_damaged_model_to_start_from_is_explained(open_page: Opener, mine: Run) -> None:
    (mine.path / "report.json").write_text("{")
    app = open_page("networks/train")
    app.selectbox(key="train_start_from").set_value("mine").run()
    assert "Run 'mine': report.json can't be read" in app.error[0].value
    assert app.button(key="train_start").disabled


def test_the_form_says_that_strokes_are_left_behind(open_page: Opener) -> None:
    def is_said(app: AppTest) -> bool:
        return any(words.startswith("The copy has no stroke reader") for words in captions(app))

    app = open_page("networks/train")
    app.selectbox(key="train_start_from").set_value("bn-cnn").run()
    assert is_said(app)
    app.multiselect(key="train_strokes_from").set_value(["history"]).run()
    assert not is_said(app)
    app.multiselect(key="train_strokes_from").set_value([]).run()
    app.selectbox(key="train_start_from").set_value("seed-cnn").run()
    assert not is_said(app)


def test_a_setting_is_explained_in_one_place(open_page: Opener) -> None:
    app = open_page("networks/train")
    helped = {
        widget.label: str(widget.help)
        for widget in (*app.slider, *app.select_slider, *app.selectbox, *app.toggle)
    }
    for name in ("Dropout", "Optimizer", "Early stopping", "Ensemble", "Augmentation"):
        assert helped[name].startswith(TERMS[name].sentence)
    shown = {one.proto.popover.label for one in app.columns[0].get("popover")}
    assert not shown & set(TERMS)


def test_a_finished_run_is_compared_with_the_model_that_it_started_from(
    open_page: Opener, store: ModelStore, trained: Run
) -> None:
    further = store.create_run(TrainingConfig(start_from="seed-cnn"), "further")
    for name in ("report.json", "model.tflite", "model.keras", "test_answers.npz"):
        shutil.copyfile(trained.path / name, further.path / name)
    further.append_event("finished")
    for page in ("train", "report"):
        said = [words.value for words in open_page(f"networks/{page}").markdown]
        (change,) = [words for words in said if "started from" in words]
        accuracy = f"{trained.results().test_accuracy:.2%}"
        begin = f"further started from Tutorial network and reads {accuracy} of the test set"
        assert change.startswith(f"{begin} instead of 99.60%: ")


def test_early_stopping_without_a_validation_part_is_explained(
    open_page: Opener, store: ModelStore
) -> None:
    app = open_page("networks/train")
    app.slider(key="train_validation_split").set_value(0).run()
    app.select_slider(key="train_early_stopping").set_value(2).run()
    assert "needs a validation split" in app.error[0].value
    assert app.button(key="train_start").disabled


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("seed-cnn", "choose another name, such as 'seed-cnn-2'"),
        ("a/b", "'a/b' isn't a valid name; use up to 64 letters"),
    ],
)
def test_an_invalid_name_is_explained_at_its_field_and_above_the_button(
    open_page: Opener, store: ModelStore, name: str, words: str
) -> None:
    app = open_page("networks/train")
    app.text_input(key="train_name").set_value(name).run()
    assert words in app.error[0].value
    column = [element.type for element in app.columns[0]]
    place = column.index("error")
    assert column[place - 1] == "text_input"
    after = [kind for kind in column[place + 1 :] if kind != "flex_container"]
    assert after[:4] == ["caption", "page_link", "caption", "button"]
    captions = [caption.value for caption in app.columns[0].caption]
    assert "Change the name in *More settings* to start." in captions
    assert app.button(key="train_start").disabled
    app.text_input(key="train_name").set_value("Anna's network").run()
    assert not app.error
    assert not app.button(key="train_start").disabled
    assert sorted(run.name for run in store.runs()) == ["bn-cnn", "seed-cnn"]


def test_a_failed_start_is_explained_once(
    open_page: Opener, store: ModelStore, places: Path
) -> None:
    (places / "models").write_text("a file where the folder should be")
    app = open_page("networks/train")
    app.button(key="train_start").click().run()
    column = [element.type for element in app.columns[0]]
    assert column.index("error") == column.index("button") - 1
    assert not app.run().error


def test_the_same_run_is_started_twice_only_on_purpose(
    open_page: Opener, store: ModelStore
) -> None:
    app = open_page("networks/train")
    app.text_input(key="train_name").set_value("Anna's network").run()
    with filelock.FileLock(store.models_dir / ".training.lock"):
        app.button(key="train_start").click().run()
        assert not app.error
        assert [run.title for run in store.queue()] == ["Anna's network"]
        assert app.button(key="train_start").disabled
        app.button(key="train_allow_another").click().run()
        app.button(key="train_start").click().run()
        assert [run.title for run in store.queue()] == ["Anna's network", "seed-cnn-001"]
        app.slider(key="train_epochs").set_value(7).run()
        assert not app.button(key="train_start").disabled


def test_a_second_press_on_resume_finds_the_run_going(
    open_page: Opener, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.create_run(TrainingConfig(), "cut")
    run.append_event("paused")

    def resume(store: ModelStore, run: Run) -> None:
        run.register_process(os.getpid())  # By the first press, beside this one.
        prepare_to_resume(run)

    monkeypatch.setattr("digitrec.ui.runs.ended_run.resume_run", resume)
    app = open_page("networks/train")
    run.append_event("resumed")
    app.button(key="train_resume").click().run()
    assert not app.error


@pytest.mark.parametrize(
    ("key", "value"), [("epochs", "1"), ("ensemble", "1"), ("dropout", "0.0"), ("ensemble", "3")]
)
def test_a_link_sets_the_lowest_value_too(key: str, value: str) -> None:
    app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=HANG_S)
    app.switch_page("pages/networks/train.py")
    app.query_params[f"train_{key}"] = value
    app.run()
    assert app.slider(key=f"train_{key}").value == float(value)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_sets_values_without_a_warning_on_the_console(
    open_page: Opener,
    preset: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    monkeypatch.setattr(policies._LOGGER, "propagate", True)
    app = open_page("networks/train")
    app.radio(key="train_preset").set_value(preset).run()
    app.selectbox(key="train_optimizer").set_value("sgd").run()
    assert "default value" not in caplog.text


def test_a_run_that_another_one_starts_from_is_chosen_by_its_title(
    open_page: Opener, mine: Run, store: ModelStore
) -> None:
    hers = store.rename("mine", "Anna's network")
    app = open_page("networks/train")
    picker = app.selectbox(key="train_start_from")
    assert "Anna's network" in picker.options
    picker.set_value(hers.name).run()
    assert app.query_params["train_start_from"] == "Annas-network"
    app.switch_page("pages/digits/draw.py").run()
    app.switch_page("pages/networks/train.py").run()
    assert app.selectbox(key="train_start_from").value == hers.name


def test_a_finished_run_shows_its_results(open_page: Opener, trained: Run) -> None:
    app = open_page("networks/train")
    assert app.selectbox(key="train_run").value == "trained"
    report = trained.report()
    assert report is not None
    assert app.metric[0].value == f"{report.test_accuracy:.2%}"
    assert len(app.get("echarts_chart")) == 3
    (report_link,) = [link for link in app.get("page_link") if link.proto.label == "Report"]
    assert report_link.proto.query_string == "report_model=trained"
    wrong = round((1 - report.test_accuracy) * 10_000)
    made = f"{wrong} mistakes on MNIST's 10,000 test digits"
    assert (
        f"**Worse than Tutorial network**: {made} instead of 40.  \n"
        f"**Worse than Handwriting expert**: {made} instead of 36."
    ) in [text.value for text in app.markdown]


@pytest.mark.parametrize(
    ("done", "words"), [(0.072, "7% of an epoch"), (1, "1 epoch"), (2.403, "2.4 epochs")]
)
def test_a_runs_duration_is_shown_in_words(
    open_page: Opener, mine: Run, done: float, words: str
) -> None:
    rewrite_report(mine, epochs_done=done)
    app = open_page("networks/train")
    app.selectbox(key="train_run").set_value("mine").run()
    assert [metric.value for metric in app.metric if metric.label == "Trained for"] == [words]


def test_a_run_that_learned_nothing_says_so_above_its_metrics(open_page: Opener, mine: Run) -> None:
    rewrite_report(mine, test_accuracy=0.0974)
    for page, picker in (("train", "train_run"), ("report", "report_model")):
        app = open_page(f"networks/{page}")
        app.selectbox(key=picker).set_value("mine").run()
        assert app.warning[0].value.startswith("It learned nothing: ")


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


def test_an_interrupted_run_can_be_resumed(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "cut")
    run.append_event("started", epochs=5, epochs_done=0, steps_per_epoch=10)
    app = open_page("networks/train")
    assert "starts over when you resume it" in app.warning[0].value
    run.checkpoint_path.touch()
    app.run()
    assert "You can resume it from its last checkpoint" in app.warning[0].value
    assert app.button(key="train_resume")
    run.append_event("paused")
    app.run()
    assert not app.warning
    assert app.button(key="train_resume")


def test_a_live_run_can_be_paused_or_stopped_and_shows_ten_answers(
    open_page: Opener, store: ModelStore
) -> None:
    run = store.create_run(TrainingConfig(), "live")
    run.register_process(os.getpid())
    run.append_event("started", epochs=5, epochs_done=0, steps_per_epoch=10)
    run.append_event(
        "step", epoch=1, step=5, loss=1.0, accuracy=0.5, images_per_second=9,
        answers=[(digit, 0.9) for digit in range(10)],
    )  # fmt: skip
    app = open_page("networks/train")
    assert any("Ten hard digits of the test set" in caption.value for caption in app.caption)
    app.button(key="train_pause").click().run()
    assert run.pause_requested()
    assert badges(app) == ["Pausing …"]
    assert not {"train_pause", "train_stop"} & {button.key for button in app.button}


def badges(app: AppTest) -> list[str]:
    """Return the words of the badges, without their icons and colors."""
    found = (
        re.search(r"-badge\[(?::material/\w+: )?(.*)\]", words.value) for words in app.markdown
    )
    return [badge[1] for badge in found if badge]


def test_a_slider_goes_back_through_the_answers_and_follows_a_live_run(
    open_page: Opener, store: ModelStore
) -> None:
    run = store.create_run(TrainingConfig(), "live", WatchedDrawing(INPUT, 7).write)
    run.register_process(os.getpid())
    run.append_event("started", epochs=5, epochs_done=0, steps_per_epoch=10)

    def learn(epoch: int, answer: int) -> None:
        answers = [(digit, 0.9) for digit in range(10)] + [(answer, 0.6)]
        run.append_event("step", epoch=epoch, step=5, loss=1.0, accuracy=0.5,
                         images_per_second=9, answers=answers)  # fmt: skip

    learn(1, 3)
    learn(2, 7)
    app = open_page("networks/train")
    slider = app.slider(key="train_moment_live")
    assert (slider.value, own_answer(app)) == (1.5, "7")
    slider.set_value(0.7).run()
    assert own_answer(app) == "3"
    learn(3, 8)
    app.run()
    assert (app.slider(key="train_moment_live").value, own_answer(app)) == (0.7, "3")
    app.slider(key="train_moment_live").set_value(4.0).run()
    assert (app.slider(key="train_moment_live").value, own_answer(app)) == (2.5, "8")


def captions(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def own_answer(app: AppTest) -> str:
    """Return the network's answer to the person's drawing, which stands first."""
    assert any(words.startswith("Your drawing, then ten") for words in captions(app))
    spec = json.loads(app.get("echarts_chart")[0].proto.spec)
    assert len(spec["series"][0]["data"]) == 11
    return spec["series"][0]["data"][0]["label"]["formatter"]


def test_another_persons_drawing_stays_hidden(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "theirs", WatchedDrawing(INPUT, 7, "anna").write)
    run.append_event("started", epochs=5, epochs_done=0, steps_per_epoch=10)
    answers = [(digit, 0.9) for digit in (*range(10), 7)]
    run.append_event("step", epoch=1, step=5, loss=1.0, accuracy=0.5, images_per_second=9,
                     answers=answers)  # fmt: skip
    app = open_page("networks/train")
    spec = json.loads(app.get("echarts_chart")[0].proto.spec)
    assert len(spec["series"][0]["data"]) == 10
    assert not any(words.startswith("Your drawing") for words in captions(app))


def test_the_drawing_on_the_canvas_is_watched_else_the_last_saved_one(
    open_page: Opener, store: ModelStore, history: DrawingStore
) -> None:
    with filelock.FileLock(store.models_dir / ".training.lock"):
        app = open_page("digits/draw")
        app.switch_page("pages/networks/train.py").run()
        assert "Draw a digit first, and watch the network learn it." in captions(app)
        assert "Draw" in [link.proto.label for link in app.get("page_link")]
        history.save(new_drawing(label=3))
        app.run()
        assert "In the next run, watch the network learn your 3." in captions(app)
        app.button(key="train_start").click().run()
        first = store.queue()[0]
        saved = read_watched_drawing(first)
        assert saved is not None
        assert (saved.digit.tobytes(), saved.label) == (INPUT.tobytes(), 3)
        # It would seem to be about the run that waits.
        assert not any(caption.startswith("In the next run") for caption in captions(app))
        first.request_stop()
        wait_until(lambda: not first.is_alive())

        app.switch_page("pages/digits/draw.py").run()
        draw_a(app, 4)
        app.switch_page("pages/networks/train.py").run()
        app.slider(key="train_epochs").set_value(2).run()
        (asked,) = [box for box in app.selectbox if box.label.startswith("In the next run")]
        asked.set_value(4).run()
        app.button(key="train_start").click().run()
        drawn = read_watched_drawing(store.queue()[0])
        assert drawn is not None
        assert (drawn.digit.tobytes() != INPUT.tobytes(), drawn.label) == (True, 4)


def test_more_settings_say_what_is_set(open_page: Opener) -> None:
    app = open_page("networks/train")
    app.segmented_control(key="train_schedule").set_value("cosine").run()
    assert [expander.label for expander in app.expander][:4] == [
        "More settings",
        "**Learning** · Adam, 0.001, cosine",
        "**Training data** · 10% for validation",
        "**Start and seed** · a new network, seed 0",
    ]


def test_a_run_that_makes_pictures_shows_its_progress(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "live")
    run.register_process(os.getpid())
    for event in ("starting", "preparing"):
        run.append_event(event)
    app = open_page("networks/train")
    assert app.get("progress")[0].proto.value == 0
    run.append_event("preparing", done=0.37)
    app.run()
    bar = app.get("progress")[0].proto
    assert (bar.value, bar.text) == (37, "Generating training pictures: 37%")


def test_the_queue_can_be_reordered_and_left(open_page: Opener, store: ModelStore) -> None:
    runs = [store.create_run(TrainingConfig(), name) for name in ("first", "second")]
    for run in runs:
        run.register_process(os.getpid())
    app = open_page("networks/train")
    assert app.button(key="train_earlier_first").disabled
    app.button(key="train_earlier_second").click().run()
    assert [run.name for run in store.queue()] == ["second", "first"]
    app.button(key="train_cancel_first").click().run()
    assert runs[0].stop_requested()
    assert not runs[1].stop_requested()


def test_a_run_that_waits_for_no_other_has_no_queue(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "first")
    run.register_process(os.getpid())
    app = open_page("networks/train")
    assert app.get("progress")[0].proto.text == "Waiting to start …"
    assert "**Waiting**" not in [words.value for words in app.markdown]
    other = store.create_run(TrainingConfig(), "running")
    other.register_process(os.getpid())
    other.append_event("starting")
    app.run()
    assert "**Waiting**" in [words.value for words in app.markdown]
    cancels = [button.key for button in app.button if button.label == "Cancel"]
    assert cancels == ["train_cancel_first"]


def test_the_latest_validation_is_shown(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "live")
    run.register_process(os.getpid())
    run.append_event("started", epochs=2, epochs_done=0, steps_per_epoch=10)
    metrics = {"epoch": 1, "loss": 1.0, "accuracy": 0.5, "val_loss": 1.0}
    run.append_event("step", **metrics, step=5, images_per_second=9, val_accuracy=0.75)
    app = open_page("networks/train")
    assert validation(app) == ("Validation (sample)", "75.00%")
    run.append_event("epoch", **metrics, val_accuracy=0.8, duration_s=1)
    app.run()
    assert validation(app) == ("Validation accuracy", "80.00%")


def validation(app: AppTest) -> tuple[str, str]:
    """Return label and value of the metric of the validation split."""
    (found,) = [one for one in app.metric if one.label.startswith("Validation")]
    return found.label, found.value


def test_epochs_can_be_added_to_a_finished_run(
    open_page: Opener, store: ModelStore, trained: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(
        "digitrec.ui.runs.ended_run.extend_run",
        lambda _, run, epochs: asked.append((run.name, epochs)),
    )
    app = open_page("networks/train")
    assert app.number_input(key="train_until_trained").value == 6
    takes = [caption for caption in captions(app) if caption.startswith("This takes about")]
    assert takes[1].endswith("The learning rate stays as it is.")
    app.number_input(key="train_until_trained").set_value(9).run()
    app.button(key="train_on").click().run()
    assert not app.exception
    assert asked == [("trained", 9)]


@pytest.mark.parametrize("done", [196, 200])
def test_a_run_of_nearly_all_epochs_is_shown(open_page: Opener, trained: Run, done: int) -> None:
    rewrite_report(trained, epochs_done=done)
    trained.write_json("config.json", TrainingConfig(epochs=done).to_dict())
    app = open_page("networks/train")
    assert [field.value for field in app.number_input if field.key == "train_until_trained"] == (
        [200] if done < 200 else []
    )


def test_a_link_to_a_missing_run_is_explained(open_page: Opener, trained: Run) -> None:
    app = open_page("networks/train")
    app.query_params["train_run"] = "<b>nope</b>"
    app.run()
    assert app.warning[0].value == (
        "The model or run in this link doesn't exist. Showing trained instead."
    )


def test_a_failed_run_says_why(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "wild")
    run.log_path.write_text("what it printed")
    run.append_event("failed", message="the loss became NaN or infinite")
    app = open_page("networks/train")
    assert app.error[0].value == "The loss became NaN or infinite."
    assert "Failed: the loss became NaN or infinite" in app.code[0].value
    assert app.code[1].value == "what it printed"
    folded = [expander.label for expander in app.expander]
    assert folded[-2:] == ["Log", "TensorFlow's messages"]


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_a_damaged_report_is_explained(open_page: Opener, trained: Run, content: str) -> None:
    (trained.path / "report.json").write_text(content)
    app = open_page("networks/train")
    assert "Run 'trained': report.json" in app.error[0].value


def test_a_failed_run_can_be_resumed(open_page: Opener, store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "full")
    run.checkpoint_path.touch()
    run.append_event("failed", message="no space left on device")
    app = open_page("networks/train")
    assert app.button(key="train_resume")


def test_a_folder_without_events_is_not_a_run(open_page: Opener, trained: Run) -> None:
    (trained.path / "events.jsonl").unlink()
    app = open_page("networks/train")
    assert app.selectbox(key="train_run").value in ("bn-cnn", "seed-cnn")
