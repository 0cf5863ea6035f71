"""Which model answers: the app's, or with a log-in each person's own choice."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from digitrec.errors import ConfigurationError
from digitrec.recipes.run_names import check_name
from digitrec.settings import DEFAULT_MODEL
from digitrec.system.atomic_files import make_folder, write_whole


class _Choice(msgspec.Struct):
    model: str


class ModelChoice:
    """Reads and writes the choices beside the runs.

    Args:
        models_dir: Where they are, in files that begin with a dot as no run's name does.
        person: Whose choice; empty for the app's, which is that of all who made none.
    """

    def __init__(self, models_dir: Path, person: str = "") -> None:
        self._models_dir = models_dir
        self._apps = models_dir / ".active.json"
        self._persons = models_dir / ".active"
        self._own = self._persons / f"{person}.json" if person else self._apps

    def name(self) -> str:
        """Return the name of the chosen model, which may be gone."""
        return _read(self._own) or _read(self._apps) or DEFAULT_MODEL

    def choose(self, name: str) -> None:
        """Choose a model.

        Raises:
            OSError: If that can't be written.
        """
        _write(self._own, name)

    def rename(self, name: str, new_name: str) -> None:
        """Let whoever chose a model have chosen it by its new name.

        Raises:
            OSError: If that can't be written.
        """
        for path in self._that_chose(name):
            _write(path, new_name)

    def put_away(self, name: str, place: Path) -> None:
        """Let nobody have chosen a model that is gone.

        Args:
            name: The model's name.
            place: The folder that keeps who had chosen it.

        Raises:
            OSError: If that can't be written.
        """
        for path in self._that_chose(name):
            kept = place / path.relative_to(self._models_dir)
            make_folder(kept.parent)
            path.replace(kept)

    def restore(self, place: Path) -> None:
        """Let those who had chosen a model have chosen it, if they made no other choice since.

        Raises:
            OSError: If that can't be written.
        """
        for kept in place.rglob("*.json"):
            path = self._models_dir / kept.relative_to(place)
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
    write_whole(path, lambda temporary: temporary.write_bytes(content))
