"""A run is a folder: one training and all that is known about it.

=====================  ==========================================================
``config.json``        the training configuration (absent for an imported model)
``events.jsonl``       one JSON object a line, appended and flushed as it goes
``process.json``       the process that works on the run
``stop``, ``pause``    exist once somebody asked the run to do so
``train.log``          what the process printed
``checkpoint.keras``   the network and its optimizer some seconds ago, while the run goes on
``best.keras``         the network of the best epoch, if the run may stop early
``base.keras``         the network that the run begins with, if it does not begin anew
``drawings.npz``       the labelled drawings that it is taught with, if it is
``tensorboard/``       logs for TensorBoard, if they are wished
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

import hashlib
import json
import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import psutil

from digitrec.errors import ConfigurationError, ModelError
from digitrec.recipes.configuration import TrainingConfig
from digitrec.recipes.run_names import check_title, folder_name
from digitrec.recognition.recognizer import Calibration
from digitrec.recognition.tensor_format import Feeding
from digitrec.runs.events import Event, EventFile
from digitrec.runs.report_check import is_report
from digitrec.system.atomic_files import write_whole
from digitrec.words import sentence, system_reason

MAX_NOTE = 2000


class RunState(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_live(self) -> bool:
        """Whether a process works on the run or waits for its turn."""
        return self in (RunState.WAITING, RunState.RUNNING)


_FINAL_EVENTS = {"paused", "finished", "stopped", "failed"}


class Run:
    """Reads and writes one run's folder.

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
        return Run(self.path.with_name(name)).title

    def write_title(self, title: str) -> None:
        """Note what people call the run."""
        if title == self.name:
            (self.path / "title.txt").unlink(missing_ok=True)
        else:
            self.write_whole("title.txt", lambda path: path.write_text(title, encoding="utf-8"))

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
        """The labelled drawings that the run is taught with."""
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

    @property
    def was_trained(self) -> bool:
        """Whether the run trained a network, and was not imported."""
        return (self.path / "config.json").is_file()

    @property
    def ships(self) -> bool:
        """Whether the run came with the project: those have a card."""
        return (self.path / "CARD.md").is_file()

    @property
    def has_model(self) -> bool:
        """Whether the run has left a model that can be served."""
        return self.tflite_path.is_file() and (self.path / "report.json").is_file()

    @property
    def can_be_trained_further(self) -> bool:
        """Whether the run has a network to train; a model may have come without its layers."""
        return self.keras_path.is_file()

    def config(self) -> TrainingConfig | None:
        """Return the configuration; None if the run was imported.

        Raises:
            ModelError: If the file is damaged.
        """
        values = self._read_json("config.json")
        try:
            return None if values is None else TrainingConfig.from_dict(values)
        except ConfigurationError as error:
            raise ModelError(f"run {self.title!r}: config.json is damaged: {error}") from error

    def results(self) -> dict[str, Any]:
        """Return the results of a run that left a model.

        Raises:
            ModelError: If there are none, or the file is damaged.
        """
        report = self.report()
        if report is None:
            raise ModelError(f"run {self.title!r} has no finished model")
        return report

    def can_be_resumed(self, state: RunState) -> bool:
        """Tell whether the run can go on, or begin anew, given where it stands."""
        ended_early = state in (RunState.PAUSED, RunState.INTERRUPTED, RunState.FAILED)
        return ended_early and self.was_trained

    def can_be_extended(self, state: RunState) -> bool:
        """Tell whether the run has trained a network that can be trained for more epochs."""
        is_over = state in (RunState.FINISHED, RunState.STOPPED)
        return is_over and self.was_trained and not self.ships and self.keras_path.is_file()

    def report(self) -> dict[str, Any] | None:
        """Return the results; None as long as there are none.

        Raises:
            ModelError: If the file is damaged.
        """
        report = self._read_json("report.json")
        if report is not None and not is_report(report):
            raise ModelError(
                f"run {self.title!r}: report.json is damaged: results are missing or can't be"
            )
        return report

    def next_path(self, path: Path) -> Path:
        """Return where a file of the results waits until its report is there.

        Args:
            path: Where it will be: ``keras_path``, ``tflite_path`` or ``test_answers_path``.
        """
        return path.with_name(f".next-{path.name}")

    def write_results(self, report: dict[str, Any]) -> None:
        """Make the files that wait, and their report, the run's results.

        At every moment in between the run has a model to serve, if it had one before.

        Args:
            report: The results; ``model_sha256`` is that of the model that waits.
        """
        replaces = self.has_model
        if not replaces:
            self._move_up_next()
        self.write_json("report.json", report)
        if replaces:
            self._move_up_next()

    def _move_up_next(self) -> None:
        for path in (self.keras_path, self.test_answers_path, self.tflite_path):
            if self.next_path(path).is_file():
                self.next_path(path).replace(path)

    def calibration(self) -> Calibration:
        """Return how the model's answers are to be taken.

        Raises:
            ModelError: If there is no model, or its report is damaged.
        """
        return Calibration.from_dict(self.results().get("calibration"))

    def feeding(self) -> Feeding:
        """Return how the served model is given pictures.

        Raises:
            ModelError: If there is no model, or its report is damaged.
        """
        return Feeding.from_dict(self.results().get("feeding"))

    def model_bytes(self) -> bytes:
        """Return the served model after checking that it is the one that was reported.

        Raises:
            ModelError: If there is none, or it is damaged.
        """
        expected = self.results().get("model_sha256")
        waiting = self.next_path(self.tflite_path)
        if waiting.is_file() and _sha256(content := waiting.read_bytes()) == expected:
            return content  # Its report is there, and it has not been moved up yet.
        try:
            content = self.tflite_path.read_bytes()
        except OSError as error:
            raise ModelError(
                f"run {self.title!r}: model.tflite can't be read: {system_reason(error)}"
            ) from error
        found = _sha256(content)
        if found != expected:
            raise ModelError(
                f"model {self.title!r} is damaged: expected SHA-256 {str(expected)[:12]}…, "
                f"found {len(content):,} bytes with {found[:12]}…; put a copy of its folder in "
                "its place, or use another model"
            )
        return content

    @property
    def event_file(self) -> EventFile:
        """What is told of the run, for a reader who will ask again."""
        return EventFile(self.path / "events.jsonl")

    def events(self) -> list[Event]:
        """Return all events so far; a line that is still being written is left out."""
        return self.event_file.read()

    def last_event(self) -> Event | None:
        """Return the last event without reading those before it; None if there is none."""
        return self.event_file.last()

    def append_event(self, event: str, **values: Any) -> None:
        """Append one event with the time of day, so that it is there for every reader."""
        self.event_file.append(event, **values)

    def created_at(self) -> float:
        """Return the time at which the run was created, in seconds since 1970; 0 if lost."""
        first = self.event_file.first()
        return first["time"] if first else 0.0

    def place(self) -> float:
        """Return the run's place in the line of those that wait: a smaller one comes earlier."""
        marks = ("created", "resumed", "moved")
        placed = [event for event in self.events() if event["event"] in marks]
        if not placed:
            return 0.0
        return placed[-1]["place" if "place" in placed[-1] else "time"]

    def state(self, events: list[Event] | None = None) -> RunState:
        """Tell where the run stands.

        Args:
            events: The run's events, where the caller has read them already.
        """
        names = [event["event"] for event in (self.events() if events is None else events)]
        if names and names[-1] in _FINAL_EVENTS:
            return RunState(names[-1])
        if not self.is_alive():
            # A run that has results and nothing to go on from was finished, whatever its log says.
            is_over = self.has_model and not self.checkpoint_path.exists()
            return RunState.FINISHED if is_over else RunState.INTERRUPTED
        marks = [name for name in names if name in ("created", "resumed", "starting", "started")]
        has_turn = bool(marks) and marks[-1].startswith("start")
        return RunState.RUNNING if has_turn else RunState.WAITING

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
            raise ModelError(f"a note takes {MAX_NOTE:,} characters, got {len(text):,}")
        try:
            content = text.encode(errors="replace")
            self.write_whole("note.txt", lambda path: path.write_bytes(content))
        except OSError as error:
            raise ModelError(
                f"the note of {self.title!r} can't be written: {system_reason(error)}"
            ) from error

    def register_process(self, pid: int) -> None:
        """Note which process works on the run."""
        self.write_json("process.json", {"pid": pid, **_birth(psutil.Process(pid))})

    def is_alive(self) -> bool:
        """Tell whether the registered process is still there."""
        return self.process_id() is not None

    def process_id(self) -> int | None:
        """Return the number of the process that works on the run; None if it is gone."""
        try:
            noted = self._read_json("process.json") or {}
            process = psutil.Process(int(noted["pid"]))
            # A number is given to a new process once the old one is gone.
            same = any(abs(born - float(noted[by])) < 1 for by, born in _birth(process).items())
            is_there = same and process.status() != psutil.STATUS_ZOMBIE
            return process.pid if is_there else None
        except (psutil.Error, ModelError, KeyError, TypeError, ValueError, OverflowError):
            return None

    def request_stop(self) -> None:
        """Ask the run's process to stop; it does so at its next event.

        Raises:
            ModelError: If the run is gone, or its folder can't be written.
        """
        self._request("stop")

    def stop_requested(self) -> bool:
        """Tell whether somebody asked the run to stop."""
        return (self.path / "stop").exists()

    def request_pause(self) -> None:
        """Ask the run's process to end and to leave what it takes to go on.

        Raises:
            ModelError: If the run is gone, or its folder can't be written.
        """
        self._request("pause")

    def pause_requested(self) -> bool:
        """Tell whether somebody asked the run to pause."""
        return (self.path / "pause").exists()

    def remove_requests(self) -> None:
        """Take back the wish that the run stop or pause."""
        for name in ("stop", "pause"):
            (self.path / name).unlink(missing_ok=True)

    def remove_beginnings(self) -> None:
        """Forget what the run would go on from: it is over."""
        for path in (self.checkpoint_path, self.best_path, self.base_path):
            path.unlink(missing_ok=True)

    def release(self) -> None:
        """Take leave of the run: this process works on it no more, though another one may."""
        self.remove_requests()
        if self.process_id() in (None, os.getpid()):
            (self.path / "process.json").unlink(missing_ok=True)

    def write_json(self, name: str, values: Any) -> None:
        """Write a JSON file of the folder as a whole."""
        text = json.dumps(values, indent=2, allow_nan=False) + "\n"
        self.write_whole(name, lambda path: path.write_text(text, encoding="utf-8"))

    def write_whole(self, name: str, write: Callable[[Path], Any]) -> None:
        """Let ``write`` fill a file of the folder, which is there as a whole or not at all."""
        write_whole(self.path / name, write)

    def _request(self, name: str) -> None:
        try:
            (self.path / name).touch()
        except FileNotFoundError as error:
            raise ModelError(f"there is no run {self.title!r} any more") from error
        except OSError as error:
            raise ModelError(f"can't {name} run {self.title!r}: {system_reason(error)}") from error

    def _read_json(self, name: str) -> Any:
        try:
            return json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ModelError(
                f"run {self.title!r}: {name} can't be read: {sentence(error)}"
            ) from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _birth(process: psutil.Process) -> dict[str, float]:
    """Say when a process began: by the clock, and in seconds after the machine's start.

    A clock that is set moves the one or the other, by the system; never both.
    """
    began = process.create_time()
    return {"create_time": began, "after_boot": began - psutil.boot_time()}
