"""Files that are whole under their name, whatever becomes of the process that writes them."""

import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_whole(target: Path, write: Callable[[Path], Any]) -> None:
    """Let ``write`` fill a temporary file, then move it into place; both reach the disk.

    The temporary name keeps the ending, since Keras goes by it.

    Raises:
        OSError: If it can't be written; what was there before is there still.
    """
    temporary = target.with_name(f".{uuid.uuid4().hex}-{target.name}")
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        # The person knows the file by its own name.
        raise OSError(error.errno, error.strerror or str(error), str(target)) from error
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in, unless it is there.

    Raises:
        OSError: If it can't be made; it names this folder, whichever couldn't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(folder)) from error


def remove_unfinished(folder: Path) -> None:
    """Remove the temporary files that a process left when it was killed."""
    for path in folder.glob(f".{'[0-9a-f]' * 32}-*"):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Let a new name reach the disk; Windows does so by itself."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
