"""The folder of a run: its files, name and note.

=====================  ==========================================================
``config.json``        the training configuration (not for an imported model)
``events.jsonl``       the events, one JSON object per line
``process.json``       the process that works on the run
``stop``, ``pause``    requests to stop or pause
``train.log``          the output of the process
``checkpoint.keras``   the network and optimizer to resume from, until the run has ended
``best.keras``         the network of the best epoch, with early stopping
``base.keras``         the network that the run starts from (not for a new network)
``drawings.npz``       the labeled drawings that the model is taught with, if any
``history.jsonl.gz``   the person's labeled drawings as strokes, if the run learns from them
``watched.npz``        the person's drawing that is recognized during training, if any
``tensorboard/``       logs for TensorBoard, if enabled
``report.json``        the results
``test_answers.npz``   the served model's answers for the test set
``base_answers.npz``   the answers for the test set of the model that the run starts from
``model.keras``        the trained network with its optimizer, for further training
``model.tflite``       the model that the app serves
``strokes.keras``      the network that reads strokes, if the model has one
``strokes.tflite``     the same as the app serves it
``strokes_fold-*.npy`` what it answered to writers that it hadn't seen, until it is done
``base_strokes.keras`` the network that reads strokes of the model that the run starts from
``base_strokes.json``  its results
``.next-*``            new versions of the results, until their report is written
``.scratch/``          temporary files of the process
``title.txt``          the run's title, if it differs from the folder's name
``note.txt``           the person's note
``CARD.md``            the model card, for models that ship
=====================  ==========================================================

The folder is the only source of truth about a run.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from digitrec.errors import ConfigurationError, ModelError
from digitrec.formatting import sentence, system_reason
from digitrec.recipes.run_names import SHIPPED_TITLES, check_title, folder_name
from digitrec.settings import SHIPPED_MODELS_DIR
from digitrec.system.atomic_files import write_atomically

MAX_NOTE = 2000

Form = TypeVar("Form")


class RunFolder:
    """Finds, reads and writes a run's files.

    Args:
        path: The folder; its name is the run's name in code and links.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name

    @property
    def is_bundled(self) -> bool:
        """Whether the model ships with digitrec; those have a card."""
        return (self.path / "CARD.md").is_file()

    @property
    def title(self) -> str:
        """The run's name on pages: a plain one for a model that ships, else ``short_title``."""
        plain = SHIPPED_TITLES.get(self.name)
        return plain if plain and self.is_bundled else self.short_title

    @property
    def short_title(self) -> str:
        """The run's name in the shell and in errors: its title, or its name if it has none.

        A folder that was copied or renamed by hand goes by its name, so titles stay unique.
        """
        try:
            title = check_title((self.path / "title.txt").read_text(encoding="utf-8"))
        except (OSError, ValueError, ConfigurationError):
            return self.name
        return title if folder_name(title) == self.name else self.name

    def title_beside(self, name: str) -> str:
        """Return the title of a run beside this one or of a shipped model; its name if neither."""
        beside = self.path.with_name(name)
        return RunFolder(beside if beside.is_dir() else SHIPPED_MODELS_DIR / name).title

    def write_title(self, title: str) -> None:
        """Write the title."""
        if title == self.name:
            (self.path / "title.txt").unlink(missing_ok=True)
        else:
            self.write_atomically(
                "title.txt", lambda path: path.write_text(title, encoding="utf-8")
            )

    def note(self) -> str:
        """Return the note; empty if there is none or it can't be read."""
        try:
            return (self.path / "note.txt").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def write_note(self, text: str) -> None:
        """Write the note.

        Raises:
            ModelError: If it has more than ``MAX_NOTE`` characters or can't be written.
        """
        if len(text) > MAX_NOTE:
            raise ModelError(f"a note can have at most {MAX_NOTE:,} characters, got {len(text):,}")
        try:
            content = text.encode(errors="replace")
            self.write_atomically("note.txt", lambda path: path.write_bytes(content))
        except OSError as error:
            raise ModelError(
                f"the note of {self.short_title!r} can't be written: {system_reason(error)}"
            ) from error

    @property
    def keras_path(self) -> Path:
        """The trained network with its optimizer."""
        return self.path / "model.keras"

    @property
    def tflite_path(self) -> Path:
        """The model that the app serves."""
        return self.path / "model.tflite"

    @property
    def strokes_keras_path(self) -> Path:
        """The network that reads strokes, for further training."""
        return self.path / "strokes.keras"

    @property
    def strokes_tflite_path(self) -> Path:
        """The network that reads strokes, as the app serves it."""
        return self.path / "strokes.tflite"

    def strokes_fold_path(self, key: str) -> Path:
        """The answers of a fold's network, while a stroke reader is trained.

        Args:
            key: What the network learned from, and the fold; ``*`` for a pattern of all.
        """
        return self.path / f"strokes_fold-{key}.npy"

    @property
    def test_answers_path(self) -> Path:
        """The served model's answers for the test set; missing in the oldest runs."""
        return self.path / "test_answers.npz"

    @property
    def base_answers_path(self) -> Path:
        """The answers for the test set of the model that the run starts from."""
        return self.path / "base_answers.npz"

    @property
    def checkpoint_path(self) -> Path:
        """The network and optimizer that the run can resume from."""
        return self.path / "checkpoint.keras"

    @property
    def best_path(self) -> Path:
        """The network of the epoch with the smallest validation loss."""
        return self.path / "best.keras"

    @property
    def base_path(self) -> Path:
        """The network that the run starts from."""
        return self.path / "base.keras"

    @property
    def base_strokes_path(self) -> Path:
        """The network that reads strokes of the model that the run starts from."""
        return self.path / "base_strokes.keras"

    @property
    def drawings_path(self) -> Path:
        """The labeled drawings that the model is taught with."""
        return self.path / "drawings.npz"

    @property
    def history_path(self) -> Path:
        """The person's labeled drawings as strokes."""
        return self.path / "history.jsonl.gz"

    @property
    def watched_path(self) -> Path:
        """The person's drawing that is recognized during training."""
        return self.path / "watched.npz"

    @property
    def log_path(self) -> Path:
        """The output of the run's process."""
        return self.path / "train.log"

    @property
    def tensorboard_path(self) -> Path:
        """The folder of TensorBoard logs."""
        return self.path / "tensorboard"

    @property
    def scratch_path(self) -> Path:
        """The folder of the process's temporary files."""
        return self.path / ".scratch"

    def read_json(self, name: str, form: type[Form]) -> Form | None:
        """Read a JSON file in the folder; None if it doesn't exist.

        Args:
            name: The file.
            form: The type to read. Unknown fields are ignored.

        Raises:
            ModelError: If it can't be read, or isn't JSON.
            ValueError: If it doesn't match the type.
        """
        try:
            return msgspec.json.decode((self.path / name).read_bytes(), type=form)
        except FileNotFoundError:
            return None
        except msgspec.ValidationError:
            raise
        except (OSError, ValueError) as error:
            raise ModelError(
                f"run {self.short_title!r}: {name} can't be read: {sentence(error)}"
            ) from error

    def write_json(self, name: str, values: Any) -> None:
        """Write a JSON file in the folder atomically."""
        text = json.dumps(values, indent=2, allow_nan=False) + "\n"
        self.write_atomically(name, lambda path: path.write_text(text, encoding="utf-8"))

    def write_atomically(self, name: str, write: Callable[[Path], Any]) -> None:
        """Write a file in the folder atomically, with ``write``."""
        write_atomically(self.path / name, write)
