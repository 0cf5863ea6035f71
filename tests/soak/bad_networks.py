"""Imports the networks of ``tests.hostile`` and two valid ones the way the Models page does.

python -m tests.soak.bad_networks
"""

import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import psutil

from digitrec.errors import DigitrecError, ModelError
from digitrec.exchange.conversions import import_bytes
from digitrec.exchange.foreign_files import check_network
from digitrec.runs.model_store import ModelStore
from tests.hostile.models import HUNGRY, MODELS, described, plain


class Outcome(NamedTuple):
    """How much memory and time an import took at most."""

    name: str
    mb: float
    s: float


class Watch(threading.Thread):
    """Records the peak memory of this process's children."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self.is_over = False

    def run(self) -> None:
        while not self.is_over:
            for child in psutil.Process().children(recursive=True):
                try:
                    self.most = max(self.most, child.memory_info().rss)
                except psutil.Error:
                    continue
            time.sleep(0.01)


def bring(store: ModelStore, name: str, file: Path) -> tuple[str, Outcome]:
    """Import a network; return how it ended and what it took."""
    watch, begin = Watch(), time.monotonic()
    watch.start()
    try:
        import_bytes(store, file.read_bytes(), file.name, f"it-{len(store.runs())}")
        said, took = "", time.monotonic() - begin
    except DigitrecError as error:
        said, took = str(error), time.monotonic() - begin
    watch.is_over = True
    watch.join()
    end = f"refused {'once loaded' if is_loaded(file) else 'unloaded'}" if said else "imported"
    outcome = Outcome(name, watch.most / 2**20, took)
    print(f"{name[:60]}: {outcome.mb:,.0f} MB, {outcome.s:.1f} s: {said or end}", flush=True)
    return end, outcome


def is_loaded(file: Path) -> bool:
    """Return whether an import passes a file to TensorFlow."""
    try:
        check_network(file)
    except ModelError:
        return False
    return True


def main() -> None:
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = ModelStore(folder / "models")
        bring(store, "a small network", plain(folder))
        bring(store, "bn-cnn again", store.run("bn-cnn").keras_path)
        for name, make in MODELS.items():
            end, outcome = bring(store, name, make(folder))
            outcomes[end].append(outcome)
        for name, change in HUNGRY.items():
            bring(store, name, described(change, folder))
    for end, ones in outcomes.items():
        hungriest, slowest = max(one.mb for one in ones), max(one.s for one in ones)
        print(f"{len(ones)} {end}: at most {hungriest:,.0f} MB, {slowest:.1f} s")


if __name__ == "__main__":
    main()
