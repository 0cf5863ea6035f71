import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import strategies

from digitrec.datasets.npz import load_labeled
from digitrec.drawings.files.upload import Received, upload
from digitrec.drawings.reader import ALL
from digitrec.drawings.store import DrawingStore
from digitrec.errors import DigitrecError
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.system.archives import UNSUSPICIOUS_BYTES
from tests.hostile import archives
from tests.hostile.archives import ARCHIVES, npy, npz_of, pickled_array
from tests.hostile.verdict import ends_well, generated, is_a_sentence, is_refused
from tests.support.drawing_files import zipped
from tests.support.drawings import png_of

MUTATED = 80
# Highly compressed files are unpacked up to a limit; a table then takes three times as much.
MOST_BYTES = 4 * UNSUSPICIOUS_BYTES


@pytest.fixture(scope="module")
def recognizer(tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    return ModelStore(tmp_path_factory.mktemp("none")).load_recognizer("seed-cnn")


@pytest.fixture
def drawings(tmp_path: Path) -> Iterator[DrawingStore]:
    store = DrawingStore(f"sqlite:///{tmp_path / 'drawings.sqlite3'}")
    yield store
    store.close()


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file a payload would create."""
    monkeypatch.setattr(archives, "MARK", tmp_path / "mark")
    return tmp_path / "mark"


def is_sane(store: DrawingStore, received: Received) -> None:
    for name, reason in received.refused:
        is_a_sentence(reason)
        assert len(name) <= 200
        assert name.isprintable() or not name
    for drawing in store.find(ALL, limit=20) if received.saved else ():
        assert len(drawing.content.input) == 784
        assert drawing.label is None or 0 <= drawing.label <= 10


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_ends_well(
    name: str, drawings: DrawingStore, recognizer: Recognizer, mark: Path, tmp_path: Path
) -> None:
    content = ARCHIVES[name]()
    before = {path for path in tmp_path.rglob("*") if "drawings.sqlite3" not in path.name}
    tracemalloc.start()
    received = ends_well(lambda: upload(drawings, "it.zip", io.BytesIO(content), recognizer))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_BYTES
    if received:
        is_sane(drawings, received)
    assert not mark.exists()
    assert {p for p in tmp_path.rglob("*") if "drawings.sqlite3" not in p.name} == before
    assert not (tmp_path.parent / "outside.png").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a bomb", "more than 100 times its size"),
        ("a bomb of several files", "more than 100 times its size"),
        ("overlapping and not packed", "the files in it overlap"),
    ],
)
def test_bombs_are_refused_before_anything_is_unpacked(
    name: str, words: str, drawings: DrawingStore, recognizer: Recognizer
) -> None:
    with pytest.raises(DigitrecError, match=words):
        upload(drawings, "it.zip", io.BytesIO(ARCHIVES[name]()), recognizer)


def test_an_unpickled_payload_leaves_its_mark(mark: Path) -> None:
    import numpy as np

    with np.load(io.BytesIO(pickled_array()), allow_pickle=True) as archive:
        assert len(archive["x"]) == 2
    assert mark.exists()


@pytest.mark.parametrize("shape", archives.SHAPES)
def test_an_array_to_train_with_ends_well(shape: str, tmp_path: Path, mark: Path) -> None:
    (tmp_path / "it.npz").write_bytes(npz_of(npy(shape, body=archives.PIXELS), npy("(2,)")))
    is_refused(lambda: load_labeled(tmp_path / "it.npz"))
    (tmp_path / "it.npz").write_bytes(pickled_array())
    is_refused(lambda: load_labeled(tmp_path / "it.npz"))
    assert not mark.exists()


@strategies.composite
def mutated(draw: strategies.DrawFn) -> bytes:
    """A ZIP of two pictures with some bytes changed, most of them in its headers."""
    method = draw(strategies.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    content = bytearray(zipped({"3/a.png": png_of(3), "4/b.png": png_of(4)}, method))
    for _ in range(draw(strategies.integers(1, 6))):
        begin = draw(strategies.sampled_from((0, content.rfind(b"PK\1\2") - 60)))
        place = begin + draw(strategies.integers(0, 130))
        content[min(place, len(content) - 1)] = draw(strategies.integers(0, 255))
    return bytes(content)


def test_mutated_archives_end_well(drawings: DrawingStore, recognizer: Recognizer) -> None:
    def send(content: bytes) -> None:
        is_sane(drawings, upload(drawings, "it.zip", io.BytesIO(content), recognizer))

    generated(MUTATED, mutated(), send)


@pytest.mark.parametrize("what", archives.NAMES)
def test_an_upload_with_a_strange_name_ends_well(
    what: str, drawings: DrawingStore, recognizer: Recognizer
) -> None:
    with pytest.raises(DigitrecError) as caught:
        upload(drawings, archives.NAMES[what], io.BytesIO(b"text"), recognizer)
    is_a_sentence(str(caught.value))
