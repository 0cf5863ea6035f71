"""Opens a heavy picture in a process of its own: ``python -m tests.hostile.child FILE COUNT``.

Prints as JSON how many MB more than a small picture it took at most, whether each attempt was fast
enough, and the errors. With a COUNT of 0 it only decodes the picture.
"""

import io
import json
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from digitrec.errors import DigitrecError
from digitrec.numbers.read_pictures import read_pictures
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from tests.hostile.effort import is_soon
from tests.hostile.pictures import digit, encoded


def most_memory() -> float:
    # getrusage may report the memory of the parent process.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def look_at(recognizer: Recognizer, content: bytes, count: int) -> str:
    """Return the errors for a picture that is opened ``count`` times at once."""
    if not count:
        Image.open(io.BytesIO(content)).load()
        return "unpacked"
    first, *_ = read_pictures(recognizer, [("it", content)] * count)
    return str(first) if isinstance(first, DigitrecError) else "read"


def main(path: str, count: int) -> None:
    recognizer = ModelStore(Path(tempfile.gettempdir()) / "none").load_recognizer("seed-cnn")
    content = Path(path).read_bytes()
    look_at(recognizer, encoded(digit()), 1)
    before, begin = most_memory(), time.process_time()
    said = look_at(recognizer, content, count)
    took, grew = time.process_time() - begin, most_memory() - before
    print(json.dumps({"mb": grew, "is_soon": is_soon(took / max(count, 1)), "said": said}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
