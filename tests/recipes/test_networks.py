import pytest

from digitrec.recipes.networks import NETWORKS, layer_rows, parameter_count
from digitrec.recipes.parameters import TrainingConfig
from digitrec.training.keras_networks import build_network


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("non_digits", "classes"), [(False, 10), (True, 11)])
def test_the_described_layers_match_the_built_network(
    network: str, non_digits: bool, classes: int
) -> None:
    built = build_network(TrainingConfig(network=network, non_digits=non_digits))
    assert parameter_count(network, classes) == built.count_params()
    # Normalization and its activation belong to the convolution before them.
    shapes = [
        layer.output.shape[1:]
        for layer in built.layers
        if type(layer).__name__ not in ("InputLayer", "BatchNormalization", "ReLU")
    ]
    described = []
    for row in layer_rows(network, classes):
        # A residual block is two convolutions and a sum.
        described += [row.shape] * (3 if row.layer.startswith("Residual") else 1)
    assert described == shapes
