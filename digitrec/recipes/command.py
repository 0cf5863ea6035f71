"""The shell command that trains with a configuration."""

import shlex

from digitrec.recipes.configuration import LEARNING_RATES, TrainingConfig


def training_command(config: TrainingConfig) -> str:
    """Write the command with those options that differ from their defaults.

    The run's name is left out, since it is taken.
    """
    defaults = TrainingConfig().to_dict() | {"learning_rate": LEARNING_RATES[config.optimizer]}
    words = ["python", "-m", "digitrec", "train"]
    for name, value in config.to_dict().items():
        if value != defaults[name]:
            option = "--" + name.replace("_", "-")
            words += [option] if value is True else [option, str(value)]
    return shlex.join(words)
