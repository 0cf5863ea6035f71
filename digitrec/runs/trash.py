"""The trash of runs, from which the last deleted one can be restored."""

import shutil
import uuid
from pathlib import Path

from digitrec.errors import ModelError
from digitrec.formatting import system_reason
from digitrec.runs.model_choice import ModelChoice
from digitrec.runs.run import Run
from digitrec.system.atomic_files import make_folder

# Beside a run in the trash: the choices of its model.
CHOICES = ".choices"


class RunTrash:
    """Keeps the run that was deleted last.

    Args:
        models_dir: The folder of the runs, which contains the trash.
        choice: The choices of models.
    """

    def __init__(self, models_dir: Path, choice: ModelChoice) -> None:
        self._models_dir = models_dir
        self._choice = choice
        self._folder = models_dir / ".deleted"  # No run's name begins with a dot.

    def folders(self) -> list[Path]:
        """Return the folders that may contain a deleted run."""
        return list(self._folder.glob("*"))

    def title(self) -> str | None:
        """Return the title of the run in the trash; None if the trash is empty."""
        deleted = self._deleted()
        return Run(deleted).title if deleted else None

    def add(self, run: Run) -> None:
        """Move a run to the trash; the one that was there is deleted for good.

        Raises:
            ModelError: If it can't be moved.
        """
        try:
            before = self.folders()
            folder = self._folder / uuid.uuid4().hex
            make_folder(folder)
            run.path.rename(folder / run.name)
            for path in before:
                shutil.rmtree(path, ignore_errors=True)
            self._choice.move_to_trash(run.name, folder / CHOICES)
        except OSError as error:
            raise ModelError(f"{run.title!r} can't be deleted: {system_reason(error)}") from error

    def restore(self) -> None:
        """Restore the run in the trash and the choices of its model.

        Raises:
            ModelError: If the trash is empty, or another run has its name now.
        """
        deleted = self._deleted()
        if deleted is None:
            raise ModelError("the trash is empty")
        title = Run(deleted).title
        if (self._models_dir / deleted.name).exists():
            raise ModelError(f"{title!r} can't be restored: another model has its name now")
        try:
            deleted.rename(self._models_dir / deleted.name)
            self._choice.restore(deleted.parent / CHOICES)
        except OSError as error:
            raise ModelError(f"{title!r} can't be restored: {system_reason(error)}") from error

    def _deleted(self) -> Path | None:
        return next(self._folder.glob("*/[!.]*"), None)
