"""Waits for the runs that benchmarks start."""

import time
from typing import Any

from digitrec.runs.run import Run


def wait_for_end(run: Run) -> dict[str, Any]:
    """Wait until no process works on the run; return its report."""
    while run.state().is_live:
        time.sleep(0.2)
    return run.results()
