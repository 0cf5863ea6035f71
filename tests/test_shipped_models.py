"""What the cards of the shipped models say is what the models are."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from digitrec.commands.train import run_to_train, train
from digitrec.recipes.presets import PRESETS
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL, PROJECT_DIR, SHIPPED_MODELS_DIR

NAMES = sorted(path.name for path in SHIPPED_MODELS_DIR.iterdir() if (path / "CARD.md").is_file())


def test_each_network_that_is_tracked_has_a_card(store: ModelStore) -> None:
    assert NAMES == ["bn-cnn", "seed-cnn"]
    assert DEFAULT_MODEL == "bn-cnn"


@pytest.mark.parametrize("name", NAMES)
def test_the_command_on_the_card_is_how_the_model_was_made(store: ModelStore, name: str) -> None:
    card = (SHIPPED_MODELS_DIR / name / "CARD.md").read_text(encoding="utf-8")
    command = re.search(r"```\npython -m digitrec (train .*?)\n```", card, re.DOTALL)
    assert command is not None
    arguments = shlex.split(command[1].replace("\\\n", " "))
    options = train.make_context("train", [*arguments[1:], "--name", "again"]).params
    again = run_to_train(store, options).config()
    assert again is not None
    assert replace(again, ink=tuple(Path(file).name for file in again.ink)) == (
        store.run(name).config()
    )


def test_the_best_preset_is_how_the_default_model_was_made(store: ModelStore) -> None:
    made = store.run(DEFAULT_MODEL).config()
    assert made is not None
    assert replace(made, ink=()) == replace(PRESETS["best"], seed=1)


@pytest.mark.parametrize("name", NAMES)
def test_the_results_on_the_card_are_those_of_the_report(store: ModelStore, name: str) -> None:
    card = (SHIPPED_MODELS_DIR / name / "CARD.md").read_text(encoding="utf-8")
    report = store.run(name).results()
    for metric in (
        f"{report.test_accuracy:.2%}",
        f"{report.test_calibration_error:.2%}",
        f"{report.parameters:,}",
        f"{report.calibration.temperature:.2f}",
        f"{report.calibration.digit_threshold:.3f}",
    ):
        assert metric in card


def test_the_readme_names_the_default_model_s_accuracy(store: ModelStore) -> None:
    readme = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
    accuracy = store.run(DEFAULT_MODEL).results().test_accuracy
    assert f"{accuracy:.2%}" in readme
