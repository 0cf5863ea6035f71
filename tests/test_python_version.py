import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from digitrec.python_version import FIRST, LAST, require_python
from digitrec.settings import PROJECT_DIR

VERSIONS = "3.11, 3.12 or 3.13"


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 4), (3, 13, 9)])
def test_digitrec_runs_on_the_versions_that_tensorflow_has_wheels_for(
    version: tuple[int, ...],
) -> None:
    require_python(version)


@pytest.mark.parametrize(
    ("version", "name"), [((3, 10, 13), "3.10.13"), ((3, 14, 0), "3.14.0"), ((4, 0, 1), "4.0.1")]
)
def test_other_versions_are_told_which_they_are(version: tuple[int, ...], name: str) -> None:
    with pytest.raises(SystemExit, match=f"needs Python {VERSIONS}, but this is Python {name}"):
        require_python(version)


@pytest.mark.parametrize("minor", range(8, 17))
def test_pip_is_told_the_same(minor: int) -> None:
    runs = FIRST <= (3, minor) <= LAST
    assert (f"3.{minor}" in VERSIONS) == runs
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text())["project"]
    assert (f"3.{minor}.0" in SpecifierSet(project["requires-python"])) == runs
    first = (PROJECT_DIR / "requirements.txt").read_text().splitlines()[1]
    refusal = Requirement(first)
    assert refusal.marker is not None
    assert refusal.marker.evaluate({"python_version": f"3.{minor}"}) == (not runs)
    assert refusal.url is not None
    assert refusal.url.replace("%20", " ") == f"file:///digitrec needs Python {VERSIONS}"


def test_the_readme_says_the_same() -> None:
    assert f"Python {VERSIONS}" in (PROJECT_DIR / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def for_another_python(tmp_path: Path) -> Path:
    """What a start needs, as if digitrec ran on a version of Python that this one is not."""
    (tmp_path / "digitrec").mkdir()
    for name in ("streamlit_app.py", "digitrec/__init__.py", "digitrec/__main__.py"):
        shutil.copy(PROJECT_DIR / name, tmp_path / name)
    shutil.copytree(PROJECT_DIR / ".streamlit", tmp_path / ".streamlit")
    code = (PROJECT_DIR / "digitrec" / "python_version.py").read_text()
    moved = code.replace(f"= {FIRST}, {LAST}", "= (2, 6), (2, 7)")
    assert moved != code
    (tmp_path / "digitrec" / "python_version.py").write_text(moved)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [["digitrec"], ["streamlit", "run", "streamlit_app.py", "--server.headless=true"]],
    ids=["shell", "server"],
)
def test_every_start_says_it_and_ends(for_another_python: Path, command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=for_another_python, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"digitrec needs Python {VERSIONS}, but this is Python 3.")
    assert done.stderr.count("\n") == 1
