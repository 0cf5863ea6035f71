from dataclasses import replace

import pytest

from digitrec.errors import ConfigurationError
from digitrec.recipes.networks import NETWORKS, parameter_count
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import PRESETS
from digitrec.runs.known_networks import KnownNetwork, network_of, starting_from, with_network_of
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from tests.support.runs import results, rewrite_report


@pytest.mark.parametrize("network", NETWORKS)
def test_the_number_of_parameters_tells_the_network(network: str) -> None:
    for ensemble in range(1, 6):
        for classes in (10, 11):
            found = results(parameters=ensemble * parameter_count(network, classes))
            assert network_of(found) == KnownNetwork(network, ensemble, classes)


def test_the_networks_of_the_models_that_ship_are_known(store: ModelStore) -> None:
    assert network_of(store.run("bn-cnn").results()) == KnownNetwork("res-cnn", 1, 11)
    assert network_of(store.run("seed-cnn").results()) == KnownNetwork("seed-cnn", 1, 10)


def test_another_programs_network_is_not_guessed(mine: Run) -> None:
    rewrite_report(mine, parameters=7)
    assert network_of(mine.results()) is None
    config = TrainingConfig(network="bn-cnn")
    assert with_network_of(mine.results(), config) == config
    assert starting_from(mine, config) == replace(config, dropout=0.1)


def test_a_run_has_the_layers_of_the_model_that_it_starts_from(store: ModelStore) -> None:
    chosen = TrainingConfig(network="bn-cnn", ensemble=5, dropout=0.7, epochs=3)
    found = starting_from(store.run("bn-cnn"), chosen)
    assert found == replace(chosen, network="res-cnn", ensemble=1, dropout=0.2)


def test_a_model_that_knows_only_digits_can_not_learn_others(store: ModelStore) -> None:
    with pytest.raises(ConfigurationError, match="Tutorial network recognizes only digits; turn"):
        starting_from(store.run("seed-cnn"), PRESETS["best"])
    assert starting_from(store.run("bn-cnn"), PRESETS["best"]) == PRESETS["best"]
