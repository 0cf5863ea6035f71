"""The choice of model: the app's, or with a login each person's own."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from digitrec.errors import ConfigurationError
from digitrec.recipes.run_names import check_name
from digitrec.settings import DEFAULT_MODEL
from digitrec.system.atomic_files import make_folder, write_atomically


class _Choice(msgspec.Struct):
    model: str


class ModelChoice:
    """Reads and writes the choices beside the runs.

    Args:
        models_dir: The folder of the choices. Their files begin with a dot, unlike runs.
        person: The person's ID; empty for the app's choice, which is everyone's default.
    """

    def __init__(self, models_dir: Path, person: str = "") -> None:
        self._models_dir = models_dir
        self._apps = models_dir / ".active.json"
        self._persons = models_dir / ".active"
        self._own = self._persons / f"{person}.json" if person else self._apps

    def name(self) -> str:
        """Return the name of the chosen model, which may no longer exist."""
        return _read(self._own) or _read(self._apps) or DEFAULT_MODEL

    def choose(self, name: str) -> None:
        """Choose a model.

        Raises:
            OSError: If the choice can't be written.
        """
        _write(self._own, name)

    def rename(self, name: str, new_name: str) -> None:
        """Update everyone's choice of a model that was renamed.

        Raises:
            OSError: If a choice can't be written.
        """
        for path in self._that_chose(name):
            _write(path, new_name)

    def move_to_trash(self, name: str, folder: Path) -> None:
        """Move everyone's choice of a deleted model to the trash.

        Args:
            name: The model's name.
            folder: The folder to move the choices to.

        Raises:
            OSError: If a choice can't be moved.
        """
        for path in self._that_chose(name):
            kept = folder / path.relative_to(self._models_dir)
            make_folder(kept.parent)
            path.replace(kept)

    def restore(self, folder: Path) -> None:
        """Restore the choices of a model, except of people who have chosen another since.

        Raises:
            OSError: If a choice can't be restored.
        """
        for kept in folder.rglob("*.json"):
            path = self._models_dir / kept.relative_to(folder)
            if not path.exists():
                make_folder(path.parent)
                kept.replace(path)

    def _that_chose(self, name: str) -> Iterator[Path]:
        for path in (self._apps, *self._persons.glob("*.json")):
            if _read(path) == name:
                yield path


def _read(path: Path) -> str | None:
    try:
        return check_name(msgspec.json.decode(path.read_bytes(), type=_Choice).model)
    except (OSError, ValueError, ConfigurationError):
        return None


def _write(path: Path, name: str) -> None:
    make_folder(path.parent)
    content = msgspec.json.encode(_Choice(name)) + b"\n"
    write_atomically(path, lambda temporary: temporary.write_bytes(content))
