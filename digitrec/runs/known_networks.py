"""Which of the app's networks a model has, and the settings of a run that trains it further."""

from dataclasses import replace
from itertools import product
from typing import NamedTuple

from digitrec.errors import ConfigurationError
from digitrec.recipes.networks import NETWORKS, parameter_count
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.answers import DIGITS
from digitrec.runs.results import Results
from digitrec.runs.run import Run


class KnownNetwork(NamedTuple):
    """A network of ``NETWORKS``, or an ensemble of several.

    Attributes:
        network: Its name.
        ensemble: The number of networks.
        classes: The number of classes: 10, or 11 with *not a digit*.
    """

    network: str
    ensemble: int
    classes: int


def _known() -> dict[int, KnownNetwork]:
    found = (KnownNetwork(*each) for each in product(NETWORKS, range(1, 6), (DIGITS, DIGITS + 1)))
    return {each.ensemble * parameter_count(each.network, each.classes): each for each in found}


_BY_PARAMETERS = _known()


def network_of(results: Results) -> KnownNetwork | None:
    """Return the network of a model, which its number of parameters tells.

    Settings don't tell it: those of older runs name a network even if the run started from another
    model's.

    Returns:
        The network; None for another program's.
    """
    return _BY_PARAMETERS.get(results.parameters)


def starting_from(base: Run, config: TrainingConfig) -> TrainingConfig:
    """Return the settings of a run that trains a model further, with the model's own network.

    Args:
        base: The run with the model.
        config: The settings, whose network, ensemble and dropout are those of a new network.

    Raises:
        ConfigurationError: If the model lacks a class that the settings need.
        ModelError: If the model is missing or damaged.
    """
    results, settings = base.results(), base.config()
    known = network_of(results)
    if config.non_digits and known and known.classes == DIGITS:
        raise ConfigurationError(
            f"{base.title} recognizes only digits; turn non-digits off, or start from another model"
        )
    if settings:
        config = replace(config, dropout=settings.dropout)
    return with_network_of(results, config)


def with_network_of(results: Results, config: TrainingConfig) -> TrainingConfig:
    """Return a configuration with a model's network, if it is known."""
    known = network_of(results)
    return replace(config, network=known.network, ensemble=known.ensemble) if known else config
