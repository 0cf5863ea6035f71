"""What a model answered for each picture of MNIST's test set, kept in its run's folder."""

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Floats
from digitrec.datasets.npz import read_arrays
from digitrec.errors import DatasetError, ModelError
from digitrec.recognition.recognizer import DIGITS
from digitrec.runs.run import Run
from digitrec.system.atomic_files import write_whole

TEST_PICTURES = 10_000


def keep_test_answers(path: Path, probabilities: Floats) -> None:
    """Write what the served model answered.

    They stay float32, some 300 kB a run: float16 counts in steps of 0.0005 near 1, where most
    confidences are. The most confident mistakes would be equal, and of two digits that are nearly
    as probable the wrong one could lead.

    Args:
        path: The file to write.
        probabilities: float32 (10000, 10), in the order of the test set; rows add up to 1.
    """
    file = io.BytesIO()
    np.savez_compressed(file, probabilities=probabilities)
    write_whole(path, lambda temporary: temporary.write_bytes(file.getvalue()))


def kept_test_answers(run: Run) -> Floats | None:
    """Return what the served model answered; None if the run is too old to have kept it.

    Returns:
        float32 (10000, 10), in the order of the test set; rows add up to 1.

    Raises:
        ModelError: If the file is damaged.
    """
    path = run.test_answers_path
    if not path.is_file():
        return None
    name = f"run {run.name!r}: {path.name}"
    try:
        found: npt.NDArray[np.generic] = read_arrays(path, name, ["probabilities"])["probabilities"]
    except DatasetError as error:
        raise ModelError(str(error)) from error
    if found.dtype != np.float32 or found.shape != (TEST_PICTURES, DIGITS):
        raise ModelError(
            f"{name}: expected float32 of shape ({TEST_PICTURES}, {DIGITS}), got {found.dtype} of "
            f"shape {found.shape}"
        )
    return found.astype(np.float32, copy=False)
