"""Reads one heavy picture in a process of its own: ``python -m tests.hostile.child NAME [COUNT]``.

Prints, as JSON, by how many MB the most memory grew over that of a small picture, what it took in
seconds, and what was said.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from digitrec.errors import DigitrecError
from digitrec.model_store import ModelStore
from digitrec.numbers.pictures import read_pictures
from tests.hostile.pictures import digit, encoded


def most_memory() -> float:
    # What getrusage says may be of the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(path: str, count: int) -> None:
    recognizer = ModelStore(Path(tempfile.gettempdir()) / "none").load_recognizer("seed-cnn")
    content = Path(path).read_bytes()
    list(read_pictures(recognizer, [("small", encoded(digit()))]))
    before, begin = most_memory(), time.process_time()
    results = list(read_pictures(recognizer, [("large", content)] * count))
    said = str(results[0]) if isinstance(results[0], DigitrecError) else "read"
    took = time.process_time() - begin
    print(json.dumps({"mb": most_memory() - before, "s": took / count, "said": said}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
