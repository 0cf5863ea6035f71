import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.datasets.mnist import load_mnist
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from tests.conftest import Shell
from tests.support.digits import DIGITS

W = [(30, 60), (80, 220), (140, 110), (200, 220), (250, 60)]


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
    assert re.fullmatch(r"seed-cnn: [\d.]+% accuracy on 50 digits\n", done.stdout)


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
    results = json.loads(done.stdout)
    assert (results["model"], results["count"]) == ("bn-cnn", 10)
    assert results["accuracy"] >= 0.9
    assert (tmp_path / "s.png").stat().st_size > 0
    words = shell("evaluate", "--ink", tmp_path / "ink.jsonl", "--pen", "4", "40", "--seed", "3")
    assert "mean of 1 writers" in words.stdout


def test_evaluate_measures_rejected_non_digits(shell: Shell, tmp_path: Path) -> None:
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
    assert re.search(r"2 non-digits: \d+.00% rejected", shell(*arguments).stdout)


def test_a_run_is_found_by_its_title(
    shell: Shell, mine: Run, store: ModelStore, tmp_path: Path
) -> None:
    store.rename("mine", "Anna's network")
    np.savez(tmp_path / "one.npz", x=load_mnist().x_test[:1], y=load_mnist().y_test[:1])
    done = shell("evaluate", "--model", "Anna's network", "--npz", tmp_path / "one.npz")
    assert done.stdout == "Anna's network: 100.00% accuracy on 1 digit\n"
    done = shell("evaluate", "--model", "Anna", "--npz", tmp_path / "one.npz")
    assert "there is no model 'Anna'; available models: " in done.stderr
    assert "Anna's network" in done.stderr


def test_a_damaged_model_is_reported_in_one_line(shell: Shell, trained: Run) -> None:
    trained.tflite_path.write_bytes(trained.tflite_path.read_bytes()[:5000])
    done = shell("evaluate", "--model", "trained")
    assert done.returncode == 2
    assert re.fullmatch(r"digitrec: model 'trained' is damaged: .*\n", done.stderr)
