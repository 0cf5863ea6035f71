"""How long a test waits: until the thing is there, as long as there is progress.

No verdict may depend on how fast a machine is. The limits here only end what hangs: a machine many
times slower than any we know stays below them.
"""

import time
from collections.abc import Callable

from digitrec.runs.run import Run

# Whatever shows nothing new for this long hangs.
HANG_S = 900.0
# One step of a page: an answer, a click, a reload.
PAGE_S = 240.0


def wait_until(
    condition: Callable[[], object],
    is_alive: Callable[[], object] = lambda: True,
    progress: Callable[[], object] = lambda: None,
    pause_s: float = 0.05,
) -> None:
    """Wait until a condition holds.

    Args:
        condition: What is waited for.
        is_alive: Whether what is to bring it about is still there; without it, waiting is in vain.
        progress: Anything that changes as it gets on.
        pause_s: How long to wait between two looks.
    """
    seen, since = progress(), time.monotonic()
    while True:
        could_come = is_alive()  # Asked first: it may bring the condition about and end.
        if condition():
            return
        assert could_come, "what was waited for can't come any more"
        if (now := progress()) != seen:
            seen, since = now, time.monotonic()
        assert time.monotonic() - since < HANG_S, "it hangs"
        time.sleep(pause_s)


def wait_for_run(run: Run, condition: Callable[[], object]) -> None:
    """Wait until a condition holds about a run, while its process lives and tells something."""
    wait_until(condition, lambda: run.state().is_live, run.last_event)


def wait_for_event(run: Run, kind: str, count: int = 1) -> None:
    """Wait until a run has told of something for the given number of times."""
    wait_for_run(run, lambda: kinds(run).count(kind) >= count)


def wait_for_end(run: Run) -> None:
    """Wait until a run's process has come to its end."""
    wait_for_run(run, lambda: not run.state().is_live)


def kinds(run: Run) -> list[str]:
    """Return what a run has told of, in order."""
    return [event.kind for event in run.events()]
