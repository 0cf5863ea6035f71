"""A run is a folder: its files, its name and its note.

=====================  ==========================================================
``config.json``        the training configuration (absent for an imported model)
``events.jsonl``       one JSON object a line, appended and flushed as it goes
``process.json``       the process that works on the run
``stop``, ``pause``    exist once somebody asked the run to do so
``train.log``          what the process printed
``checkpoint.keras``   the network and its optimizer some seconds ago, while the run goes on
``best.keras``         the network of the best epoch, if the run may stop early
``base.keras``         the network that the run begins with, if it does not begin anew
``drawings.npz``       the labeled drawings that it is taught with, if it is
``tensorboard/``       logs for TensorBoard, if they are wanted
``report.json``        the results, once there are any
``test_answers.npz``   what the served model answered for each picture of the test set
``model.keras``        the trained network with its optimizer, to train further
``model.tflite``       what the app serves
``.next-*``            these three, until the report that goes with them is there
``.scratch/``          what the process needs for a while
``title.txt``          what people call the run, if that is not the folder's name
``note.txt``           what the person wrote about the run
``CARD.md``            what is to be known of a model that ships
=====================  ==========================================================

The folder is the only truth: every reader learns all it knows from it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from digitrec.errors import ConfigurationError, ModelError
from digitrec.recipes.run_names import check_title, folder_name
from digitrec.system.atomic_files import write_whole
from digitrec.words import sentence, system_reason

MAX_NOTE = 2000

Form = TypeVar("Form")


class RunFolder:
    """Finds, reads and writes the files of one run.

    Args:
        path: The folder; its name is the run's name in code and links.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name

    @property
    def title(self) -> str:
        """What people call the run; its name where nothing else is noted.

        A folder that somebody copied or renamed by hand is called what it is named, so that no
        two runs have one title.
        """
        try:
            title = check_title((self.path / "title.txt").read_text(encoding="utf-8"))
        except (OSError, ValueError, ConfigurationError):
            return self.name
        return title if folder_name(title) == self.name else self.name

    def title_beside(self, name: str) -> str:
        """Return what people call another run of the same folder, which may be gone."""
        return RunFolder(self.path.with_name(name)).title

    def write_title(self, title: str) -> None:
        """Note what people call the run."""
        if title == self.name:
            (self.path / "title.txt").unlink(missing_ok=True)
        else:
            self.write_whole("title.txt", lambda path: path.write_text(title, encoding="utf-8"))

    def note(self) -> str:
        """Return what the person wrote about the run; empty if nothing, or it can't be read."""
        try:
            return (self.path / "note.txt").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def write_note(self, text: str) -> None:
        """Keep what the person wrote about the run.

        Raises:
            ModelError: If it has more than ``MAX_NOTE`` characters or can't be written.
        """
        if len(text) > MAX_NOTE:
            raise ModelError(f"a note can have at most {MAX_NOTE:,} characters, got {len(text):,}")
        try:
            content = text.encode(errors="replace")
            self.write_whole("note.txt", lambda path: path.write_bytes(content))
        except OSError as error:
            raise ModelError(
                f"the note of {self.title!r} can't be written: {system_reason(error)}"
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
    def test_answers_path(self) -> Path:
        """What the served model answered for the test set; the oldest runs lack it."""
        return self.path / "test_answers.npz"

    @property
    def checkpoint_path(self) -> Path:
        """The network and its optimizer, from which the run can go on."""
        return self.path / "checkpoint.keras"

    @property
    def best_path(self) -> Path:
        """The network of the epoch with the smallest validation loss."""
        return self.path / "best.keras"

    @property
    def base_path(self) -> Path:
        """The network that the run begins with."""
        return self.path / "base.keras"

    @property
    def drawings_path(self) -> Path:
        """The labeled drawings that the run is taught with."""
        return self.path / "drawings.npz"

    @property
    def log_path(self) -> Path:
        """What the run's process printed."""
        return self.path / "train.log"

    @property
    def tensorboard_path(self) -> Path:
        """The folder of the logs for TensorBoard."""
        return self.path / "tensorboard"

    @property
    def scratch_path(self) -> Path:
        """The folder of what the process needs for a while."""
        return self.path / ".scratch"

    def read_json(self, name: str, form: type[Form]) -> Form | None:
        """Read a JSON file of the folder; None if there is none.

        Args:
            name: The file.
            form: What it holds. Fields that this version doesn't know are ignored.

        Raises:
            ModelError: If it can't be read, or is no JSON.
            ValueError: If it holds something else.
        """
        try:
            return msgspec.json.decode((self.path / name).read_bytes(), type=form)
        except FileNotFoundError:
            return None
        except msgspec.ValidationError:
            raise
        except (OSError, ValueError) as error:
            raise ModelError(
                f"run {self.title!r}: {name} can't be read: {sentence(error)}"
            ) from error

    def write_json(self, name: str, values: Any) -> None:
        """Write a JSON file of the folder as a whole."""
        text = json.dumps(values, indent=2, allow_nan=False) + "\n"
        self.write_whole(name, lambda path: path.write_text(text, encoding="utf-8"))

    def write_whole(self, name: str, write: Callable[[Path], Any]) -> None:
        """Let ``write`` fill a file of the folder, which is there as a whole or not at all."""
        write_whole(self.path / name, write)
