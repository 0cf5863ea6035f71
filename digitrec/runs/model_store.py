"""Finds, creates, renames and deletes the runs in the models folders."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from digitrec.errors import ModelError, NameTakenError
from digitrec.formatting import system_reason
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.run_names import (
    FOLDER_NAME,
    check_name,
    check_title,
    folder_name,
    is_reserved,
    numbered,
)
from digitrec.recognition.recognizer import Recognizer
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.runs.known_networks import network_of, starting_from
from digitrec.runs.model_choice import ModelChoice
from digitrec.runs.run import Run, RunState
from digitrec.runs.test_answers import keep_base_answers
from digitrec.runs.trash import RunTrash
from digitrec.settings import SHIPPED_MODELS_DIR
from digitrec.system.atomic_files import make_folder

# Creating a run takes seconds, so a folder this old was left by a killed process.
ABANDONED_S = 86_400


class ModelStore:
    """Finds, creates, renames and deletes runs.

    Args:
        models_dir: The folder for new runs; created when first needed.
        shipped_dir: The folder of the models that ship; searched second.
        person: The ID of the person whose choice of model counts; empty without a login.
    """

    def __init__(
        self, models_dir: Path, shipped_dir: Path = SHIPPED_MODELS_DIR, person: str = ""
    ) -> None:
        self.models_dir = models_dir
        self.shipped_dir = shipped_dir
        self.person = person
        self._choice = ModelChoice(models_dir, person)
        self.trash = RunTrash(models_dir, self._choice)

    def runs(self) -> list[Run]:
        """Return all runs, the newest first; if two share a name, the user's own."""
        found: dict[str, Run] = {}
        for folder in (self.shipped_dir, self.models_dir):
            for path in folder.iterdir() if folder.is_dir() else ():
                if (path / "events.jsonl").is_file():
                    found[path.name] = Run(path)
        return sorted(found.values(), key=lambda run: (run.created_at(), run.name), reverse=True)

    def models(self) -> list[Run]:
        """Return the runs with a model, the newest first."""
        return [run for run in self.runs() if run.has_model]

    def trained_runs(self) -> list[Run]:
        """Return the runs that trained a network, without imported models."""
        return [run for run in self.runs() if run.was_trained]

    def run(self, name: str) -> Run:
        """Return the run with a name.

        Raises:
            ConfigurationError: If the name isn't valid.
            ModelError: If there is no such run.
        """
        if found := self._find(check_name(name)):
            return found
        raise self._missing(name)

    def _find(self, name: str) -> Run | None:
        for folder in (self.models_dir, self.shipped_dir):
            if (folder / name).is_dir():
                return Run(folder / name)
        return None

    def named(self, text: str) -> Run:
        """Return the run with a title, or with a folder's name.

        Raises:
            ModelError: If there is no such run.
        """
        if FOLDER_NAME.fullmatch(text) and self._exists(text):
            return self.run(text)
        for run in self.runs():
            if run.title == text:
                return run
        raise self._missing(text)

    def title(self, name: str) -> str:
        """Return the title of the run with a name; the name itself if there is none."""
        found = self._find(name) if FOLDER_NAME.fullmatch(name) else None
        return found.title if found else name

    def _missing(self, name: str) -> ModelError:
        known = ", ".join(run.short_title for run in self.models()) or "none"
        return ModelError(f"there is no model {name!r}; available models: {known}")

    def path_of_new(self, name: str) -> Path:
        """Return the folder for a new run.

        Args:
            name: The run's title; see ``check_title``.

        Raises:
            ConfigurationError: If the name isn't valid or is taken.
        """
        folder = folder_name(check_title(name))
        if self._is_taken(folder):
            raise self._taken(name)
        return self.models_dir / folder

    def free_name(self, wanted: str) -> str:
        """Return a free name: the wanted one, or that with the next free number appended.

        Raises:
            ConfigurationError: If the wanted name isn't valid.
        """
        name, number = check_title(wanted), 2
        while self._is_taken(folder_name(name)):
            name, number = numbered(wanted, number), number + 1
        return name

    def _is_taken(self, folder: str) -> bool:
        return is_reserved(folder) or self._exists(folder)

    def _exists(self, folder: str) -> bool:
        return (self.models_dir / folder).exists() or (self.shipped_dir / folder).exists()

    def _taken(self, name: str) -> NameTakenError:
        there = self._find(folder_name(name))
        called = there.short_title if there else name
        return NameTakenError(
            f"there is already a run called {called!r}; choose another name, such as "
            f"{self.free_name(name)!r}"
        )

    def create_run(
        self,
        config: TrainingConfig | None,
        name: str | None = None,
        fill: Callable[[Run], None] | None = None,
    ) -> Run:
        """Create a run's folder atomically.

        Args:
            config: The configuration; None for an imported model.
            name: The run's title; None for a numbered name, such as ``seed-cnn-007``.
            fill: Adds more files to the folder.

        Raises:
            ConfigurationError: If the name isn't valid or is taken, or the model that the run
                starts from lacks a class.
            ModelError: If the folder can't be created, or the base model has no network.
        """
        base = self._base_of(config)
        if config is not None and base is not None:
            config = starting_from(base, config)
        if name is not None:
            return self._create(config, base, check_title(name), fill)
        while True:
            # Another process may take the number first.
            with suppress(NameTakenError):
                return self._create(config, base, self._next_name(config, base), fill)

    def _create(
        self,
        config: TrainingConfig | None,
        base: Run | None,
        title: str,
        fill: Callable[[Run], None] | None,
    ) -> Run:
        path = self.path_of_new(title)
        try:
            with self._staging_folder() as folder:
                run = Run(folder / path.name)
                run.path.mkdir()
                run.append_event("created")
                run.write_title(title)
                if config is not None:
                    run.write_json("config.json", config.to_dict())
                if base is not None:
                    # A copy, so the model may be deleted while the run is queued.
                    shutil.copyfile(_network_of(base), run.base_path)
                    keep_base_answers(run, base)
                    if config and config.drawings:
                        run.keep_base_stroke_reader(base)
                if fill is not None:
                    fill(run)
                self._move_to_free(run.path, path, title)
        except OSError as error:
            raise ModelError(f"{path} can't be created: {system_reason(error)}") from error
        return Run(path)

    def _base_of(self, config: TrainingConfig | None) -> Run | None:
        """Return the run that a new one starts from; None for a new network.

        Raises:
            ModelError: If it has no network.
        """
        if config is None or config.start_from is None:
            return None
        base = self.run(config.start_from)
        _network_of(base)
        return base

    def _move_to_free(self, folder: Path, target: Path, title: str) -> None:
        try:
            folder.rename(target)
        except OSError as error:
            if target.exists():
                raise self._taken(title) from error
            raise

    @contextmanager
    def _staging_folder(self) -> Iterator[Path]:
        """Yield a temporary folder to create a run in, and delete abandoned ones."""
        new_dir = self.models_dir / ".new"
        make_folder(new_dir)
        for path in new_dir.glob("*"):
            with suppress(OSError):  # Another server may delete it first.
                if time.time() - path.stat().st_mtime > ABANDONED_S:
                    shutil.rmtree(path)
        with TemporaryDirectory(dir=new_dir, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def rename(self, name: str, new_name: str) -> Run:
        """Rename a run; whoever has chosen its model keeps it.

        Args:
            name: The run's name.
            new_name: The new title, which also gives the folder's name.

        Raises:
            ConfigurationError: If the new name isn't valid or is taken.
            ModelError: If there is no such run, it ships, or a process works on it.
        """
        run, title = self.run(name), check_title(new_name)
        if not self.can_be_changed(run):
            raise ModelError(
                f"{run.short_title!r} can't be renamed: it ships with digitrec or is being trained"
            )
        stays = folder_name(title) == name and not is_reserved(name)
        path = run.path if stays else self.path_of_new(title)
        try:
            if not stays:
                self._move(run, path)
            renamed = Run(path)
            renamed.write_title(title)
        except OSError as error:
            raise ModelError(
                f"can't rename the model to {title!r}: {system_reason(error)}"
            ) from error
        return renamed

    def _move(self, run: Run, path: Path) -> None:
        run.path.rename(path)
        self._choice.rename(run.name, path.name)
        moved = Run(path)
        with suppress(ModelError, ValueError):  # A damaged report stays as it is.
            if report := moved.read_json("report.json", dict):
                moved.write_json("report.json", report | {"name": path.name})

    def can_be_changed(self, run: Run) -> bool:
        """Return whether a run can be renamed and deleted: it doesn't ship or have a process."""
        return not run.is_bundled and not run.is_alive()

    def delete(self, name: str) -> None:
        """Move a run to the trash; people who have chosen its model get the default.

        Raises:
            ModelError: If there is no such run, it ships, or a process works on it.
        """
        run = self.run(name)
        if not self.can_be_changed(run):
            raise ModelError(
                f"{run.short_title!r} can't be deleted: it ships with digitrec or is being trained"
            )
        self.trash.add(run)

    def live_run(self) -> Run | None:
        """Return the run that is being trained, else the first in the queue, else None."""
        live = [(run.state(), run) for run in reversed(self.runs()) if run.is_alive()]
        for wanted in (RunState.RUNNING, RunState.WAITING):
            for state, run in live:
                if state == wanted:
                    return run
        return None

    def queue(self) -> list[Run]:
        """Return the queued runs, the next one first."""
        waiting = [r for r in self.runs() if r.is_alive() and r.state() == RunState.WAITING]
        return sorted(waiting, key=lambda run: (run.queue_position(), run.name))

    def active_name(self) -> str:
        """Return the name of the person's chosen model."""
        return self._choice.name()

    def activate(self, name: str) -> None:
        """Choose a model for the person.

        Raises:
            ModelError: If there is no such model, or it is damaged.
        """
        self.load_recognizer(name)
        try:
            self._choice.choose(name)
        except OSError as error:
            raise ModelError(
                f"{self.models_dir} can't be written: {system_reason(error)}"
            ) from error

    def load_recognizer(self, name: str) -> Recognizer:
        """Load a model.

        Raises:
            ConfigurationError: If the name isn't valid.
            ModelError: If there is no such model, or it is damaged.
        """
        run = self.run(name)
        results = run.results()
        shape = Recognizer(run.model_bytes(), name, results.calibration, results.tensor_format)
        strokes = run.stroke_reader_bytes()
        if results.stroke_reader is None or strokes is None:
            return shape
        return shape.voting_with(StrokeReader(strokes, name), results.stroke_reader.vote)

    def _next_name(self, config: TrainingConfig | None, base: Run | None) -> str:
        """Return a name with the next number of its kind, padded so that names sort."""
        kind = "model"
        if config and config.drawings:
            kind = "taught"
        elif config and (base is None or network_of(base.results())):
            kind = config.network
        name = re.compile(re.escape(kind) + r"-(\d{1,6})")
        folders = (self.models_dir, self.shipped_dir, *self.trash.folders())
        found = [
            name.fullmatch(path.name) for folder in folders for path in folder.glob(f"{kind}-*")
        ]
        last = max((int(match[1]) for match in found if match), default=0)
        return f"{kind}-{last + 1:03d}"


def _network_of(run: Run) -> Path:
    """Return the network that a run can start from.

    Raises:
        ModelError: If there is none.
    """
    if run.can_be_trained_further:
        return run.keras_path
    if run.has_model:
        raise ModelError(cannot_be_trained(run.short_title))
    raise ModelError(f"model {run.short_title!r} has no network to start from")


def cannot_be_trained(title: str) -> str:
    """Explain why a model without its Keras network can't be trained, taught or converted."""
    return (
        f"model {title!r} can't be trained further or converted: it was imported without its "
        "layers; import its Keras file instead"
    )
