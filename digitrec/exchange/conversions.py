"""Exports and imports in a process of their own, for programs without TensorFlow."""

import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import msgspec

from digitrec.errors import ModelError
from digitrec.recipes.configuration import EXPORT_FORMATS
from digitrec.runs.model_store import ModelStore
from digitrec.runs.results import Results
from digitrec.settings import PROJECT_DIR

# A conversion takes about ten seconds; one that takes this long is stuck.
TIMEOUT_S = 600
# Each takes the memory of a training.
_one_at_a_time = threading.Lock()


def export_bytes(store: ModelStore, name: str, file_format: str) -> bytes:
    """Return a model as a file of another format; ``saved-model``, a folder, as a ZIP.

    Args:
        store: Where the model is.
        name: The model's name.
        file_format: One of ``EXPORT_FORMATS``.

    Raises:
        ModelError: If it can't be exported.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / (name + EXPORT_FORMATS[file_format])
        _digitrec(store, "export", name, "--format", file_format, "--output", target)
        if target.is_dir():
            target = Path(shutil.make_archive(str(target), "zip", folder, target.name))
        return target.read_bytes()


def import_bytes(store: ModelStore, content: bytes, file_name: str, name: str) -> Results:
    """Import a network into the models folder.

    Args:
        store: Where it goes.
        content: A Keras or LiteRT file, or a ZIP of a SavedModel.
        file_name: The file's name.
        name: The model's name.

    Returns:
        The model's report.

    Raises:
        ConfigurationError: If the name can't be one, or is taken.
        ModelError: If the file is no fitting network.
    """
    store.path_of_new(name)  # Refuses a bad name at once, not after the network was read.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / Path(file_name).name
        file.write_bytes(content)
        printed = _digitrec(store, "import", file, "--name", name, "--json")
    return msgspec.json.decode(printed.splitlines()[-1], type=Results)


def _digitrec(store: ModelStore, *arguments: str | Path) -> str:
    """Run a command of ``python -m digitrec``; paths among the arguments are temporary files.

    Returns:
        What it prints.

    Raises:
        ModelError: If it fails, with what it says.
    """
    command = [sys.executable, "-m", "digitrec", *map(str, arguments)]
    command += ["--models-dir", str(store.models_dir)]
    done = _run(command)
    if done is None:
        raise ModelError(f"the {arguments[0]} took too long and was ended")
    if done.returncode < 0:
        # TensorFlow ends in one of several ways where there is no more memory.
        raise ModelError(
            f"the {arguments[0]} was ended by the system; most likely the network takes too much "
            "memory"
        )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"the {arguments[0]} failed"]
        words = said[-1].removeprefix("digitrec: ").removesuffix(".")
        for path in filter(lambda argument: isinstance(argument, Path), arguments):
            # Its folder is gone by the time somebody reads of it.
            words = words.replace(str(path), repr(Path(path).name))
        raise ModelError(words)
    return done.stdout


def _run(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    """Run a command after those that were asked for before; None if it took too long."""
    with (
        _one_at_a_time,
        subprocess.Popen(
            command, cwd=PROJECT_DIR, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            printed, said = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        return subprocess.CompletedProcess(command, process.returncode, printed, said)
