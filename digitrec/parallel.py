"""Work that is shared out among processes."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from digitrec.errors import TrainingError
from digitrec.settings import PROJECT_DIR

Result = TypeVar("Result")


def in_processes(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """Carry out each task in a process of its own, all at once.

    The processes have nothing of this one but the task: it may have imported TensorFlow, which
    can't be forked, or be running a page of the app, which ``multiprocessing`` would run again.

    Args:
        tasks: Functions of a module, with their arguments (``functools.partial``).

    Returns:
        The results, in the order of the tasks.

    Raises:
        TrainingError: If a process ends without a result.
    """
    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(_in_a_process, tasks))


def _in_a_process(task: Callable[[], Result]) -> Result:
    command = [sys.executable, "-m", "digitrec.parallel"]
    done = subprocess.run(
        command, cwd=PROJECT_DIR, input=pickle.dumps(task), stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise TrainingError("a process that made training pictures ended before its time")
    return pickle.loads(done.stdout)


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(pickle.load(sys.stdin.buffer)()))
