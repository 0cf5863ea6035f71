"""The options that commands share, and those made from the training parameters."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from digitrec.commands.help_sections import Option
from digitrec.recipes.command import option_of
from digitrec.recipes.parameter_kinds import (
    HISTORY,
    Choice,
    InkFiles,
    ModelName,
    Number,
    Parameter,
    Switch,
    Whole,
    parameters,
)
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.settings import load_settings

Decorated = Callable[..., Any]

FILE = click.Path(path_type=Path)


def option(*names: str, **settings: Any) -> Callable[[Decorated], Decorated]:
    """Add an option to a command; ``section`` is its heading in ``--help``."""
    return click.option(*names, cls=Option, **settings)


def _store(_: click.Context, __: click.Parameter, folder: Path | None) -> ModelStore:
    return ModelStore(folder or load_settings().models_dir)


def _database_url(_: click.Context, __: click.Parameter, url: str | None) -> str:
    return url or load_settings().database_url


store_option = option(
    "--models-dir",
    "store",
    type=FILE,
    callback=_store,
    metavar="FOLDER",
    help="Look for models here.",
    show_default="DIGITREC_MODELS_DIR",
)
model_option = option(
    "--model", metavar="NAME", help="Use this model.", show_default="the app's model"
)
owner_option = option(
    "--owner",
    default="",
    metavar="ID",
    help="Use the drawings of this person. The app's account menu shows the ID.",
    show_default="those drawn without logging in",
)
database_option = option(
    "--database-url",
    callback=_database_url,
    metavar="URL",
    help="Open this database.",
    show_default="DIGITREC_DATABASE_URL, or the app's database",
)
json_option = option("--json", "as_json", is_flag=True, help="Print JSON.")


def parameter_options(command: Decorated) -> Decorated:
    """Add an option for each training parameter to a command."""
    defaults = {each.name: each.default for each in fields(TrainingConfig)}
    for name, about in reversed(parameters(TrainingConfig).items()):
        command = _parameter_option(name, about, defaults[name])(command)
    return command


def _parameter_option(
    name: str, about: Parameter, default: Any
) -> Callable[[Decorated], Decorated]:
    return option(
        option_of(name),
        name,
        section=about.section,
        default=default,
        show_default=about.unset or True,
        help=about.help + _values(about),
        **_kind(about),
    )


def _values(about: Parameter) -> str:
    match about:
        case Number():
            return f" From {about.limits}."
        case Choice():
            return f" Values: {', '.join(about.choices)}."
        case InkFiles():
            return f" {HISTORY!r} stands for your labeled drawings. May be repeated."
    return ""


def _kind(about: Parameter) -> dict[str, Any]:
    """Return the settings for an option's type; the configuration checks the limits."""
    match about:
        case Switch():
            return {"is_flag": True}
        case Choice():
            return {"type": click.Choice(list(about.choices)), "metavar": "NAME"}
        case Whole():
            return {"type": int, "metavar": "N"}
        case Number():
            return {"type": float, "metavar": "X"}
        case ModelName():
            return {"metavar": "NAME"}
        case InkFiles():
            return {"multiple": True, "metavar": "FILE"}
    raise TypeError(f"no option for a {type(about).__name__}")
