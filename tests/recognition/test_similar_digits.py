from pathlib import Path

import numpy as np
import pytest

from digitrec.datasets.mnist import MNIST_PATH, load_mnist
from digitrec.errors import DatasetError
from digitrec.recognition.similar_digits import nearest


def test_a_training_digit_is_nearest_to_itself() -> None:
    mnist = load_mnist()
    for place in (0, 31_415, 59_999):
        found = nearest(mnist.x_train[place], 3)
        assert (found[0].place, found[0].label) == (place, mnist.y_train[place])
        assert (found[0].digit == mnist.x_train[place]).all()


def test_those_most_like_a_digit_are_mostly_such_digits() -> None:
    mnist = load_mnist()
    votes = []
    for digit, label in zip(mnist.x_test[:12], mnist.y_test[:12], strict=True):
        found = nearest(digit, 5)
        assert len({neighbour.place for neighbour in found}) == 5
        for neighbour in found:
            assert (neighbour.digit == mnist.x_train[neighbour.place]).all()
            assert neighbour.label == mnist.y_train[neighbour.place]
            votes.append(neighbour.label == label)
    assert np.mean(votes) > 0.85


def test_nearer_is_nearer() -> None:
    mnist = load_mnist()
    apart = [
        np.abs(neighbour.digit.astype(int) - mnist.x_test[0]).mean()
        for neighbour in nearest(mnist.x_test[0], 500)
    ]
    assert np.mean(apart[:20]) < np.mean(apart[-20:])


@pytest.mark.parametrize("harm", ["missing", "cut", "bits"])
def test_a_damaged_mnist_is_named(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "mnist.npz"
    content = bytearray(MNIST_PATH.read_bytes())
    if harm == "cut":
        path.write_bytes(content[:5_000_000])
    if harm == "bits":
        content[4_000_000] ^= 1
        path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"MNIST can't be read from .*mnist.npz"):
        nearest(load_mnist().x_test[0], 5, path)
