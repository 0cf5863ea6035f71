import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitrec.datasets.mnist import load_mnist
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR
from digitrec.words import percent
from tests.conftest import Shell
from tests.numbers.samples import write
from tests.support.digits import DIGITS, draw_digit
from tests.support.patience import HANG_S, kinds, wait_until

W = [(30, 60), (80, 220), (140, 110), (200, 220), (250, 60)]


def test_train_prints_one_object_last(trained_report: dict[str, Any]) -> None:
    assert trained_report["name"] == "trained"
    assert 0.97 < trained_report["test_accuracy"] <= 1


def test_a_training_can_be_stopped_with_ctrl_c_and_keeps_its_model(store: ModelStore) -> None:
    command = [sys.executable, "-m", "digitrec", "train", "--epochs", "100", "--name", "cut"]
    process = subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True)
    run = Run(store.models_dir / "cut")
    wait_until(lambda: "step" in kinds(run), lambda: process.poll() is None)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=HANG_S)
    assert process.returncode == 0
    assert output.startswith("cut: ")
    assert run.state() == "stopped"


def test_evaluate_reads_the_test_set(shell: Shell) -> None:
    done = shell("evaluate", "--model", "seed-cnn", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    measured = json.loads(done.stdout)
    assert measured["model"] == "seed-cnn"
    assert measured["accuracy"] >= 0.995
    assert measured["calibration_error"] < 0.01
    assert measured["count"] == 10_000
    assert np.sum(measured["confusion_matrix"]) == 10_000


def test_evaluate_reads_other_digits(shell: Shell, tmp_path: Path) -> None:
    mnist = load_mnist()
    np.savez(tmp_path / "some.npz", x=mnist.x_test[:50], y=mnist.y_test[:50])
    done = shell("evaluate", "--model", "seed-cnn", "--npz", tmp_path / "some.npz")
    assert re.fullmatch(r"seed-cnn: [\d.]+% of 50 right\n", done.stdout)


def test_evaluate_draws_ink_on_the_canvas(shell: Shell, tmp_path: Path) -> None:
    with (tmp_path / "ink.jsonl").open("w") as file:
        for digit, strokes in DIGITS.items():
            row = {"writer": "me", "label": str(digit), "strokes": strokes}
            file.write(json.dumps(row) + "\n")
    done = shell(
        "evaluate", "--ink", tmp_path / "ink.jsonl", "--sheet", tmp_path / "s.png", "--json"
    )
    assert done.returncode == 0
    assert done.stderr == ""
    figures = json.loads(done.stdout)
    assert (figures["model"], figures["count"]) == ("bn-cnn", 10)
    assert figures["accuracy"] >= 0.9
    assert (tmp_path / "s.png").stat().st_size > 0
    words = shell("evaluate", "--ink", tmp_path / "ink.jsonl", "--pen", "4", "40", "--seed", "3")
    assert "mean of 1 writers" in words.stdout


def test_evaluate_tells_digits_from_other_drawings(shell: Shell, tmp_path: Path) -> None:
    def write(name: str, drawings: dict[str, Any]) -> Path:
        lines = [
            json.dumps({"label": label, "strokes": strokes}) for label, strokes in drawings.items()
        ]
        (tmp_path / name).write_text("\n".join(lines))
        return tmp_path / name

    digits = write("digits.jsonl", {str(digit): strokes for digit, strokes in DIGITS.items()})
    others = write("others.jsonl", {"line": [[[0, 500], [1000, 500]]], "W": [W]})
    arguments = ("evaluate", "--ink", digits, "--other", others)
    other = json.loads(shell(*arguments, "--json").stdout)["other"]
    assert other["count"] == 2
    assert other["auroc"] > 0.9
    assert re.search(r"2 that are no digits: \d+.00% refused", shell(*arguments).stdout)


def test_predict_prints_one_object_a_line(shell: Shell, tmp_path: Path) -> None:
    for digit in (3, 8):
        draw_digit(digit).save(tmp_path / f"{digit}.png")
    draw_digit(5, ink="white", paper="darkgreen").save(tmp_path / "5.jpg")
    (tmp_path / "notes.txt").write_text("not a picture")
    done = shell("predict", tmp_path, "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(Path(row["file"]).name, row["digit"]) for row in rows] == [
        ("3.png", 3), ("5.jpg", 5), ("8.png", 8),
    ]  # fmt: skip
    for row in rows:
        assert len(row["probabilities"]) == 10
        assert row["confidence"] == max(row["probabilities"]) * (1 - (row["not_digit"] or 0))
        assert row["is_digit"] is True
        assert 0.5 < row["digit_score"] <= 1


def test_predict_says_what_is_no_digit(shell: Shell, tmp_path: Path) -> None:
    picture = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(picture).line(W, fill=0, width=16, joint="curve")
    picture.save(tmp_path / "w.png")
    row = json.loads(shell("predict", tmp_path / "w.png", "--json").stdout)
    assert row["is_digit"] is False
    assert row["digit_score"] < 0.5
    words = shell("predict", tmp_path / "w.png").stdout
    assert re.search(r"w.png: not a digit \([\d.]+%\); if it were one, \d", words)


def test_predict_reads_whole_numbers(shell: Shell, tmp_path: Path) -> None:
    for name, text in (("a.png", "2045"), ("b.png", "73")):
        Image.fromarray(255 - write(text).drawn()).save(tmp_path / name)
    Image.new("L", (300, 200), 255).save(tmp_path / "c.png")
    done = shell("predict", "--numbers", tmp_path, "--json")
    assert done.returncode == 2
    assert "c.png: expected a picture with a digit in it, got a blank one" in done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["file"] == str(tmp_path / "a.png")
    assert [number["text"] for number in first["numbers"]] == ["2045"]
    (number,) = second["numbers"]
    assert (number["text"], len(number["digits"])) == ("73", 2)
    lefts = [digit["box"][0] for digit in number["digits"]]
    assert lefts == sorted(lefts)
    words = shell("predict", "--numbers", tmp_path / "b.png").stdout
    assert words == f"{tmp_path / 'b.png'}: 73 ({percent(number['confidence'])})\n"


def test_predict_goes_on_after_a_bad_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.png").write_bytes(b"hello")
    Image.new("RGB", (50, 50), "white").save(tmp_path / "blank.png")
    draw_digit(6).save(tmp_path / "six.png")
    done = shell("predict", tmp_path / "empty", tmp_path)
    assert done.returncode == 2
    assert re.fullmatch(r".*six.png: 6 \([\d.]+%\)\n", done.stdout)
    assert re.search(r"bad.png isn't an image that can be opened", done.stderr)
    assert re.search(r"blank.png: expected a picture with a digit in it", done.stderr)
    assert re.search(r"empty: a folder without pictures", done.stderr)
    assert len(done.stderr.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--epochs", "0"], "epochs must be a whole number from 1 to 200, got 0"),
        (["train", "--epochs", "many"], "invalid int value: 'many'"),
        (["train", "--optimizer", "magic"], "invalid choice: 'magic'"),
        (["train", "--learning-rate", "-1"], "learning_rate must be a number"),
        (["train", "--learning-rate", "nan"], "learning_rate must be a number"),
        (["train", "--name", "../x"], "use up to 64 letters, digits, spaces"),
        (
            ["train", "--name", "seed-cnn"],
            "there is already a run called 'seed-cnn'; choose another name, such as 'seed-cnn-2'",
        ),
        (["train", "--run", "nope"], "there is no model 'nope'"),
        (
            ["train", "--run", "seed-cnn"],
            "'seed-cnn' is finished; only a paused or interrupted run",
        ),
        (["evaluate", "--model", "nope"], "there is no model 'nope'; there are: "),
        (["evaluate", "--npz", "nope.npz"], "nope.npz: there is no such file"),
        (["evaluate", "--ink", "nope.jsonl"], "nope.jsonl can't be read"),
        (["evaluate", "--ink", "x", "--pen", "9", "3"], "--pen must be two numbers from 1 to 100"),
        (["evaluate", "--ink", "x", "--npz", "y"], "not allowed with argument --ink"),
        (["evaluate", "--other", "x"], "--other goes with --ink"),
        (["predict", "nope.png"], "nope.png: there is no such file"),
        (["predict", "docs"], "docs: a folder without pictures"),
        (["predict"], "the following arguments are required"),
        (["export", "seed-cnn", "--format", "exe"], "invalid choice: 'exe'"),
        (["export", "seed-cnn"], "required: --format"),
        (["export", "nope", "--format", "h5"], "there is no model 'nope'"),
        (["import", "nope.h5"], "nope.h5: there is no such file"),
        (["import", "README.md"], "expected a .keras, .h5, .hdf5 or .tflite file"),
        (["dance"], "invalid choice: 'dance'"),
        ([], "required: COMMAND"),
    ],
)
def test_bad_input_is_one_line_and_status_2(shell: Shell, arguments: list[str], words: str) -> None:
    done = shell(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_run_is_found_by_what_people_call_it(
    shell: Shell, mine: Run, store: ModelStore, tmp_path: Path
) -> None:
    store.rename("mine", "Anna's network")
    np.savez(tmp_path / "one.npz", x=load_mnist().x_test[:1], y=load_mnist().y_test[:1])
    done = shell("evaluate", "--model", "Anna's network", "--npz", tmp_path / "one.npz")
    assert done.stdout == "Anna's network: 100.00% of 1 right\n"
    done = shell("evaluate", "--model", "Anna", "--npz", tmp_path / "one.npz")
    assert "there is no model 'Anna'; there are: " in done.stderr
    assert "Anna's network" in done.stderr


@pytest.mark.parametrize("name", ["Anna's network", None])
def test_a_run_that_is_canceled_before_its_turn_leaves_nothing(
    store: ModelStore, name: str | None
) -> None:
    store.models_dir.mkdir()
    command = [sys.executable, "-m", "digitrec", "train", *(["--name", name] if name else [])]
    with (
        filelock.FileLock(store.models_dir / ".training.lock"),
        subprocess.Popen(command, cwd=PROJECT_DIR, stderr=subprocess.PIPE, text=True) as process,
    ):
        wait_until(
            lambda: any(run.is_alive() for run in store.trained_runs()),
            lambda: process.poll() is None,
        )
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 1
    assert f"run {name or 'seed-cnn-001'!r} was canceled before it started" in said
    assert {run.name for run in store.runs()} == {"bn-cnn", "seed-cnn"}


def test_a_damaged_model_is_one_line(shell: Shell, trained: Run) -> None:
    trained.tflite_path.write_bytes(trained.tflite_path.read_bytes()[:5000])
    done = shell("evaluate", "--model", "trained")
    assert done.returncode == 2
    assert re.fullmatch(r"digitrec: model 'trained' is damaged: .*\n", done.stderr)


def test_export_names_what_it_wrote(shell: Shell, trained: Run, tmp_path: Path) -> None:
    done = shell("export", "trained", "--format", "h5", "--output", tmp_path / "out.h5")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path / 'out.h5'}\n"
    assert (tmp_path / "out.h5").stat().st_size > 900_000


def test_a_network_goes_out_and_comes_in_again(
    shell: Shell, trained: Run, store: ModelStore, tmp_path: Path
) -> None:
    shell("export", "trained", "--format", "h5", "--output", tmp_path / "mnist.h5")
    done = shell("import", tmp_path / "mnist.h5", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == "mnist"
    assert store.run("mnist").has_model
