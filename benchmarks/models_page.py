"""Measures the Models page with many runs.

python -m benchmarks.models_page [--runs 200] [--visits 5]
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from digitrec.runs.model_store import ModelStore
from digitrec.runs.summaries import summaries
from digitrec.settings import PROJECT_DIR, SHIPPED_MODELS_DIR


def make_runs(models_dir: Path, count: int) -> None:
    """Fill a folder with copies of the shipped models, each with different settings."""
    sources = [SHIPPED_MODELS_DIR / name for name in ("seed-cnn", "bn-cnn")]
    for number in range(count):
        path = models_dir / f"run-{number:03d}"
        shutil.copytree(
            sources[number % 2], path, ignore=shutil.ignore_patterns("CARD.md", "model.keras")
        )
        config = json.loads((path / "config.json").read_text())
        (path / "config.json").write_text(json.dumps(config | {"seed": number}))
        (path / "note.txt").write_text(f"seed {number}")


def seconds(action: Callable[[], object]) -> float:
    """Return how long a call takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def open_page() -> AppTest:
    """Return the app on the Models page, opened through the router."""
    app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=60).run()
    return app.switch_page("pages/networks/models.py")


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--runs", type=int, default=200)
parser.add_argument("--visits", type=int, default=5)
arguments = parser.parse_args()

with tempfile.TemporaryDirectory() as folder:
    os.environ["DIGITREC_MODELS_DIR"] = folder
    os.environ["DIGITREC_DATABASE_URL"] = f"sqlite:///{folder}/drawings.sqlite3"
    make_runs(Path(folder), arguments.runs)
    store = ModelStore(Path(folder))
    read = [seconds(lambda: summaries(store)) for _ in range(arguments.visits)]
    print(f"summaries of {len(store.runs())} runs: median {statistics.median(read):.3f} s")
    app = open_page()
    print(f"the first visit: {seconds(app.run):.2f} s")
    visits = [seconds(app.run) for _ in range(arguments.visits)]
    print(f"the page: median {statistics.median(visits):.2f} s of {len(visits)}")
    for chosen in (["run-001"], [f"run-{number:03d}" for number in range(10)]):
        app.session_state["models_chosen"] = chosen
        visits = [seconds(app.run) for _ in range(arguments.visits)]
        print(f"with {len(chosen)} chosen: median {statistics.median(visits):.2f} s")
    assert not app.exception
