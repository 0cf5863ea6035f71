"""NumPy archives of labeled digits, read without pickle."""

import zipfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

import numpy as np

from digitrec.arrays import Digits, Labels, Pixels
from digitrec.datasets.array_files import Array, npy_array, paired
from digitrec.datasets.pixel_format import SAMPLE, detect_pixel_format
from digitrec.errors import DatasetError
from digitrec.formatting import system_reason
from digitrec.labels import LABELS, NO_DIGIT
from digitrec.system.archives import open_zip
from digitrec.system.packed_files import member_of_zip


def read_arrays(file: Path | IO[bytes], name: str, keys: Sequence[str]) -> dict[str, Pixels]:
    """Read the named arrays from an ``.npz`` archive.

    Args:
        file: The archive.
        name: Its name, for messages.
        keys: The arrays to read.

    Raises:
        DatasetError: If it isn't an archive, lacks an array, or an array holds Python objects.
    """
    try:
        with (
            # np.load doesn't close the file if the archive is damaged.
            file.open("rb") if isinstance(file, Path) else nullcontext(file) as opened,
            np.load(opened, allow_pickle=False) as archive,
        ):
            for key in keys:
                if key not in archive.files:
                    raise DatasetError(f"{name} has no array {key!r}")
            arrays = {key: archive[key] for key in keys}
            if not all(isinstance(array, np.ndarray) for array in arrays.values()):
                raise TypeError("a member isn't an array")
            return arrays
    except DatasetError:
        raise
    except FileNotFoundError as error:
        raise DatasetError(f"{name}: there is no such file") from error
    except Exception as error:  # NumPy raises almost anything for a damaged archive.
        raise DatasetError(
            f"{name} isn't an .npz archive of plain arrays, or is damaged"
        ) from error


def load_labeled(path: Path) -> tuple[Digits, Labels]:
    """Load labeled digits from an ``.npz`` file.

    Arrays are recognized as in uploads: pictures by their shape, labels by their number and name.
    Of several pairs the largest is loaded. Pictures labeled 10 (not a digit) or without a label
    are left out.

    Returns:
        ``x`` uint8 (n, 28, 28) with white ink (255) on black (0), and ``y`` uint8 (n,)
        with the digits 0 to 9; n is at least 1.

    Raises:
        DatasetError: If the file can't be read or its arrays have the wrong format.
    """
    try:
        with path.open("rb") as file, open_zip(file, str(path)) as archive:
            pictures, labels = _largest_pair(archive, path)
            known = [(i, label) for i, label in enumerate(labels) if label not in (None, NO_DIGIT)]
            wrong = [label for _, label in known if label not in LABELS]
            if wrong:
                raise DatasetError(f"expected labels 0 to 9, or 10 for not a digit, got {wrong[0]}")
            if not known:
                raise DatasetError("no picture in it has a digit as its label")
            x = _digits(pictures)
    except FileNotFoundError as error:
        raise DatasetError(f"{path}: there is no such file") from error
    except OSError as error:
        raise DatasetError(f"{path}: {system_reason(error)}") from error
    except DatasetError as error:
        raise error if str(path) in str(error) else DatasetError(f"{path}: {error}") from error
    return x[[i for i, _ in known]], np.array([label for _, label in known], np.uint8)


def _largest_pair(archive: zipfile.ZipFile, path: Path) -> tuple[Array, list[Any]]:
    members = archive.infolist()
    if not members or not all(member.filename.endswith(".npy") for member in members):
        raise DatasetError(f"{path} isn't an .npz file of NumPy arrays")
    pairs, _ = paired([npy_array(member_of_zip(archive, member)) for member in members])
    largest = max(pairs, key=lambda pair: pair.pictures.shape[0], default=None)
    if largest is None:
        raise DatasetError("expected pictures as numbers of shape (n, 28, 28) or (n, 784)")
    if largest.labels is None:
        raise DatasetError(f"{largest.pictures.name} has no labels; expected as many as pictures")
    return largest.pictures, largest.labels.labels()


def _digits(pictures: Array) -> Digits:
    rows = list(pictures.pictures())
    pixel_format = detect_pixel_format(rows[:SAMPLE])
    return np.stack([pixel_format.digit(row) for row in rows])
