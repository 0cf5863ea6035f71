"""A run: its configuration, events, state and process."""

import os
from enum import StrEnum
from typing import Any

import msgspec

from digitrec.errors import ConfigurationError, ModelError
from digitrec.formatting import system_reason
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.events import ENDS, Event, EventFile, Moved
from digitrec.runs.process import ProcessRecord
from digitrec.runs.result_files import BASE_STROKES, ResultFiles


class RunState(StrEnum):
    """The state of a run."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_live(self) -> bool:
        """Whether the run has a process, which is training or queued."""
        return self in (RunState.WAITING, RunState.RUNNING)


class Run(ResultFiles):
    """A training run or an imported model, read from its folder."""

    @property
    def was_trained(self) -> bool:
        """Whether the run trained its model."""
        return (self.path / "config.json").is_file()

    def config(self) -> TrainingConfig | None:
        """Return the configuration; None if the run was imported.

        Raises:
            ModelError: If the file is damaged.
        """
        values: Any = self.read_json("config.json", object)
        try:
            return None if values is None else TrainingConfig.from_dict(values)
        except ConfigurationError as error:
            raise ModelError(
                f"run {self.short_title!r}: config.json is damaged: {error}"
            ) from error

    @property
    def event_file(self) -> EventFile:
        """The event file, for readers who poll it."""
        return EventFile(self.path / "events.jsonl")

    def events(self) -> list[Event]:
        """Return all events so far, without a line that is still being written."""
        return self.event_file.read()

    def last_event(self) -> Event | None:
        """Return the last event without reading the others; None if there is none."""
        return self.event_file.last()

    def append_event(self, kind: str, **values: Any) -> None:
        """Append an event with the current time."""
        self.event_file.append(kind, **values)

    def created_at(self) -> float:
        """Return when the run was created, in seconds since 1970; 0 if unknown."""
        first = self.event_file.first()
        return first.time if first else 0.0

    def queue_position(self) -> float:
        """Return the run's position in the queue; smaller ones come first."""
        marks = ("created", "resumed", "moved")
        placed = [event for event in self.events() if event.kind in marks]
        if not placed:
            return 0.0
        last = placed[-1]
        return last.place if isinstance(last, Moved) else last.time

    def state(self, events: list[Event] | None = None) -> RunState:
        """Return the run's state.

        Args:
            events: The run's events, if they have been read already.
        """
        kinds = [event.kind for event in (self.events() if events is None else events)]
        if kinds and kinds[-1] in ENDS:
            return RunState(kinds[-1])
        if not self.is_alive():
            # With results and no checkpoint the run has finished, even if that event is missing.
            is_over = self.has_model and not self.checkpoint_path.exists()
            return RunState.FINISHED if is_over else RunState.INTERRUPTED
        marks = [kind for kind in kinds if kind in ("created", "resumed", "starting", "started")]
        has_turn = bool(marks) and marks[-1].startswith("start")
        return RunState.RUNNING if has_turn else RunState.WAITING

    def can_be_resumed(self, state: RunState) -> bool:
        """Return whether a run in this state can be resumed or restarted."""
        ended_early = state in (RunState.PAUSED, RunState.INTERRUPTED, RunState.FAILED)
        return ended_early and self.was_trained

    def can_be_extended(self, state: RunState) -> bool:
        """Return whether epochs can be added to a run in this state."""
        is_over = state in (RunState.FINISHED, RunState.STOPPED)
        return is_over and self.was_trained and not self.is_bundled and self.can_be_trained_further

    def register_process(self, pid: int) -> None:
        """Record the process that works on the run."""
        self.write_json("process.json", msgspec.to_builtins(ProcessRecord.of(pid)))

    def is_alive(self) -> bool:
        """Return whether the recorded process is still running."""
        return self.process_id() is not None

    def process_id(self) -> int | None:
        """Return the PID of the run's process; None if it has ended."""
        try:
            noted = self.read_json("process.json", ProcessRecord)
        except (ModelError, msgspec.ValidationError):
            return None
        return noted.pid if noted and noted.is_running() else None

    def request_stop(self) -> None:
        """Ask the run's process to stop at its next event.

        Raises:
            ModelError: If the run no longer exists, or its folder can't be written.
        """
        self._request("stop")

    def stop_requested(self) -> bool:
        """Return whether the run was asked to stop."""
        return (self.path / "stop").exists()

    def request_pause(self) -> None:
        """Ask the run's process to write a checkpoint and end.

        Raises:
            ModelError: If the run no longer exists, or its folder can't be written.
        """
        self._request("pause")

    def pause_requested(self) -> bool:
        """Return whether the run was asked to pause."""
        return (self.path / "pause").exists()

    def _request(self, name: str) -> None:
        try:
            (self.path / name).touch()
        except FileNotFoundError as error:
            raise ModelError(f"run {self.short_title!r} no longer exists") from error
        except OSError as error:
            raise ModelError(
                f"can't {name} run {self.short_title!r}: {system_reason(error)}"
            ) from error

    def remove_requests(self) -> None:
        """Remove requests to stop or pause."""
        for name in ("stop", "pause"):
            (self.path / name).unlink(missing_ok=True)

    def remove_resume_files(self) -> None:
        """Remove the files to resume from, after the run has ended."""
        for path in (
            self.checkpoint_path,
            self.best_path,
            self.base_path,
            self.base_strokes_path,
            self.path / BASE_STROKES,
            *self.path.glob(self.strokes_fold_path("*").name),
        ):
            path.unlink(missing_ok=True)

    def release(self) -> None:
        """Unregister this process from the run, but no other one."""
        self.remove_requests()
        if self.process_id() in (None, os.getpid()):
            (self.path / "process.json").unlink(missing_ok=True)
