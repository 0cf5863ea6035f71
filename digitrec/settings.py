"""Where the app stores its data, and the environment variables that change it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from digitrec.errors import ConfigurationError

PROJECT_DIR = Path(__file__).resolve().parent.parent
SHIPPED_MODELS_DIR = PROJECT_DIR / "models"
DEFAULT_MODEL, TUTORIAL_MODEL = "bn-cnn", "seed-cnn"
SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Settings:
    """Where the app writes, and who may train.

    Attributes:
        models_dir: Folder for new runs and models (``DIGITREC_MODELS_DIR``). The shipped
            models are found in ``SHIPPED_MODELS_DIR`` either way.
        database_url: SQLAlchemy URL of the drawings' database
            (``DIGITREC_DATABASE_URL``).
        trainers: Logged-in users who may train, rename, delete and import models
            (``DIGITREC_TRAINERS``, separated by commas): email addresses in lowercase, or the
            IDs shown under *Account*.
    """

    models_dir: Path
    database_url: str
    trainers: frozenset[str]

    def configured_folder(self, path: Path) -> tuple[Path, str] | None:
        """Return the folder that holds a path, and the variable that sets it.

        Returns:
            The folder and the variable's name; None if the path is outside both.
        """
        path = path.resolve()
        if path.is_relative_to(self.models_dir):
            return self.models_dir, "DIGITREC_MODELS_DIR"
        if self.database_url.startswith(SQLITE):
            database = Path(self.database_url.removeprefix(SQLITE)).resolve()
            # SQLite's log and lock and the backups of older versions are beside the database.
            if path == database.parent or path.name.startswith(database.stem):
                return database.parent, "DIGITREC_DATABASE_URL"
        return None


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from environment variables; unset or empty ones get defaults.

    Raises:
        ConfigurationError: If a value is invalid.
    """
    models_dir = environ.get("DIGITREC_MODELS_DIR") or SHIPPED_MODELS_DIR
    database_url = (
        environ.get("DIGITREC_DATABASE_URL")
        or f"{SQLITE}{PROJECT_DIR / 'data' / 'drawings.sqlite3'}"
    )
    trainers = environ.get("DIGITREC_TRAINERS", "").casefold().replace(",", " ").split()
    try:
        folder = Path(models_dir).expanduser().resolve()
        return Settings(folder, database_url, frozenset(trainers))
    except (RuntimeError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"DIGITREC_MODELS_DIR must name a folder, got {models_dir}: {error}"
        ) from error
