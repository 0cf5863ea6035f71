from typing import Any

import pytest

from digitrec.errors import ConfigurationError
from digitrec.recipes.parameter_kinds import Number, Parameter, Section, parameters, summary
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import PRESETS

PARAMETERS = parameters(TrainingConfig)


@pytest.mark.parametrize("about", PARAMETERS.values(), ids=PARAMETERS)
def test_the_help_is_one_sentence(about: Parameter) -> None:
    assert about.help[0].isupper() or about.help.startswith("seed-cnn")
    assert about.help.endswith(".")
    assert ". " not in about.help


def test_labels_are_unique() -> None:
    labels = [about.label for about in PARAMETERS.values()]
    assert len(set(labels)) == len(labels)


def test_what_the_form_offers_is_allowed() -> None:
    for name, about in PARAMETERS.items():
        offered = (*about.stops, *(about.slider or ())) if isinstance(about, Number) else ()
        for value in offered:
            about.checked(name, value)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_the_form_can_show_a_preset(preset: TrainingConfig) -> None:
    for name, about in PARAMETERS.items():
        if isinstance(about, Number) and about.stops:
            assert getattr(preset, name) in about.stops


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("optimizer", "sgd", "SGD with momentum"),
        ("schedule", "one-cycle", "One cycle"),
        ("epochs", 5, "5"),
        ("learning_rate", 1e-05, "1e-05"),
        ("validation_split", 0.05, "5%"),
        ("training_share", 0.125, "12.5%"),
        ("early_stopping", 0, "off"),
        ("early_stopping", 3, "after 3 worse"),
        ("styles", True, "yes"),
        ("styles", False, "no"),
        ("start_from", None, "a new network"),
        ("start_from", "bn-cnn", "bn-cnn"),
        ("ink", (), "none"),
        ("ink", ("history", "/data/class 3.jsonl.gz"), "my labeled drawings, class 3.jsonl.gz"),
        ("seed", 0, "0"),
    ],
)
def test_a_value_in_words(name: str, value: Any, words: str) -> None:
    assert PARAMETERS[name].words(value) == words


def test_an_integer_becomes_a_float_where_needed() -> None:
    dropout = TrainingConfig(dropout=0).dropout
    assert (dropout, type(dropout)) == (0.0, float)


def test_a_parameter_without_unset_rejects_none() -> None:
    with pytest.raises(ConfigurationError, match="epochs must be a whole number from 1 to 200, "):
        TrainingConfig.from_dict({"epochs": None})


@pytest.mark.parametrize(
    ("preset", "section", "words"),
    [
        ("quick", Section.LEARNING, "Adam, 0.002, one cycle, dropout 0.1"),
        ("best", Section.LEARNING, "AdamW, 0.003, cosine, batch size 1024, dropout 0.2"),
        ("quick", Section.PICTURES, "5% for validation"),
        ("balanced", Section.PICTURES, "5% for validation, augmentation, other styles"),
        ("best", Section.START, "a new network, seed 0"),
    ],
)  # fmt: skip
def test_a_section_is_summarized_in_one_line(preset: str, section: Section, words: str) -> None:
    assert summary(PRESETS[preset].to_dict(), TrainingConfig(), section) == words


def test_a_summary_falls_back_on_the_defaults() -> None:
    values = {"schedule": "cosine", "tensorboard": True, "start_from": "bn-cnn"}
    defaults = TrainingConfig()
    assert summary(values, defaults, Section.LEARNING) == "Adam, 0.001, cosine"
    assert summary(values, defaults, Section.START) == "bn-cnn, seed 0, TensorBoard logs"
