"""Gives training processes a lower priority than the app."""

from contextlib import suppress
from pathlib import Path

import psutil

# When they compete for a processor, the app gets nine tenths of it: the scheduler's weights are
# 1024 and 110 (sched(7) and kernel/sched/core.c of Linux).
NICENESS = 10


def lower_priority(pid: int) -> None:
    """Lower a process's priority."""
    with suppress(psutil.Error, OSError):  # Without it the app is slower, but nothing breaks.
        # Windows has priority classes instead of niceness.
        lower = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", NICENESS)
        psutil.Process(pid).nice(lower)
    # Linux may first divide the processor among sessions, and each run has its own session.
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(NICENESS))
