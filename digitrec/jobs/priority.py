"""Lets the app go before the trainings that it starts, where both want the processor."""

from contextlib import suppress
from pathlib import Path

import psutil

# Of what the scheduler has for both, the app then gets nine parts of ten: weights 1024 and 110,
# Linux's sched(7) and kernel/sched/core.c.
NICENESS = 10


def step_back(pid: int) -> None:
    """Let a process that has just been started have what others leave of the processor."""
    with suppress(psutil.Error, OSError):  # It is a courtesy: without it all is slower, not wrong.
        # Windows has classes instead.
        lower = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", NICENESS)
        psutil.Process(pid).nice(lower)
    # Linux may share the processor among sessions first, and a run is a session of its own.
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(NICENESS))
