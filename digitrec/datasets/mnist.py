"""MNIST, which is part of the package."""

import hashlib
import io
from pathlib import Path
from typing import NamedTuple

from digitrec.arrays import Digits, Labels
from digitrec.datasets.npz import read_arrays
from digitrec.errors import DatasetError
from digitrec.formatting import system_reason

MNIST_PATH = Path(__file__).with_name("mnist.npz")
MNIST_BYTES = 11_266_754
MNIST_SHA256 = "b5e394bc34918bacb3c7d30dae8a52f2e99dbccb1317eccfc24e1d09f564e406"


class Mnist(NamedTuple):
    """MNIST's four arrays.

    Attributes:
        x_train: uint8, (60000, 28, 28), white ink (255) on black (0).
        y_train: uint8, (60000,), the digits 0 to 9.
        x_test: uint8, (10000, 28, 28).
        y_test: uint8, (10000,).
    """

    x_train: Digits
    y_train: Labels
    x_test: Digits
    y_test: Labels


def load_mnist(path: Path = MNIST_PATH) -> Mnist:
    """Load MNIST after verifying its checksum.

    Raises:
        DatasetError: If the file is missing or its SHA-256 differs.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"MNIST can't be read from {path}: {system_reason(error)}") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != MNIST_SHA256:
        raise DatasetError(
            f"{path} is damaged: expected {MNIST_BYTES:,} bytes with SHA-256 "
            f"{MNIST_SHA256[:12]}…, found {len(content):,} bytes with {digest[:12]}…; "
            "restore the file from this version of digitrec"
        )
    return Mnist(**read_arrays(io.BytesIO(content), path.name, Mnist._fields))
