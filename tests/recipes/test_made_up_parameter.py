"""A parameter added to the configuration appears everywhere by itself."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from digitrec.settings import PROJECT_DIR
from tests.support.patience import HANG_S

HELP = "More of it makes the network try harder."


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("made-up")
    places = {
        "DIGITREC_MODELS_DIR": str(folder / "models"),
        "DIGITREC_DATABASE_URL": f"sqlite:///{folder / 'drawings.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.recipes.made_up"],
        cwd=PROJECT_DIR, env=os.environ | places, capture_output=True, text=True, timeout=HANG_S,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_shell_has_an_option_for_it(found: dict[str, Any]) -> None:
    words = " ".join(found["shell"].split())
    assert f"--zeal X {HELP} From 0 to 0.5. [default: 0.25]" in words
    assert found["kept"] == 0.4


def test_it_is_checked(found: dict[str, Any]) -> None:
    assert found["check"] == "zeal must be a number from 0 to 0.5, got 2"


def test_the_form_asks_for_it_and_a_link_sets_it(found: dict[str, Any]) -> None:
    form = found["form"]
    assert form == {"default": 25, "help": HELP, "linked": 40, "started": [0.4]}


def test_the_comparison_and_the_report_show_it(found: dict[str, Any]) -> None:
    assert found["comparison"] == ["40%", "25%"]
    assert found["report"] == "40%"
    assert found["command"] == "python -m digitrec train --zeal 0.4"


def test_the_documentation_lists_it(found: dict[str, Any]) -> None:
    row = f"| Zeal | `--zeal` | 0.25 | a number from 0 to 0.5 | {HELP} |"
    assert row in found["table"].splitlines()
