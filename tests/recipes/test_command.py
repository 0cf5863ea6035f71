import shlex
from dataclasses import fields, replace

import pytest

from digitrec.commands.train import run_to_train, train
from digitrec.drawings.store import DrawingStore
from digitrec.recipes.command import training_command
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import PRESETS
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL
from tests.support.drawings import new_drawing, png_of

EVERYTHING = TrainingConfig(
    network="bn-cnn", ensemble=2, epochs=7, optimizer="sgd", learning_rate=1e-05,
    schedule="one-cycle", batch_size=64, dropout=0.2, validation_split=0.25, training_share=0.5,
    early_stopping=2, augmentation=True, styles=True, corruptions=True, non_digits=True,
    hard_examples=True, drawings=True, ink=("/ink/Anna's digits.jsonl", "history"),
    strokes_from=("history",), start_from=DEFAULT_MODEL, tensorboard=True, seed=42,
)  # fmt: skip


def test_every_parameter_of_the_example_differs_from_its_default() -> None:
    for field in fields(TrainingConfig):
        assert getattr(EVERYTHING, field.name) != getattr(TrainingConfig(), field.name), field.name


@pytest.mark.parametrize(
    "config",
    [
        TrainingConfig(),
        TrainingConfig(network="bn-cnn", ensemble=2),
        # A run that starts from a model has its network.
        replace(EVERYTHING, network="res-cnn", ensemble=1),
        replace(PRESETS["best"], seed=1),
        TrainingConfig(optimizer="adadelta"),
        TrainingConfig(optimizer="adadelta", learning_rate=0.001),
    ],
)
def test_the_command_trains_with_the_same_configuration(
    store: ModelStore, history: DrawingStore, config: TrainingConfig
) -> None:
    history.save(new_drawing(picture=png_of(3), strokes=(), label=5))
    *words, command = shlex.split(training_command(config))[:4]
    assert [*words, command] == ["python", "-m", "digitrec", "train"]
    arguments = shlex.split(training_command(config))[4:]
    options = train.make_context(command, [*arguments, "--name", "again"]).params
    again = run_to_train(store, options)
    assert again.config() == config


def test_defaults_are_left_out() -> None:
    assert training_command(TrainingConfig()) == "python -m digitrec train"
    assert training_command(TrainingConfig(optimizer="lion")).endswith("train --optimizer lion")


def test_what_a_model_to_start_from_decides_is_left_out() -> None:
    command = training_command(EVERYTHING)
    assert f"--start-from {DEFAULT_MODEL}" in command
    assert not any(option in command for option in ("--network", "--ensemble", "--dropout"))
