import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies

from digitrec.drawings.files.incoming import from_picture
from digitrec.numbers.read_pictures import ReadPicture, read_picture
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.settings import PROJECT_DIR
from tests.hostile.pictures import BROKEN, HEAVY, KINDS, STRANGE, digit, encoded
from tests.hostile.verdict import ends_well, generated, is_a_sentence, is_refused

MUTATED = 150
# A picture may take at most this many times the memory of decoding the largest accepted one.
LARGEST = "a scan of 35 megapixels"
MOST_MEMORY = 2.25
measured = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells it")


@pytest.fixture(scope="module")
def recognizer(tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    return ModelStore(tmp_path_factory.mktemp("none")).load_recognizer("seed-cnn")


def is_sane(read: ReadPicture | None) -> None:
    for number in read.read if read else ():
        assert 0 <= number.confidence <= 1 + 1e-9
        boxes = np.array([digit.box for digit in number.digits])
        assert np.isfinite(boxes).all()
        assert np.abs(boxes).max() < 4096


def look_at(content: bytes, recognizer: Recognizer) -> None:
    """Read a picture both as an upload and as a page of numbers."""
    incoming = ends_well(lambda: from_picture("it", content))
    if incoming:
        assert incoming.digit_input.any()
        assert len(incoming.picture) < 8_000_000
    is_sane(ends_well(lambda: read_picture(recognizer, "it", content)))


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_picture_ends_well(name: str, recognizer: Recognizer) -> None:
    look_at(STRANGE[name](), recognizer)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_picture_is_refused(name: str, recognizer: Recognizer) -> None:
    content = BROKEN[name]()
    is_refused(lambda: from_picture("it", content))
    is_refused(lambda: read_picture(recognizer, "it", content))


@strategies.composite
def mutated(draw: strategies.DrawFn) -> bytes:
    """A picture file with some bytes changed, removed or inserted."""
    content = bytearray(encoded(digit("RGB", 48), draw(strategies.sampled_from(KINDS))))
    for _ in range(draw(strategies.integers(1, 8))):
        # Most of what steers a decoder is at the beginning.
        last = draw(strategies.sampled_from((40, len(content) - 1)))
        place = draw(strategies.integers(0, min(last, len(content) - 1)))
        how = draw(strategies.sampled_from(("change", "cut", "insert")))
        if how == "change":
            content[place] = draw(strategies.integers(0, 255))
        elif how == "cut" and len(content) > 50:
            del content[place : place + draw(strategies.integers(1, 9))]
        else:
            content[place:place] = draw(strategies.binary(max_size=8))
    return bytes(content)


def test_mutated_pictures_end_well(recognizer: Recognizer) -> None:
    generated(MUTATED, mutated(), lambda content: look_at(content, recognizer))


def looked_at_apart(name: str, count: int, folder: Path) -> Any:
    file = folder / "picture"
    file.write_bytes(HEAVY[name]())
    command = [sys.executable, "-m", "tests.hostile.child", str(file), str(count)]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True)
    print(name, count, done.stdout)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def unpacked_mb(tmp_path_factory: pytest.TempPathFactory) -> float:
    """The memory, in MB, that decoding the largest accepted picture takes."""
    return float(looked_at_apart(LARGEST, 0, tmp_path_factory.mktemp("unpacked"))["mb"])


@measured
@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_picture_stays_within_its_memory(
    name: str, unpacked_mb: float, tmp_path: Path
) -> None:
    took = looked_at_apart(name, 1, tmp_path)
    is_a_sentence(took["said"])
    assert took["mb"] < MOST_MEMORY * unpacked_mb
    assert took["is_soon"]


@measured
@pytest.mark.parametrize("name", [LARGEST, "64 megapixels of gray"])
def test_heavy_pictures_side_by_side_take_no_more_memory(
    name: str, unpacked_mb: float, tmp_path: Path
) -> None:
    took = looked_at_apart(name, 4, tmp_path)
    assert took["said"] == "read"
    assert took["mb"] < MOST_MEMORY * unpacked_mb
