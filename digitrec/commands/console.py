"""What the commands show on stderr beside their results, and where native messages go."""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Item = TypeVar("Item")


def stderr() -> Console:
    """Return the console that progress goes to."""
    return Console(stderr=True)


def tracked(items: Sequence[Item], description: str) -> Iterable[Item]:
    """Show a progress bar on a terminal; it is gone when all is done."""
    console = stderr()
    return track(
        items, description, console=console, transient=True, disable=not console.is_terminal
    )


@contextmanager
def tensorflow(message: str) -> Iterator[None]:
    """Surround work that imports TensorFlow with a sign of life."""
    choose_backend()
    with native_messages_to(Path(os.devnull)), stderr().status(f"{message} …"):
        yield


def choose_backend() -> None:
    """Let Keras use TensorFlow, and both be silent about what is no error."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    for name in ("absl", "tensorflow"):
        logging.getLogger(name).setLevel(logging.ERROR)


@contextmanager
def native_messages_to(path: Path) -> Iterator[None]:
    """Send what native code prints on stderr to a file; ``sys.stderr`` is not concerned."""
    before = os.dup(2)
    try:
        with path.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
