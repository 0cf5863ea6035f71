from pathlib import Path

import numpy as np
import pytest

from digitrec.datasets.mnist import MNIST_PATH, load_mnist
from digitrec.errors import DatasetError


def test_mnist_is_complete() -> None:
    mnist = load_mnist()
    assert mnist.x_train.shape == (60000, 28, 28)
    assert mnist.x_test.shape == (10000, 28, 28)
    assert all(array.dtype == np.uint8 for array in mnist)
    # The known counts of each digit in MNIST's test set.
    known = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(mnist.y_test).tolist() == known
    assert mnist.y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


def test_an_error_names_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nowhere.npz: No such file"):
        load_mnist(tmp_path / "nowhere.npz")


@pytest.mark.parametrize("damage", ["truncated", "one bit", "something else"])
def test_a_damaged_file_is_rejected(tmp_path: Path, damage: str) -> None:
    content = bytearray(MNIST_PATH.read_bytes())
    if damage == "truncated":
        content = content[:1000]
    elif damage == "one bit":
        content[5_000_000] ^= 1
    else:
        content = bytearray(b"hello")
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=f"is damaged.*found {len(content):,} bytes"):
        load_mnist(path)
