from collections.abc import Iterable

import numpy as np
import pytest

from digitrec.recipes.networks import NETWORKS, parameter_count
from digitrec.recipes.optimizers import OPTIMIZERS
from digitrec.recipes.parameters import TrainingConfig
from digitrec.training.keras_networks import build_network, build_optimizer, members


def test_seed_cnn_has_exactly_the_described_layers() -> None:
    network = build_network(TrainingConfig(dropout=0.25))
    layers = [
        (type(layer).__name__, getattr(layer, "filters", None) or getattr(layer, "units", None))
        for layer in network.layers[1:]
    ]
    assert layers == [
        ("Conv2D", 32), ("MaxPooling2D", None), ("Conv2D", 64), ("MaxPooling2D", None),
        ("Flatten", None), ("Dense", 128), ("Dropout", None), ("Dense", 64), ("Dropout", None),
        ("Dense", 10),
    ]  # fmt: skip
    assert [network.layers[i].kernel_size for i in (1, 3)] == [(5, 5), (3, 3)]
    assert [network.layers[i].rate for i in (7, 9)] == [0.25, 0.25]
    assert network.layers[-1].activation.__name__ == "softmax"
    assert network.count_params() == 233_162


@pytest.mark.parametrize(("name", "parameters"), [("bn-cnn", 284_059), ("bn-cnn-wide", 1_107_243)])
def test_the_stronger_networks_are_six_normalized_convolutions(name: str, parameters: int) -> None:
    network = build_network(TrainingConfig(network=name, non_digits=True))
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds.count("Conv2D") == kinds.count("BatchNormalization") == kinds.count("ReLU") == 6
    assert kinds.count("MaxPooling2D") == 2
    assert {layer.kernel_size for layer in network.layers if hasattr(layer, "kernel_size")} == {
        (3, 3)
    }
    assert network.count_params() == parameters


def test_a_residual_block_adds_its_input() -> None:
    network = build_network(TrainingConfig(network="res-cnn", non_digits=True))
    kinds = [type(layer).__name__ for layer in network.layers]
    assert (kinds.count("Conv2D"), kinds.count("Add")) == (8, 2)
    for block in (layer for layer in network.layers if type(layer).__name__ == "Add"):
        shortcut, _ = block.input
        before = shortcut._keras_history.operation
        assert type(before).__name__ == "ReLU"
    assert network.count_params() == parameter_count("res-cnn", 11)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("non_digits", "classes"), [(False, 10), (True, 11)])
def test_each_network_answers_in_probabilities(
    network: str, non_digits: bool, classes: int
) -> None:
    built = build_network(TrainingConfig(network=network, non_digits=non_digits))
    assert built.name == network
    answers = built.predict(np.zeros((2, 28, 28, 1), np.float32), verbose=0)
    assert answers.shape == (2, classes)
    assert answers.sum(axis=1) == pytest.approx(1, abs=1e-5)


def test_an_ensemble_answers_with_the_mean_of_its_members_which_differ() -> None:
    ensemble = build_network(TrainingConfig(ensemble=3))
    alone = build_network(TrainingConfig())
    assert members(alone) == [alone]
    assert ensemble.count_params() == 3 * alone.count_params()
    pictures = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    answers = [member.predict(pictures, verbose=0) for member in members(ensemble)]
    assert len(answers) == 3
    assert np.abs(answers[0] - answers[1]).max() > 0.001
    mean = ensemble.predict(pictures, verbose=0)
    np.testing.assert_allclose(mean, np.mean(answers, axis=0), atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_optimizer_can_be_built(name: str) -> None:
    optimizer = build_optimizer(TrainingConfig(optimizer=name), 100)
    assert type(optimizer).__name__.lower() == name
    assert float(optimizer.learning_rate) == pytest.approx(OPTIMIZERS[name].learning_rate)


def learning_rates(schedule: str, steps: Iterable[int]) -> list[float]:
    """The learning rates of a run of 100 steps at some of them."""
    optimizer = build_optimizer(TrainingConfig(schedule=schedule), 100)
    rates = []
    for step in steps:
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    return rates


def test_a_cosine_schedule_falls_to_zero() -> None:
    rates = learning_rates("cosine", (0, 50, 100))
    assert rates == pytest.approx([0.001, 0.0005, 0])


def test_a_one_cycle_schedule_rises_and_falls_to_zero() -> None:
    rates = learning_rates("one-cycle", (0, 15, 30, 65, 100))
    assert rates == pytest.approx([0.00004, 0.00052, 0.001, 0.0005, 0], abs=1e-8)


def test_sgd_has_momentum() -> None:
    assert build_optimizer(TrainingConfig(optimizer="sgd"), 1).momentum == 0.9
