"""Prints docs/PARAMETERS.md: ``python -m digitrec.recipes.parameter_table``."""

from dataclasses import fields

from digitrec.recipes.command import option_of
from digitrec.recipes.parameter_kinds import InkFiles, Parameter, Section, Switch, parameters
from digitrec.recipes.parameters import TrainingConfig

INTRODUCTION = """\
# Training parameters

The parameters are defined in `digitrec/recipes/parameters.py`. The *Train* page, the command
`python -m digitrec train`, the comparison on *Models*, the reports and this page are generated from
that file. To update this page, run
`python -m digitrec.recipes.parameter_table > docs/PARAMETERS.md`.
"""
HEADER = ("Parameter", "Option", "Default", "Values", "What it does")


def parameter_tables(config_type: type[TrainingConfig]) -> str:
    """Return a Markdown table of the parameters for each section."""
    defaults = {each.name: each.default for each in fields(config_type)}
    parts = [INTRODUCTION]
    for section in Section:
        rows = [HEADER, ("---",) * len(HEADER)] + [
            _row(name, about, defaults[name])
            for name, about in parameters(config_type).items()
            if about.section == section
        ]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        parts.append("\n".join([f"## {section}", "", *lines, ""]))
    return "\n".join(parts)


def _row(name: str, about: Parameter, default: object) -> tuple[str, ...]:
    is_switch = isinstance(about, Switch)
    in_words = is_switch or default is None or isinstance(about, InkFiles)
    usual = about.words(default) if in_words else str(default)
    values = "yes or no" if is_switch else about.expected
    return about.label, f"`{option_of(name)}`", usual, values, about.help


if __name__ == "__main__":
    print(parameter_tables(TrainingConfig), end="")
