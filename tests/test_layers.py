"""The layers that docs/ARCHITECTURE.md describes."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR

# Visits every page in a fresh interpreter, draws nothing and trains nothing.
VISIT = """
import sys
from streamlit.testing.v1 import AppTest
from tests.support.patience import HANG_S
app = AppTest.from_file("router.py", default_timeout=HANG_S).run()
assert not app.exception, app.exception
for page in sys.argv[1:]:
    app.switch_page(page).run()
    assert not app.exception, (page, app.exception)
heavy = {"tensorflow", "keras", "matplotlib"}
print(sorted({name.partition(".")[0] for name in sys.modules} & heavy))
"""

# Draws a digit on the first page that a fresh server shows.
DRAW = """
import sys
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import draw_a
from tests.support.patience import HANG_S
app = draw_a(AppTest.from_file("router.py", default_timeout=HANG_S).run(), 7)
assert app.container(key="draw_digit").title[0].value == "7"
print(sorted({"pandas", "pyarrow", "cv2"} & set(sys.modules)))
"""

LIBRARY = """
import sys
import digitrec.commands.app, digitrec.jobs.start, digitrec.drawings.store
print(sorted({"streamlit", "tensorflow", "keras"} & set(sys.modules)))
"""

IMPORT = """
import sys
from digitrec.commands.app import main
assert main(["import", sys.argv[1]]) != 0
print(sorted({"tensorflow", "keras"} & set(sys.modules)))
"""


def test_the_app_never_imports_tensorflow(trained: Run) -> None:
    pages = [str(p.relative_to(PROJECT_DIR)) for p in (PROJECT_DIR / "pages").glob("*/*.py")]
    assert len(pages) == 10
    assert last_line(VISIT, *pages) == "[]"


def test_an_answer_on_the_drawing_page_needs_neither_pandas_nor_opencv() -> None:
    assert last_line(DRAW) == "[]"


def test_the_library_imports_neither_streamlit_nor_tensorflow() -> None:
    assert last_line(LIBRARY) == "[]"


def test_a_network_with_code_in_it_is_refused_without_tensorflow(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Lambda", "config": {}}))
    assert last_line(IMPORT, str(tmp_path / "m.keras")) == "[]"


def last_line(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]
