"""The trash of runs: the run that was deleted last can be brought back."""

import shutil
import uuid
from pathlib import Path

from digitrec.errors import ModelError
from digitrec.runs.model_choice import ModelChoice
from digitrec.runs.run import Run
from digitrec.system.atomic_files import make_folder
from digitrec.words import system_reason

# Beside a run in the trash: who had chosen its model.
CHOICES = ".choices"


class RunTrash:
    """Keeps the run that was deleted last.

    Args:
        models_dir: Where the runs are; the trash is a folder in it.
        choice: Whose model a deleted run was.
    """

    def __init__(self, models_dir: Path, choice: ModelChoice) -> None:
        self._models_dir = models_dir
        self._choice = choice
        self._folder = models_dir / ".deleted"  # No run's name begins with a dot.

    def places(self) -> list[Path]:
        """Return the folders in which a deleted run may be."""
        return list(self._folder.glob("*"))

    def title(self) -> str | None:
        """Return what people call the run in the trash; None if that is empty."""
        deleted = self._deleted()
        return Run(deleted).title if deleted else None

    def put(self, run: Run) -> None:
        """Move a run into the trash; what was there before is gone for good.

        Raises:
            ModelError: If it can't be moved.
        """
        try:
            before = self.places()
            place = self._folder / uuid.uuid4().hex
            make_folder(place)
            run.path.rename(place / run.name)
            for path in before:
                shutil.rmtree(path, ignore_errors=True)
            self._choice.put_away(run.name, place / CHOICES)
        except OSError as error:
            raise ModelError(f"{run.title!r} can't be deleted: {system_reason(error)}") from error

    def restore(self) -> None:
        """Restore the run in the trash; it answers again for those who had chosen it.

        Raises:
            ModelError: If the trash is empty, or another run has its name now.
        """
        deleted = self._deleted()
        if deleted is None:
            raise ModelError("there is no model in the trash")
        title = Run(deleted).title
        if (self._models_dir / deleted.name).exists():
            raise ModelError(f"{title!r} can't be brought back: another model has its name now")
        try:
            deleted.rename(self._models_dir / deleted.name)
            self._choice.restore(deleted.parent / CHOICES)
        except OSError as error:
            raise ModelError(f"{title!r} can't be brought back: {system_reason(error)}") from error

    def _deleted(self) -> Path | None:
        return next(self._folder.glob("*/[!.]*"), None)
