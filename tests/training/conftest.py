import pytest

from digitrec.datasets.mnist import Mnist
from digitrec.exchange import input_scale
from digitrec.training import prepare_fit, train
from digitrec.training.conversion import convert
from tests.support import training


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> Mnist:
    """A tenth of MNIST, for training, measuring and importing in the test's own process."""
    mnist = training.small_mnist()
    for module in (prepare_fit, train, convert):
        monkeypatch.setattr(module, "load_mnist", lambda: mnist)
    monkeypatch.setattr(input_scale, "TRIED", 500)
    return mnist
