"""A model's answers for MNIST's test set, saved in its run's folder."""

import io
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt

from digitrec.arrays import Floats
from digitrec.datasets.npz import read_arrays
from digitrec.errors import DatasetError, ModelError
from digitrec.recognition.answers import DIGITS
from digitrec.runs.run import Run
from digitrec.system.atomic_files import write_atomically

TEST_PICTURES = 10_000


def keep_test_answers(path: Path, probabilities: Floats) -> None:
    """Write the served model's answers.

    They stay float32, about 300 kB per run. In float16, whose steps are 0.0005 near 1, the most
    confident mistakes would tie, and two almost equally probable digits could swap.

    Args:
        path: The file to write.
        probabilities: float32 (10000, 10), in the order of the test set; rows add up to 1.
    """
    file = io.BytesIO()
    np.savez_compressed(file, probabilities=probabilities)
    write_atomically(path, lambda temporary: temporary.write_bytes(file.getvalue()))


def keep_base_answers(run: Run, base: Run) -> None:
    """Copy the answers of the model that a run starts from, since the model may change or go."""
    if base.test_answers_path.is_file():
        shutil.copyfile(base.test_answers_path, run.base_answers_path)


def base_test_answers(run: Run) -> Floats | None:
    """Return the answers of the model that a run started from, like ``kept_test_answers``."""
    return _answers(run, run.base_answers_path)


def kept_test_answers(run: Run) -> Floats | None:
    """Return the served model's answers; None if the run is too old to have them.

    Returns:
        float32 (10000, 10), in the order of the test set; rows add up to 1.

    Raises:
        ModelError: If the file is damaged.
    """
    return _answers(run, run.test_answers_path)


def _answers(run: Run, path: Path) -> Floats | None:
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
