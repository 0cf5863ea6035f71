"""Progress on stderr, and silence for native messages."""

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
    """Return the console for progress."""
    return Console(stderr=True)


def tracked(items: Sequence[Item], description: str) -> Iterable[Item]:
    """Show a progress bar on a terminal, and remove it at the end."""
    console = stderr()
    return track(
        items, description, console=console, transient=True, disable=not console.is_terminal
    )


@contextmanager
def tensorflow(message: str) -> Iterator[None]:
    """Show a status while TensorFlow is imported and used."""
    choose_backend()
    with native_messages_to(Path(os.devnull)), stderr().status(f"{message} …"):
        yield


def choose_backend() -> None:
    """Let Keras use TensorFlow, and let both log only errors."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    for name in ("absl", "tensorflow"):
        logging.getLogger(name).setLevel(logging.ERROR)


@contextmanager
def native_messages_to(path: Path) -> Iterator[None]:
    """Redirect what native code prints on stderr to a file, but not ``sys.stderr``."""
    before = os.dup(2)
    try:
        with path.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
