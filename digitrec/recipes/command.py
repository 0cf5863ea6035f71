"""The shell command that trains with a configuration."""

import shlex
from typing import Any

from digitrec.recipes.optimizers import OPTIMIZERS
from digitrec.recipes.parameter_kinds import parameters
from digitrec.recipes.parameters import TrainingConfig


def training_command(config: TrainingConfig) -> str:
    """Return the command, with only the options that differ from their defaults.

    The run's name is left out, since it is taken.
    """
    usual_rate = OPTIMIZERS[config.optimizer].learning_rate
    defaults = type(config)().to_dict() | {"learning_rate": usual_rate}
    words = ["python", "-m", "digitrec", "train"]
    known = parameters(config)
    for name, value in config.to_dict().items():
        is_the_base_models = config.start_from is not None and known[name].of_new_network
        if value != defaults[name] and not is_the_base_models:
            words += _option(option_of(name), value)
    return shlex.join(words)


def _option(option: str, value: Any) -> list[str]:
    if isinstance(value, tuple):
        return [word for one in value for word in (option, one)]
    return [option] if value is True else [option, str(value)]


def option_of(name: str) -> str:
    """Return the shell's option for a parameter: ``--batch-size``."""
    return "--" + name.replace("_", "-")
