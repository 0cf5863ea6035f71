from typing import Any

import pytest

from digitrec.errors import ConfigurationError
from digitrec.recipes.optimizers import OPTIMIZERS
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.run_names import check_name


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_starts_at_its_own_learning_rate(optimizer: str) -> None:
    assert TrainingConfig(optimizer=optimizer).learning_rate == OPTIMIZERS[optimizer].learning_rate


def test_a_given_learning_rate_is_kept() -> None:
    assert TrainingConfig(optimizer="adadelta", learning_rate=0.001).learning_rate == 0.001


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"epochs": 0}, "epochs must be a whole number from 1 to 200, got 0"),
        ({"epochs": 2.5}, "epochs must be a whole number"),
        ({"epochs": True}, "epochs must be a whole number"),
        ({"epochs": "5"}, "epochs must be a whole number"),
        ({"learning_rate": 0}, "learning_rate must be a number from 1e-06 to 10"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"batch_size": 5000}, "batch_size"),
        ({"dropout": 1.0}, "dropout"),
        ({"validation_split": -0.1}, "validation_split"),
        ({"seed": -1}, "seed"),
        ({"optimizer": "magic"}, "optimizer must be one of adam, "),
        ({"optimizer": "a\ud800"}, "optimizer must be one of adam, "),
        ({"start_from": "a\ud800"}, "isn't a valid folder name for a run; use up to 64 letters"),
        ({"a\ud800": 1}, "unknown training parameters: "),
        ({"schedule": "magic"}, "schedule must be one of constant, cosine"),
        ({"styles": "yes"}, "styles must be true or false, got 'yes'"),
        ({"network": "magic"}, "network must be one of seed-cnn"),
        ({"training_share": 0}, "training_share must be a number from 0.01 to 1"),
        ({"early_stopping": 3, "validation_split": 0}, "early stopping needs a validation split"),
        ({"start_from": "../other"}, "isn't a valid folder name for a run; use up to 64 letters"),
        ({"color": "red"}, "unknown training parameters: color"),
    ],
)
def test_nonsense_is_refused_with_what_was_expected(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        TrainingConfig.from_dict(values)


def test_a_configuration_survives_json_form() -> None:
    config = TrainingConfig(epochs=3, optimizer="lion", dropout=0.5, seed=7)
    assert TrainingConfig.from_dict(config.to_dict()) == config


def test_anything_but_an_object_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="got list"):
        TrainingConfig.from_dict([])


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a\\b", "x" * 65, "ü", "a\n", None])
def test_a_name_that_could_leave_its_folder_is_refused(name: Any) -> None:
    with pytest.raises(
        ConfigurationError, match="isn't a valid folder name for a run; use up to 64 letters"
    ):
        check_name(name)


def test_a_plain_name_is_accepted() -> None:
    assert check_name("seed-cnn.2_B") == "seed-cnn.2_B"
