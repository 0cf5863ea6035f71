"""NumPy archives of labelled digits, read without pickle."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from digitrec.errors import DatasetError
from digitrec.labels import NO_DIGIT

PICTURE_SHAPE = (28, 28)


class MissingArrayError(DatasetError):
    """An archive has not the array that was asked for."""


def read_arrays(
    file: Path | IO[bytes], name: str, keys: Sequence[str]
) -> dict[str, npt.NDArray[np.uint8]]:
    """Read the named arrays from an ``.npz`` archive.

    Args:
        file: The archive.
        name: What to call it in an error.
        keys: The arrays to read.

    Raises:
        MissingArrayError: If there is no such array.
        DatasetError: If it is no archive, or an array holds Python objects.
    """
    try:
        with (
            # NumPy leaves the file of a damaged archive open.
            file.open("rb") if isinstance(file, Path) else nullcontext(file) as opened,
            np.load(opened, allow_pickle=False) as archive,
        ):
            for key in keys:
                if key not in archive.files:
                    raise MissingArrayError(f"{name} has no array {key!r}")
            arrays = {key: archive[key] for key in keys}
            if not all(isinstance(array, np.ndarray) for array in arrays.values()):
                raise TypeError("a member is no array")
            return arrays
    except DatasetError:
        raise
    except FileNotFoundError as error:
        raise DatasetError(f"{name}: there is no such file") from error
    except Exception as error:  # A damaged archive makes NumPy raise nearly anything.
        raise DatasetError(f"{name} is no .npz archive of plain arrays, or is damaged") from error


def load_labelled(path: Path) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Load labelled digits from an ``.npz`` file.

    They are its ``x_train`` and ``y_train``, as in a download of the history, or ``x`` and ``y``.
    Those of label 10, no digit, are left out.

    Returns:
        ``x`` uint8 (n, 28, 28) with white ink (255) on black (0), and ``y`` uint8 (n,)
        with the digits 0 to 9; n is at least 1.

    Raises:
        DatasetError: If the file can't be read or its arrays are of another form.
    """
    try:
        x, y = read_arrays(path, str(path), ("x_train", "y_train")).values()
    except MissingArrayError:
        x, y = read_arrays(path, str(path), ("x", "y")).values()
    if x.dtype != np.uint8 or x.ndim != 3 or x.shape[1:] != PICTURE_SHAPE or not len(x):
        raise DatasetError(
            f"{path}: expected pictures as uint8 of shape (n, 28, 28), "
            f"got {x.dtype} of shape {x.shape}"
        )
    if y.shape != (len(x),) or not np.issubdtype(y.dtype, np.integer):
        raise DatasetError(
            f"{path}: expected labels as {len(x)} whole numbers, got {y.dtype} of shape {y.shape}"
        )
    if y.min() < 0 or y.max() > NO_DIGIT:
        raise DatasetError(
            f"{path}: expected labels 0 to 9, or 10 for no digit, got {y.min()} to {y.max()}"
        )
    digits = y < NO_DIGIT
    if not digits.any():
        raise DatasetError(f"{path}: nothing in it is labelled as a digit")
    return x[digits], y[digits].astype(np.uint8)
