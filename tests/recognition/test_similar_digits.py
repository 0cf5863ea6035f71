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


def test_the_nearest_digits_mostly_have_the_same_label() -> None:
    mnist = load_mnist()
    votes = []
    for digit, label in zip(mnist.x_test[:12], mnist.y_test[:12], strict=True):
        found = nearest(digit, 5)
        assert len({neighbor.place for neighbor in found}) == 5
        for neighbor in found:
            assert (neighbor.digit == mnist.x_train[neighbor.place]).all()
            assert neighbor.label == mnist.y_train[neighbor.place]
            votes.append(neighbor.label == label)
    assert np.mean(votes) > 0.85


def test_the_nearest_of_a_label_are_those_that_come_first_of_it() -> None:
    seven, nine = load_mnist().x_test[[0, 7]]
    digit = seven // 2 + nine // 2
    of_all = nearest(digit, 60)
    nines = [neighbor.place for neighbor in of_all if neighbor.label == 9]
    assert 0 < len(nines) < len(of_all)
    assert [neighbor.place for neighbor in nearest(digit, len(nines), 9)] == nines


def test_the_nearest_digits_differ_least() -> None:
    mnist = load_mnist()
    distances = [
        np.abs(neighbor.digit.astype(int) - mnist.x_test[0]).mean()
        for neighbor in nearest(mnist.x_test[0], 500)
    ]
    assert np.mean(distances[:20]) < np.mean(distances[-20:])


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
        nearest(load_mnist().x_test[0], 5, path=path)
