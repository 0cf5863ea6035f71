from pathlib import Path

from digitrec.runs.run import Run
from tests.conftest import Shell


def test_export_names_what_it_wrote(shell: Shell, trained: Run, tmp_path: Path) -> None:
    done = shell("export", "trained", "--format", "h5", "--output", tmp_path / "out.h5")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path / 'out.h5'}\n"
    assert (tmp_path / "out.h5").stat().st_size > 900_000
