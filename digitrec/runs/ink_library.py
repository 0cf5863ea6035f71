"""The ink files that people uploaded to train with, in the models folder."""

from pathlib import Path

from digitrec.datasets.ink_files import load_ink
from digitrec.errors import BadInputError, DatasetError, one_line
from digitrec.formatting import counted, system_reason
from digitrec.recipes.parameter_kinds import HISTORY
from digitrec.runs.run import Run
from digitrec.system.atomic_files import make_folder, write_atomically

ENDINGS = (".jsonl", ".jsonl.gz")
MAX_NAME_LENGTH = 80


class InkLibrary:
    """Keeps ink files.

    Args:
        models_dir: The folder of the runs.
    """

    def __init__(self, models_dir: Path) -> None:
        # Begins with a dot, which no run's name does.
        self.folder = models_dir / ".ink"

    def names(self) -> list[str]:
        """Return the names of the files, sorted."""
        files = self.folder.iterdir() if self.folder.is_dir() else ()
        names = (file.name for file in files)
        return sorted(n for n in names if n.endswith(ENDINGS) and not n.startswith("."))

    def add(self, name: str, content: bytes) -> str:
        """Check a file and keep it; return how many drawings it has, in words.

        Raises:
            BadInputError: If it can't be read, has no digits, or can't be written.
        """
        own = one_line(Path(name).name, MAX_NAME_LENGTH)
        if not own.endswith(ENDINGS) or own.startswith("."):
            raise BadInputError(f"expected a file that ends in {' or '.join(ENDINGS)}, got {own!r}")
        path = self.folder / own
        try:
            make_folder(self.folder)
            checked = path.with_name(f".checking-{own}")
            write_atomically(checked, lambda temporary: temporary.write_bytes(content))
            count = len(load_ink(checked))
            checked.replace(path)
        except DatasetError as error:
            reason = str(error).replace(str(checked), own)
            checked.unlink(missing_ok=True)
            raise BadInputError(reason) from error
        except OSError as error:
            raise BadInputError(f"{own} can't be kept: {system_reason(error)}") from error
        return counted(count, "drawing")

    def path(self, run: Run, name: str) -> Path:
        """Return the path of an ink file that a run's configuration names."""
        if name == HISTORY:
            return run.history_path
        return self.folder / name if Path(name).name == name else Path(name)
