"""Work that runs in several processes."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import IO, TypeVar

from digitrec.errors import TrainingError
from digitrec.settings import PROJECT_DIR

Item = TypeVar("Item")
Result = TypeVar("Result")
# Called with a share of the work that is done, 0 to 1.
Progress = Callable[[float], None]

# How often a task reports its progress.
REPORTS = 100
# The stream to which a worker process reports; None in every other process.
_reports: IO[bytes] | None = None


def in_processes(
    tasks: Sequence[Callable[[], Result]], progress: Progress | None = None
) -> list[Result]:
    """Run each task in its own process, all at once.

    Starts new interpreters: TensorFlow can't be forked, and ``multiprocessing`` would run the
    app's page again.

    Args:
        tasks: Picklable callables, such as ``functools.partial`` of module-level functions.
        progress: Called with the mean progress of all tasks, 0 to 1, by one thread at a time.

    Returns:
        The results, in the order of the tasks.

    Raises:
        TrainingError: If a process ends without a result.
    """
    shares, lock = [0.0] * len(tasks), Lock()

    def report(task: int, share: float) -> None:
        with lock:
            shares[task] = share
            if progress:
                progress(sum(shares) / len(shares))

    reports = [partial(report, task) for task in range(len(tasks))]
    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(_run_in_process, tasks, reports))


def tracked(items: Collection[Item]) -> Iterator[Item]:
    """Yield the items of a task, reporting progress to the waiting process."""
    step = max(1, len(items) // REPORTS)
    for number, item in enumerate(items):
        if _reports and number % step == 0:
            _report(_reports, number / len(items))
        yield item


def _run_in_process(task: Callable[[], Result], report: Progress) -> Result:
    command = [sys.executable, "-c", "from digitrec.system.processes import work; work()"]
    with subprocess.Popen(
        command, cwd=PROJECT_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with process.stdin:
                pickle.dump(task, process.stdin)
            while not (message := pickle.load(process.stdout))["is_over"]:
                report(message["share"])
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise TrainingError(
                "a process that generates training pictures ended unexpectedly"
            ) from error
        report(1.0)
        result: Result = message["result"]
        return result


def _report(to: IO[bytes], share: float) -> None:
    pickle.dump({"is_over": False, "share": share}, to)
    to.flush()


def work() -> None:
    """Run the task from stdin; what it prints goes to stderr, since stdout carries the result."""
    global _reports
    _reports, sys.stdout = sys.stdout.buffer, sys.stderr
    result = pickle.load(sys.stdin.buffer)()
    pickle.dump({"is_over": True, "result": result}, _reports)
    _reports.flush()
