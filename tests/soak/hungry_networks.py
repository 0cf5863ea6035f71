"""Brings networks that ask for too much memory, and two good ones, as the page brings them.

python -m tests.soak.hungry_networks
"""

import tempfile
import threading
import time
from pathlib import Path

import psutil

from digitrec.conversions import import_bytes
from digitrec.errors import DigitrecError
from digitrec.model_store import ModelStore
from tests.hostile.models import HUNGRY, described, plain


class Watch(threading.Thread):
    """Notes the most memory that processes begun by this one have."""

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
            time.sleep(0.02)


def bring(store: ModelStore, name: str, content: bytes) -> None:
    watch, begin = Watch(), time.monotonic()
    watch.start()
    try:
        import_bytes(store, content, "it.keras", name.replace(" ", "-"))
        said = "taken in"
    except DigitrecError as error:
        said = str(error)
    watch.is_over = True
    watch.join()
    print(f"{name}: {watch.most / 2**20:,.0f} MB, {time.monotonic() - begin:.1f} s: {said}")


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = ModelStore(folder / "models")
        bring(store, "a small network", plain(folder).read_bytes())
        bring(store, "bn-cnn again", store.run("bn-cnn").keras_path.read_bytes())
        for name, change in HUNGRY.items():
            bring(store, name, described(change, folder).read_bytes())


if __name__ == "__main__":
    main()
