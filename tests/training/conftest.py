import pytest

from digitrec.datasets.mnist import Mnist
from tests.support.training import use_small_mnist


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> Mnist:
    """A tenth of MNIST, for training, measuring and importing in the test's own process."""
    return use_small_mnist(monkeypatch)
