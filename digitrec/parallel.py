"""Work that is shared out among processes."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

from digitrec.errors import TrainingError

Result = TypeVar("Result")


def in_processes(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """Carry out each task in a process of its own, all at once.

    The processes have nothing of this one but the task, so that it may have imported TensorFlow,
    which can't be forked. They end with it, at the latest when they want to hand over their result.

    Args:
        tasks: Functions of a module, with their arguments (``functools.partial``).

    Returns:
        The results, in the order of the tasks.

    Raises:
        TrainingError: If a process ends without a result.
    """
    context = multiprocessing.get_context("spawn")
    receivers = []
    for task in tasks:
        receiver, sender = context.Pipe(duplex=False)
        context.Process(target=_carry_out, args=(task, sender), daemon=True).start()
        sender.close()
        receivers.append(receiver)
    try:
        return [receiver.recv() for receiver in receivers]
    except EOFError as error:
        raise TrainingError(
            "a process that made training pictures ended before its time"
        ) from error


def _carry_out(task: Callable[[], Result], sender: Connection) -> None:
    sender.send(task())
