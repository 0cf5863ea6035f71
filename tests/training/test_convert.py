import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from onnx.reference import ReferenceEvaluator

from digitrec.errors import BadInputError, ConfigurationError, ModelError
from digitrec.exchange.formats import EXPORT_FORMATS
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.calibration import Calibration
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.teaching.teaching_run import teaching_config
from digitrec.training.conversion.convert import export_model, import_model
from digitrec.training.keras_networks import build_network
from tests.conftest import Shell
from tests.support.network_files import readout, rewritten
from tests.support.training import small_mnist

pytestmark = pytest.mark.usefixtures("small_mnist")


def network(*layers: Any, size: tuple[int, ...] = (28, 28, 1)) -> keras.Model:
    return keras.Sequential([keras.Input(size), *layers])


def small() -> list[Any]:
    return [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]


@pytest.mark.parametrize("file_format", EXPORT_FORMATS)
def test_an_exported_model_answers_as_the_served_one(
    trained: Run, store: ModelStore, tmp_path: Path, file_format: str
) -> None:
    target = export_model(trained, file_format, tmp_path / f"out{EXPORT_FORMATS[file_format]}")
    x = small_mnist().x_test[:16]
    inputs = (x[..., None] / 255).astype(np.float32)
    expected = store.load_recognizer("trained").outputs(x)
    assert answers_of(target, file_format, inputs) == pytest.approx(expected, abs=1e-4)


def answers_of(target: Path, file_format: str, inputs: Any) -> Any:
    if file_format in ("keras", "h5"):
        return keras.models.load_model(target, compile=False).predict(inputs, verbose=0)
    if file_format == "saved-model":
        return keras.layers.TFSMLayer(target, call_endpoint="serve")(inputs).numpy()
    if file_format == "litert":
        digits = np.rint(inputs[..., 0] * 255).astype(np.uint8)
        return Recognizer(target.read_bytes(), "out").outputs(digits)
    session = ReferenceEvaluator(str(target))
    (answers,) = session.run(None, {session.input_names[0]: inputs})
    return answers


def test_an_export_overwrites_nothing(trained: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.keras").write_text("precious")
    with pytest.raises(BadInputError, match="already exists"):
        export_model(trained, "keras", tmp_path / "mine.keras")
    assert (tmp_path / "mine.keras").read_text() == "precious"


def test_a_damaged_network_is_not_exported(trained: Run, tmp_path: Path) -> None:
    trained.keras_path.write_bytes(b"hello")
    with pytest.raises(ModelError, match="model.keras can't be loaded"):
        export_model(trained, "h5", tmp_path / "out.h5")


@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_the_tutorials_network_is_imported(
    trained: Run, store: ModelStore, tmp_path: Path, ending: str
) -> None:
    model = keras.models.load_model(trained.keras_path)
    model.compile(keras.optimizers.Adadelta(), "categorical_crossentropy", metrics=["accuracy"])
    model.save(tmp_path / f"mnist{ending}")
    run = import_model(store, tmp_path / f"mnist{ending}")
    assert run.name == "mnist"
    mnist = small_mnist()
    answers = store.load_recognizer("trained").outputs(mnist.x_test).argmax(axis=1)
    assert run.results().test_accuracy == np.mean(answers == mnist.y_test)
    assert store.load_recognizer("mnist")
    assert run.state() == "finished"


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("activation", "nonsense", "can't be loaded: .*nonsense"),
        ("units", 20, "can't be loaded: .*shape"),
        ("units", 10**9, "no weights for a layer of size '1000000000'"),
    ],
)
def test_a_refused_network_is_explained(
    store: ModelStore, tmp_path: Path, setting: str, value: Any, words: str
) -> None:
    layers = [keras.layers.Flatten(), keras.layers.Dense(20), keras.layers.Dense(10)]
    network(*layers).save(tmp_path / "plain.keras")

    def change(architecture: Any) -> None:
        architecture["config"]["layers"][-1]["config"][setting] = value

    rewritten(tmp_path / "plain.keras", tmp_path / "other.keras", change)
    with pytest.raises(ModelError, match=words):
        import_model(store, tmp_path / "other.keras")


def test_a_network_without_a_softmax_gets_one(store: ModelStore, tmp_path: Path) -> None:
    network(keras.layers.Flatten(), keras.layers.Dense(10)).save(tmp_path / "logits.keras")
    import_model(store, tmp_path / "logits.keras")
    probabilities = store.load_recognizer("logits").answers(small_mnist().x_test[:8]).probabilities
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_a_network_with_non_digits_is_imported(store: ModelStore, tmp_path: Path) -> None:
    layers = [keras.layers.Flatten(), keras.layers.Dense(11, activation="softmax")]
    network(*layers).save(tmp_path / "eleven.keras")
    import_model(store, tmp_path / "eleven.keras")
    recognizer = store.load_recognizer("eleven")
    assert recognizer.classes == 11
    assert recognizer.calibration == Calibration(temperature=1.0, digit_threshold=0.5)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (
            network(keras.layers.Flatten(), keras.layers.Dense(3)),
            "an input of 28 x 28 x 1 and an output of 3",
        ),
        (network(*small(), size=(32, 32, 3)), "an input of 32 x 32 x 3 and an output of 10"),
        (network(*small(), size=(28, 27)), "an input of 28 x 27 and an output of 10"),
    ],
)
@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_another_shape_is_refused(
    store: ModelStore, tmp_path: Path, model: keras.Model, words: str, ending: str
) -> None:
    model.save(tmp_path / f"m{ending}")
    with pytest.raises(ModelError, match=words):
        import_model(store, tmp_path / f"m{ending}")
    assert {run.name for run in store.runs()} == {"bn-cnn", "seed-cnn"}


@pytest.mark.parametrize("ending", [".h5", ".keras"])
def test_no_code_inside_a_file_is_run(store: ModelStore, tmp_path: Path, ending: str) -> None:
    trap = tmp_path / "trap"

    def spring(x: Any, path: str = str(trap)) -> Any:
        import pathlib

        pathlib.Path(path).touch()
        return x

    model = network(keras.layers.Lambda(spring), *small())
    model.save(tmp_path / f"evil{ending}")
    trap.unlink(missing_ok=True)
    with pytest.raises(ModelError, match="'Lambda' isn't allowed"):
        import_model(store, tmp_path / f"evil{ending}")
    assert not trap.exists()


@pytest.mark.parametrize(
    "part",
    [
        {"module": "os", "class_name": "system", "config": {}},
        {"module": "builtins", "class_name": "function", "config": "eval"},
        {"module": "keras.layers", "class_name": "TorchModuleWrapper", "config": {}},
        {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/etc"}},
        {"module": None, "class_name": "MyLayer", "registered_name": "Custom>MyLayer"},
        {"module": "keras.src.layers.core.lambda_layer", "class_name": "Lambda", "config": {}},
    ],
)
def test_a_part_that_is_not_kerass_own_is_refused_wherever_it_hides(
    store: ModelStore, tmp_path: Path, part: dict[str, Any]
) -> None:
    network(*small()).save(tmp_path / "plain.keras")

    def hide(architecture: Any) -> None:
        architecture["config"]["layers"][-1]["config"]["activation"] = part

    rewritten(tmp_path / "plain.keras", tmp_path / "evil.keras", hide)
    with pytest.raises(ModelError, match=f"'{part['class_name']}' isn't allowed"):
        import_model(store, tmp_path / "evil.keras")


@pytest.mark.parametrize("architecture", [[], 3, {}, {"config": {}}])
def test_a_file_without_a_network_is_refused(
    store: ModelStore, tmp_path: Path, architecture: Any
) -> None:
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(architecture))
    with pytest.raises(ModelError, match="has no network configuration"):
        import_model(store, tmp_path / "m.keras")


def test_a_description_without_end_is_refused(store: ModelStore, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr("config.json", "[" * 100_000)
    with pytest.raises(ModelError, match="is damaged, or isn't a complete Keras model"):
        import_model(store, tmp_path / "m.keras")


def test_a_network_that_was_never_built_is_refused(store: ModelStore, tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="not yet been built"):
        keras.Sequential(small()).save(tmp_path / "m.keras")
    with pytest.raises(ModelError, match="no weights for a layer of size '10'"):
        import_model(store, tmp_path / "m.keras")


def test_a_network_of_bytes_is_fed_what_it_was_trained_on(
    store: ModelStore, tmp_path: Path
) -> None:
    layers = [keras.Input((28, 28, 1), dtype="uint8"), keras.layers.Rescaling(1 / 255), *small()]
    model = keras.Sequential(layers)
    model.layers[-1].set_weights(list(readout()))
    model.save(tmp_path / "m.keras")
    run = import_model(store, tmp_path / "m.keras")
    pictures = small_mnist().x_test[:64]
    answers = model.predict(pictures[..., None], verbose=0)
    np.testing.assert_allclose(store.load_recognizer("m").outputs(pictures), answers, atol=1e-3)
    note = "Imported from m.keras; pictures are scaled to 0–255."
    assert run.results().import_note == note


def test_an_exported_ensemble_can_be_imported_again(store: ModelStore, tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    pair = build_network(TrainingConfig(ensemble=2))
    pair.save(tmp_path / "pair.keras")
    pictures = small_mnist().x_test[:8]
    answers = pair.predict(pictures[..., None] / 255, verbose=0)
    import_model(store, tmp_path / "pair.keras")
    served = store.load_recognizer("pair").outputs(pictures)
    np.testing.assert_allclose(served, answers, atol=1e-4)


def test_the_ending_must_fit_the_format(trained: Run, tmp_path: Path) -> None:
    with pytest.raises(
        BadInputError, match=r"expected a file name that ends in \.h5, got m\.keras"
    ):
        export_model(trained, "h5", tmp_path / "m.keras")


@pytest.mark.parametrize("name", ["empty.h5", "empty.keras", "model.pkl", "missing.keras"])
def test_other_files_are_refused(store: ModelStore, tmp_path: Path, name: str) -> None:
    if not name.startswith("missing"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ModelError):
        import_model(store, tmp_path / name)


def test_a_network_is_not_imported_over_another(
    trained: Run, store: ModelStore, tmp_path: Path
) -> None:
    shutil.copy(trained.keras_path, tmp_path / "trained.keras")
    with pytest.raises(ConfigurationError, match="already a run called .* such as 'trained-2'"):
        import_model(store, tmp_path / "trained.keras", "trained")
    assert import_model(store, tmp_path / "trained.keras").name == "trained-2"


def test_a_model_without_layers_is_neither_converted_nor_taught(
    trained: Run, store: ModelStore, tmp_path: Path
) -> None:
    (tmp_path / "flat.tflite").write_bytes(trained.model_bytes())
    run = import_model(store, tmp_path / "flat.tflite")
    assert export_model(run, "litert", tmp_path / "out.tflite").read_bytes() == run.model_bytes()
    with pytest.raises(ModelError, match="'flat' can't be trained further or converted"):
        export_model(run, "onnx", tmp_path / "out.onnx")
    with pytest.raises(ModelError, match="'flat' can't be trained further"):
        teaching_config(store, "flat")
    with pytest.raises(ModelError, match="'flat' can't be trained further"):
        store.create_run(TrainingConfig(start_from="flat"), "next")


def test_an_import_says_nothing_beside_its_result(
    shell: Shell, store: ModelStore, tmp_path: Path
) -> None:
    model = network(*small(), size=(28, 28))
    model.layers[-1].set_weights(list(readout()))
    model.save(tmp_path / "seed-cnn.h5")
    done = shell("import", tmp_path / "seed-cnn.h5", "--models-dir", store.models_dir)
    assert done.stderr == ""
    accuracy, note, name = done.stdout.splitlines()
    assert accuracy.startswith("seed-cnn-2: 8")
    assert note == "Imported from seed-cnn.h5; pictures are reshaped to 28 × 28."
    assert name == "There is already a model called 'seed-cnn', so this one is called 'seed-cnn-2'."
