from dataclasses import fields

import click
import pytest

from digitrec.commands.train import train
from digitrec.recipes.parameter_kinds import parameters
from digitrec.recipes.parameters import TrainingConfig


@pytest.mark.parametrize("field", fields(TrainingConfig), ids=lambda field: field.name)
def test_each_parameter_has_an_option_with_its_default(field: object) -> None:
    name, default = field.name, field.default  # type: ignore[attr-defined]
    (option,) = [param for param in train.params if param.name == name]
    assert option.opts == ["--" + name.replace("_", "-")]
    assert train.make_context("train", []).params[name] == default


def test_the_options_are_listed_in_the_sections_of_the_form() -> None:
    help_text = train.get_help(click.Context(train, terminal_width=1000, max_content_width=1000))
    heading = ""
    found = {}
    for line in help_text.splitlines():
        heading = line.removesuffix(":") if line.endswith(":") else heading
        if line.startswith("  --"):
            found[line.split()[0]] = (heading, line)
    for name, about in parameters(TrainingConfig).items():
        heading, line = found["--" + name.replace("_", "-")]
        assert heading == about.section
        assert about.help in line
    assert "[default: the optimizer's rate]" in found["--learning-rate"][1]
    assert "From 1 to 200.  [default: 5]" in found["--epochs"][1]
    assert found["--json"][0] == "Options"
