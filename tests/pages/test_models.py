import json
import re
from typing import Any

import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from digitrec.drawings.accuracy import Measurements, drawings_state
from digitrec.drawings.store import DrawingStore
from digitrec.errors import ModelError
from digitrec.exchange.foreign_files import suggested_name
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import load_settings
from digitrec.ui.drawings import measured
from digitrec.ui.models import downloads, importing, measurement
from digitrec.ui.plain_text import plain
from tests.conftest import copy_of
from tests.pages.conftest import Opener
from tests.support.drawings import new_drawing, png_of
from tests.support.runs import report_of, rewrite_report

PAGE = "networks/models"


def table(app: AppTest) -> Any:
    return app.dataframe[0].value


def settings(app: AppTest) -> Any:
    return app.dataframe[1].value


def read_in_table(app: AppTest) -> Any:
    """Return what the table shows, as text."""
    return convert_arrow_bytes_to_pandas_df(app.dataframe[0].proto.arrow_data.styler.display_values)


def names(app: AppTest) -> list[str]:
    return list(table(app)["name"])


def choose(app: AppTest, *names: str) -> AppTest:
    app.session_state["models_chosen"] = list(names)
    return app.run()


def has(app: AppTest, key: str) -> bool:
    return any(button.key == key for button in app.button)


def save_labeled(digit: int, label: int) -> None:
    drawing = new_drawing(digit, picture=png_of(digit), strokes=(), label=label)
    DrawingStore(load_settings().database_url).save(drawing)


def test_all_runs_are_in_the_table_and_the_apps_model_has_a_star(
    open_page: Opener, mine: Run
) -> None:
    mine.write_note("my best")
    frame = table(open_page(PAGE)).set_index("name")
    assert set(frame.index) == {"mine", "Handwriting expert", "Tutorial network"}
    assert frame["active"].to_dict() == {
        "mine": "",
        "Handwriting expert": "★",
        "Tutorial network": "",
    }
    row = frame.loc["mine"]
    assert (row["network"], row["state"], row["note"]) == ("seed-cnn", "Finished", "my best")
    assert row["accuracy"] == mine.results().test_accuracy
    assert row["duration"] == report_of(mine)["duration_s"]


def test_the_table_is_searched_and_filtered(open_page: Opener, mine: Run) -> None:
    app = open_page(PAGE)
    app.text_input(key="models_search").set_value("cnn finished").run()
    app.selectbox(key="models_network").set_value("res-cnn").run()
    assert names(app) == ["Handwriting expert"]
    app.text_input(key="models_search").set_value("nothing like it").run()
    assert names(app) == []
    assert "0 of 3 runs" in [caption.value for caption in app.caption]
    assert app.info[0].value == "No runs match your search."
    app.button(key="models_show_all").click().run()
    assert len(names(app)) == 3


def test_selected_runs_stay_selected_when_rows_move(open_page: Opener, mine: Run) -> None:
    app = choose(open_page(PAGE), "seed-cnn")

    def chosen() -> list[str]:
        rows = app.session_state["models_table"]["selection"]["rows"]
        return [names(app)[row] for row in rows]

    assert chosen() == ["Tutorial network"]
    app.selectbox(key="models_network").set_value("seed-cnn").run()
    assert chosen() == ["Tutorial network"]
    app.text_input(key="models_search").set_value("seed").run()
    assert app.session_state["models_table"]["selection"]["rows"] == [0]
    assert app.subheader[0].value == "Tutorial network"
    assert "Called seed-cnn in commands and files." in [one.value for one in app.caption]


def test_sizes_and_durations_are_written_as_everywhere(open_page: Opener, mine: Run) -> None:
    rewrite_report(mine, duration_s=551)
    app = open_page(PAGE)
    place = list(app.dataframe[0].value.columns).index
    shown = read_in_table(app).iloc[names(app).index("mine")]
    size = f"{mine.tflite_path.stat().st_size / 1e6:.1f} MB"
    assert (shown.iloc[place("duration")], shown.iloc[place("size")]) == ("9 min 11 s", size)


def verdict(app: AppTest) -> tuple[str, str]:
    """Return the verdict on two models, and the figure beneath it."""
    (said,) = [words.value for words in app.markdown if " mistakes in 10,000" in words.value]
    (how,) = [one.value for one in app.caption if one.value.startswith(("p ", "the 95%"))]
    return said, how


def test_two_models_that_differ_by_chance_are_said_to(open_page: Opener) -> None:
    app = choose(open_page(PAGE), "bn-cnn", "seed-cnn")
    said, how = verdict(app)
    assert said.startswith(
        "On MNIST's test set, Handwriting expert makes 36 mistakes in 10,000 and Tutorial network "
        "40. Handwriting expert gets "
    )
    only = [int(count) for count in re.findall(r"gets (\d+)", said)]
    assert only[1] == only[0] - 4
    assert f"gets {only[0]} digits right that Tutorial network gets wrong" in said
    assert said.endswith(" right that Handwriting expert gets wrong. This may be chance.")
    assert how.startswith("p = 0.")
    assert "McNemar's test" in [one.proto.popover.label for one in app.get("popover")]


def test_two_models_that_read_the_same_digits_are_said_to(open_page: Opener, mine: Run) -> None:
    said, how = verdict(choose(open_page(PAGE), "mine", "seed-cnn"))
    assert said.endswith("They get the same digits right.")
    assert how == "p = 1.000"


def test_a_clear_difference_is_no_chance(open_page: Opener, trained: Run) -> None:
    said, how = verdict(choose(open_page(PAGE), "trained", "seed-cnn"))
    assert said.endswith("This is unlikely to be chance.")
    assert how == plain("p < 0.001")


def test_runs_without_saved_answers_are_compared_by_their_intervals(
    open_page: Opener, mine: Run
) -> None:
    mine.test_answers_path.unlink()
    for accuracy, words, intervals in (
        (0.995, "50. This may be chance.", "overlap"),
        (0.99, "100. This is unlikely to be chance.", "don't overlap"),
    ):
        rewrite_report(mine, test_accuracy=accuracy)
        app = choose(open_page(PAGE), "mine", "seed-cnn")
        said, how = verdict(app)
        assert said.endswith(f"and mine {words}")
        assert how == f"the 95% intervals {intervals}"
        assert "Interval" in [one.proto.popover.label for one in app.get("popover")]


def test_each_of_two_compared_models_can_be_used(
    open_page: Opener, mine: Run, store: ModelStore
) -> None:
    app = choose(open_page(PAGE), "mine", "seed-cnn")
    for name, label in (("mine", "Use mine"), ("seed-cnn", "Use Tutorial network")):
        assert app.button(key=f"models_use_{name}").label == label
        app.button(key=f"models_use_{name}").click().run()
        assert store.active_name() == name
        assert not has(app, f"models_use_{name}")
        assert has(app, "models_use_mine") == (name != "mine")
    (mine.path / "report.json").write_text("{")
    assert not has(app.run(), "models_use_mine")


def test_the_star_is_explained_if_another_model_is_more_accurate(
    open_page: Opener, store: ModelStore
) -> None:
    def is_explained() -> bool:
        captions = [caption.value for caption in open_page(PAGE).caption]
        return any("is measured on MNIST, not on drawings" in caption for caption in captions)

    assert not is_explained()
    store.activate("seed-cnn")
    assert is_explained()


def test_a_click_makes_a_model_the_apps(open_page: Opener, mine: Run, store: ModelStore) -> None:
    app = choose(open_page(PAGE), "mine")
    app.button(key="models_use").click().run()
    assert store.active_name() == "mine"
    assert table(app).set_index("name")["active"]["mine"] == "★"
    assert not has(app, "models_use")


def test_a_damaged_run_is_reported_and_hides_no_other(
    open_page: Opener, mine: Run, store: ModelStore
) -> None:
    (mine.path / "report.json").write_text("{")
    (copy_of(store, "seed-cnn", "odd").path / "config.json").write_text("[]")
    app = open_page(PAGE)
    states = table(app).set_index("name")["state"]
    assert [states[name] for name in ("mine", "odd", "Tutorial network")] == [
        "Damaged",
        "Damaged",
        "Finished",
    ]
    assert "Run 'mine': report.json can't be read" in choose(app, "mine").error[0].value
    assert not has(app, "models_use")
    assert "config.json is damaged" in choose(app, "odd").error[0].value
    assert "config.json is damaged" in choose(app, "odd", "mine", "seed-cnn").error[0].value
    assert not app.exception


def test_a_model_is_renamed_and_stays_chosen_and_the_apps(
    open_page: Opener, mine: Run, store: ModelStore
) -> None:
    store.activate("mine")
    app = choose(open_page(PAGE), "mine")
    app.text_input(key="models_name_mine").set_value("seed-cnn").run()
    app.button(key="models_rename").click().run()
    assert "There is already a run called 'seed-cnn'" in app.error[0].value
    app.text_input(key="models_name_mine").set_value(" better ").run()
    app.button(key="models_rename").click().run()
    assert app.subheader[0].value == "better"
    assert store.active_name() == "better"
    app.text_input(key="models_name_better").set_value("Anna's network").run()
    app.button(key="models_rename").click().run()
    assert app.subheader[0].value == "Anna's network"
    assert store.active_name() == "Annas-network"
    assert "Anna's network" in names(app)


def test_a_note_is_kept_and_shown(open_page: Opener, mine: Run) -> None:
    app = choose(open_page(PAGE), "mine")
    app.text_area(key="models_note_mine").set_value("half the rate").run()
    assert mine.note() == "half the rate"
    assert "half the rate" in list(table(app)["note"])


def test_shipped_models_can_not_be_renamed_deleted_or_annotated(open_page: Opener) -> None:
    app = choose(open_page(PAGE), "seed-cnn")
    assert app.subheader[0].value == "Tutorial network"
    assert "Called seed-cnn in commands and files." in [one.value for one in app.caption]
    assert not has(app, "models_rename")
    assert not has(app, "models_delete")
    assert not app.text_area


def test_a_model_is_deleted_and_restored(open_page: Opener, mine: Run, store: ModelStore) -> None:
    app = choose(open_page(PAGE), "mine")
    assert not has(app, "models_undo")
    app.button(key="models_delete").click().run()
    assert "mine" not in names(app)
    app.button(key="models_undo").click().run()
    assert "mine" in names(app)
    assert store.trash.title() is None


def test_several_runs_are_compared_those_that_differ_first(
    open_page: Opener, mine: Run, store: ModelStore
) -> None:
    config = mine.config()
    assert config is not None
    mine.write_json("config.json", config.to_dict() | {"batch_size": 64})
    app = choose(open_page(PAGE), "mine", "seed-cnn")
    marks = settings(app)["≠"]
    assert list(marks[:2].items()) == [("Batch size", "≠"), ("Network", "=")]
    assert settings(app).loc["Batch size", ["mine", "Tutorial network"]].tolist() == ["64", "128"]
    assert len(app.get("echarts_chart")) == 2
    app.toggle(key="models_only_differences").set_value(True).run()
    assert list(settings(app).index) == ["Batch size"]


def test_runs_without_curves_or_settings_are_named(open_page: Opener, mine: Run) -> None:
    (mine.path / "config.json").unlink()
    mine.append_event("started", epochs=1, epochs_done=0, steps_per_epoch=1)
    metrics = {"epoch": 1, "loss": 0.1, "accuracy": 0.9, "duration_s": 1}
    mine.append_event("epoch", **metrics, val_loss=None, val_accuracy=None)
    mine.append_event("finished")
    app = choose(open_page(PAGE), "mine", "bn-cnn", "seed-cnn")
    captions = [caption.value for caption in app.caption]
    assert "These have no settings: mine." in captions
    assert "These have no validation curves: mine." in captions


def test_at_most_ten_runs_are_compared(open_page: Opener, store: ModelStore) -> None:
    many = [copy_of(store, "seed-cnn", f"run-{number}").name for number in range(11)]
    app = choose(open_page(PAGE), *many)
    assert "Showing the first 10 of 11 selected runs." in [caption.value for caption in app.caption]
    assert len(settings(app).columns) == 11


def test_settings_have_the_names_that_the_training_form_gives_them(open_page: Opener) -> None:
    app = open_page("networks/train")
    widgets = (*app.toggle, *app.slider, *app.select_slider, *app.selectbox)
    asked = {widget.label for widget in widgets if widget.key != "train_run"}
    asked -= {"Log scale", "Answers at epoch"}  # Of the curves of the run that is shown.
    assert len(asked) == 17
    assert asked <= set(settings(choose(open_page(PAGE), "seed-cnn", "bn-cnn")).index)


def test_models_are_measured_on_the_labeled_drawings_once(
    open_page: Opener, mine: Run, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for digit, label in ((3, 3), (7, 7), (8, 1), (5, 5)):
        save_labeled(digit, label)
    app = open_page(PAGE)
    assert table(app)["drawings"].isna().all()
    app.button(key="models_measure").click().run()
    assert table(app)["drawings"].tolist() == [0.75] * 3
    assert json.loads(app.dataframe[0].proto.columns)["drawings"]["label"] == "On 4 drawings"
    assert app.button(key="models_measure").disabled
    monkeypatch.setattr(measurement, "measure", lambda *_: pytest.fail("measured again"))
    assert table(open_page(PAGE))["drawings"].tolist() == [0.75] * 3
    save_labeled(6, 6)
    assert table(open_page(PAGE))["drawings"].isna().all()


def test_a_model_that_has_learned_from_the_drawings_is_named(open_page: Opener, mine: Run) -> None:
    save_labeled(3, 3)
    rewrite_report(
        mine, teaching={
            "taught": 8, "held_back": 0, "left_out": 0, "taught_right": [0, 8],
            "held_back_right": [0, 0], "test_accuracy": [0.996, 0.996], "changed": [],
        },
    )  # fmt: skip
    app = open_page(PAGE)
    learned = "mine was taught with 8 of your drawings. It may do worse on new ones."
    assert learned not in [text.value for text in app.caption]
    app.button(key="models_measure").click().run()
    assert learned in [text.value for text in app.caption]


@pytest.mark.parametrize(("many", "words"), [(20, "17 of 19"), (19, "89.47%")])
def test_accuracies_are_written_in_the_table_as_everywhere(
    open_page: Opener, store: ModelStore, monkeypatch: pytest.MonkeyPatch, many: int, words: str
) -> None:
    monkeypatch.setattr(measured, "MANY", many)
    for _ in range(17):
        save_labeled(7, 7)
    for _ in range(2):
        save_labeled(7, 1)
    history = DrawingStore(load_settings().database_url)
    model = str(store.run("bn-cnn").results().version)
    Measurements(drawings_state(history), {model: 17 / 19}).write(store.models_dir)
    app = choose(open_page(PAGE), "bn-cnn")
    shown = read_in_table(app).set_index("name")
    assert shown["drawings"].to_dict() == {"Handwriting expert": words, "Tutorial network": "–"}
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Accuracy"] == shown.loc["Handwriting expert", "accuracy"]
    assert metrics["On 19 drawings"] == words


def test_a_damaged_model_does_not_stop_the_measuring(open_page: Opener, mine: Run) -> None:
    save_labeled(3, 3)
    rewrite_report(mine, model_sha256="of another file")
    app = open_page(PAGE)
    app.button(key="models_measure").click().run()
    assert "Model 'mine' is damaged" in app.error[0].value
    accuracies = table(app).set_index("name")["drawings"]
    assert accuracies["Handwriting expert"] == 1
    assert accuracies.isna()["mine"]


def test_without_labels_the_page_says_how_to_add_some(open_page: Opener, store: ModelStore) -> None:
    app = open_page(PAGE)
    app.button(key="models_measure").click().run()
    assert app.info[0].value.startswith("Nothing is saved yet.")
    save_labeled(3, 3)
    history = DrawingStore(load_settings().database_url)
    history.label([1], None)
    app.button(key="models_measure").click().run()
    assert app.info[0].value.startswith("Your drawing has no label yet.")
    assert not (store.models_dir / ".drawing_accuracy.json").exists()


def test_a_plain_visit_does_not_wait_for_the_database(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "drawing_store", lambda: pytest.fail("it was opened"))
    assert len(names(open_page(PAGE))) == 2


def test_a_bad_database_hides_the_accuracies_alone(
    open_page: Opener, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.models_dir.mkdir()
    (store.models_dir / ".drawing_accuracy.json").write_text(
        '{"state": "x", "accuracies": {"abc": 1}}'
    )
    monkeypatch.setenv("DIGITREC_DATABASE_URL", "sqlite:////proc/nowhere/x.sqlite3")
    app = open_page(PAGE)
    assert "The drawings' database can't be opened" in app.error[0].value
    assert len(names(app)) == 2


def test_the_formats_that_a_run_has_are_offered(open_page: Opener, mine: Run) -> None:
    app = choose(open_page(PAGE), "mine")
    assert len(app.selectbox(key="models_format").options) == 6
    (mine.path / "config.json").unlink()
    assert len(app.run().selectbox(key="models_format").options) == 5
    (mine.path / "report.json").unlink()
    offered = [box.key for box in choose(app, "mine").selectbox]
    assert offered == ["models_network"]


def test_a_conversion_that_fails_is_explained(
    open_page: Opener, mine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> bytes:
        raise ModelError("model.keras can't be loaded")

    monkeypatch.setattr(downloads, "export_bytes", fail)
    app = choose(open_page(PAGE), "mine")
    app.selectbox(key="models_format").set_value("onnx").run()
    app.button(key="models_convert").click().run()
    assert "Model.keras can't be loaded" in app.error[0].value
    assert not app.get("download_button")


def test_an_exported_network_can_be_imported_again(
    open_page: Opener, mine: Run, store: ModelStore
) -> None:
    app = choose(open_page(PAGE), "mine")
    app.selectbox(key="models_format").set_value("h5").run()
    app.button(key="models_convert").click().run()
    assert len(app.get("download_button")) == 1
    _, content = app.session_state["models_converted"]
    app.file_uploader(key="models_file_0").set_value(
        ("my net (1).h5", content, "application/x-hdf5")
    ).run()
    app.button(key="models_import").click().run()
    assert app.subheader[0].value == "my-net-1"
    assert table(app).set_index("name")["network"]["my-net-1"] == "imported"
    assert store.run("my-net-1").results().test_accuracy == mine.results().test_accuracy
    assert app.file_uploader[0].value is None
    note = "Imported from my net (1).h5 without changes."
    assert (
        f"{mine.results().test_accuracy:.2%} accuracy on MNIST's test set" in app.success[0].value
    )
    assert plain(note) in app.success[0].value
    assert plain(note) in [caption.value for caption in app.caption]
    assert not app.run().success


def test_a_taken_name_is_proposed_with_a_number(open_page: Opener, mine: Run) -> None:
    app = open_page(PAGE)
    app.file_uploader(key="models_file_0").set_value(("mine.h5", b"hello", "")).run()
    (name,) = [field for field in app.text_input if field.label == "Name"]
    assert name.value == "mine-2"


def test_a_model_without_layers_explains_its_limits(
    open_page: Opener, mine: Run, store: ModelStore
) -> None:
    mine.keras_path.unlink()
    words = (
        "Imported from net.tflite without changes; it has no Keras layers, so it can't be trained "
        "further."
    )
    rewrite_report(mine, import_note=words)
    app = choose(open_page(PAGE), "mine")
    assert app.selectbox(key="models_format").options == [
        "LiteRT (.tflite), as the app serves it",
        "Training metrics (.csv)",
    ]
    captions = [caption.value for caption in app.caption]
    assert plain(words) in captions
    assert "This model was imported without its layers, so it can't be converted." in captions
    store.activate("mine")
    save_labeled(3, 3)
    teach = open_page("digits/teach")
    assert teach.selectbox(key="teach_from").options == ["Handwriting expert", "Tutorial network"]
    assert "Models imported without layers can't be taught: mine." in [
        caption.value for caption in teach.caption
    ]


def test_an_import_that_fails_is_explained(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ModelError("'net.keras' is no .keras file")

    monkeypatch.setattr(importing, "import_bytes", fail)
    app = open_page(PAGE)
    app.file_uploader(key="models_file_0").set_value(("net.keras", b"hello", "")).run()
    app.button(key="models_import").click().run()
    assert app.error[0].value == "'net.keras' is no .keras file."


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("mnist.h5", "mnist"), ("my net (1).keras", "my-net-1"), ("../x.h5", "x"),
        ("ż.h5", "imported"), (".h5", "h5"), ("a" * 80 + ".h5", "a" * 64),
    ],
)  # fmt: skip
def test_a_name_is_suggested(file_name: str, name: str) -> None:
    assert suggested_name(file_name) == name


def test_the_settings_name_the_model_that_a_run_starts_from(
    open_page: Opener, mine: Run, store: ModelStore
) -> None:
    hers = store.rename("mine", "Anna's network")
    store.create_run(TrainingConfig(start_from=hers.name), "Further on")
    app = choose(open_page(PAGE), "Further-on")
    assert app.subheader[0].value == "Further on"
    assert settings(app).loc["Start from", "Further on"] == "Anna's network"
    assert table(app)["network"][0] == "from Anna's network"


def test_a_card_selects_its_run_as_the_table_does(open_page: Opener, mine: Run) -> None:
    app = open_page(PAGE)
    app.checkbox(key="models_pick_mine").check().run()
    assert app.subheader[0].value == "mine"
    rows = app.session_state["models_table_1"]["selection"]["rows"]
    assert [names(app)[row] for row in rows] == ["mine"]
    app.checkbox(key="models_pick_bn-cnn").check().run()
    assert app.toggle(key="models_only_differences")
    app.checkbox(key="models_pick_mine").uncheck().run()
    assert app.subheader[0].value == "Handwriting expert"
    assert not app.checkbox(key="models_pick_mine").value


def test_more_cards_are_shown_on_request(open_page: Opener, store: ModelStore) -> None:
    for number in range(7):
        copy_of(store, "seed-cnn", f"run-{number}")
    app = open_page(PAGE)
    assert len(app.checkbox) == 6
    choose(app, "run-0")
    assert app.checkbox(key="models_pick_run-0").value  # Whatever is selected is shown, too.
    assert len(app.checkbox) == 7
    assert app.toggle(key="models_all_cards").label == "Show 3 more"
    app.toggle(key="models_all_cards").set_value(True).run()
    assert len(app.checkbox) == 9


def curve_color(app: AppTest, name: str) -> str:
    """Return the color of a run's curve."""
    spec = json.loads(app.get("echarts_chart")[0].proto.spec)
    (color,) = [curve["color"] for curve in spec["series"] if curve.get("name") == name]
    return str(color)


def test_a_run_has_one_color_in_table_and_curves_and_keeps_it(open_page: Opener, mine: Run) -> None:
    app = choose(open_page(PAGE), "mine", "seed-cnn")
    color = curve_color(app, "Tutorial network")
    assert color != curve_color(app, "mine")
    styles = app.dataframe[0].proto.arrow_data.styler.styles
    assert [color in styles, curve_color(app, "mine") in styles] == [True, True]
    choose(app, "bn-cnn", "seed-cnn")
    assert curve_color(app, "Tutorial network") == color
    assert "background-color" not in choose(app, "mine").dataframe[0].proto.arrow_data.styler.styles


def test_the_columns_fit_beside_the_longest_name(open_page: Opener, mine: Run) -> None:
    def shown(app: AppTest) -> tuple[set[str], int]:
        proto = app.dataframe[0].proto
        columns = json.loads(proto.columns)
        return set(proto.column_order), sum(columns[name]["width"] for name in proto.column_order)

    usual, width = shown(open_page(PAGE))
    assert {"name", "network", "accuracy", "parameters", "date"} <= usual
    # Columns without any value are left out.
    assert not {"note", "drawings", "color"} & usual
    long = mine.path.rename(mine.path.with_name("n" * 64))
    Run(long).write_note("my best")
    fewer, narrower = shown(open_page(PAGE))
    assert {"name", "accuracy", "note"} <= fewer
    assert "parameters" not in fewer
    assert max(width, narrower) <= 1084


def test_a_cell_without_a_value_has_a_dash_and_its_heading_says_why(
    open_page: Opener, mine: Run
) -> None:
    proto = choose(open_page(PAGE), "mine", "bn-cnn").dataframe[0].proto
    assert proto.placeholder == "–"
    shown = convert_arrow_bytes_to_pandas_df(proto.arrow_data.styler.display_values)
    assert set(shown["color"]) == {"", "–"}
    helps = {name: column.get("help", "") for name, column in json.loads(proto.columns).items()}
    for name in ("color", "accuracy", "drawings", "parameters", "size", "duration"):
        assert "–" in helps[name]


def test_smoothed_curves_stand_before_what_was_measured(open_page: Opener, mine: Run) -> None:
    app = choose(open_page(PAGE), "mine", "bn-cnn")
    before = json.loads(app.get("echarts_chart")[0].proto.spec)["series"]
    app.slider(key="models_smoothing").set_value(0.8).run()
    after = json.loads(app.get("echarts_chart")[0].proto.spec)["series"]
    assert [curve["data"] for curve in after[:2]] == [curve["data"] for curve in before]
    assert after[2]["name"] == before[0]["name"]
    assert after[2]["data"] != before[0]["data"]
