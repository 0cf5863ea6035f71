"""Waits for the runs that benchmarks start."""

import time

from digitrec.runs.results import Results
from digitrec.runs.run import Run


def wait_for_end(run: Run) -> Results:
    """Wait until no process works on the run; return its report."""
    while run.state().is_live:
        time.sleep(0.2)
    return run.results()
