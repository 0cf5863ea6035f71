"""Exports and imports in a child process, for programs that don't load TensorFlow."""

import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import msgspec

from digitrec.errors import ModelError
from digitrec.exchange.formats import EXPORT_FORMATS
from digitrec.runs.model_store import ModelStore
from digitrec.runs.results import Results
from digitrec.settings import PROJECT_DIR

# A conversion normally takes about ten seconds.
TIMEOUT_S = 600
# Each needs as much memory as a training run.
_one_at_a_time = threading.Lock()


def export_bytes(store: ModelStore, name: str, file_format: str) -> bytes:
    """Export a model to another format; the folder of ``saved-model`` is zipped.

    Args:
        store: The store with the model.
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
        store: The store to import it into.
        content: A Keras or LiteRT file, or a ZIP of a SavedModel.
        file_name: The file's name.
        name: The new model's name.

    Returns:
        The model's report.

    Raises:
        ConfigurationError: If the name is invalid or taken.
        ModelError: If the file isn't a suitable network.
    """
    store.path_of_new(name)  # Rejects a bad name before the slow import.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / Path(file_name).name
        file.write_bytes(content)
        printed = _digitrec(store, "import", file, "--name", name, "--json")
    return msgspec.json.decode(printed.splitlines()[-1], type=Results)


def _digitrec(store: ModelStore, *arguments: str | Path) -> str:
    """Run a command of ``python -m digitrec``; ``Path`` arguments are temporary files.

    Returns:
        Its stdout.

    Raises:
        ModelError: If it fails, with the message from its stderr.
    """
    command = [sys.executable, "-m", "digitrec", *map(str, arguments)]
    command += ["--models-dir", str(store.models_dir)]
    done = _run(command)
    if done is None:
        raise ModelError(f"the {arguments[0]} took too long and was stopped")
    if done.returncode < 0:
        # When memory runs out, TensorFlow is killed by one of several signals.
        raise ModelError(
            f"the {arguments[0]} was killed by the system, probably because the network needs too "
            "much memory"
        )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"the {arguments[0]} failed"]
        words = lines[-1].removeprefix("digitrec: ").removesuffix(".")
        for path in filter(lambda argument: isinstance(argument, Path), arguments):
            # The temporary folder means nothing to the user.
            words = words.replace(str(path), repr(Path(path).name))
        raise ModelError(words)
    return done.stdout


def _run(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    """Run a command, one at a time; None if it took too long."""
    with (
        _one_at_a_time,
        subprocess.Popen(
            command, cwd=PROJECT_DIR, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            stdout, stderr = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)
