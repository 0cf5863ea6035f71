"""Files that are either complete or unchanged, even if the writing process is killed."""

import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_atomically(target: Path, write: Callable[[Path], Any]) -> None:
    """Write a temporary file with ``write``, sync it to disk, and move it into place.

    The temporary name keeps its suffix, from which Keras infers the format.

    Raises:
        OSError: If it can't be written; the previous file is unchanged.
    """
    temporary = target.with_name(f".{uuid.uuid4().hex}-{target.name}")
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        # Users don't know the temporary name.
        raise OSError(error.errno, error.strerror or str(error), str(target)) from error
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents if they don't exist.

    Raises:
        OSError: If that fails; the error names this folder even if a parent failed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(folder)) from error


def remove_unfinished(folder: Path) -> None:
    """Remove temporary files that a killed process left behind."""
    for path in folder.glob(f".{'[0-9a-f]' * 32}-*"):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Sync a folder's list of names to disk; Windows does this automatically."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
