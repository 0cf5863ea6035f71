import base64
import csv
import dataclasses
import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pytest

from digitrec.drawings.files.download import FORMATS, download
from digitrec.drawings.reader import ALL
from digitrec.drawings.selection import Selection, Verdict
from digitrec.drawings.sessions import CHUNK
from digitrec.drawings.store import DrawingStore
from digitrec.labels import NO_DIGIT
from tests.support.drawings import INPUT, RECOGNITION, new_drawing, png_of

MADE = datetime(2026, 1, 2, 3, 4, 5, 678901)
LABELS = (3, NO_DIGIT, None, 7)


@pytest.fixture
def drawings(history: DrawingStore) -> DrawingStore:
    """Four drawings; their inputs differ in the first pixel."""
    notes = ("=1+1", "a café", "", "'tis")
    history.save_all(
        new_drawing(7, picture=png_of(n), digit_input=input_number(n), label=label, note=note,
                    created_at=MADE)
        for n, (label, note) in enumerate(zip(LABELS, notes, strict=True))
    )  # fmt: skip
    return history


def input_number(number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    digit = INPUT.copy()
    digit.flat[:2] = divmod(number, 256)
    return digit


def whole(store: DrawingStore, file_format: str, selection: Selection = ALL) -> bytes:
    return b"".join(download(store, selection, file_format))


def unzipped(content: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return archive


def test_the_zip_has_a_folder_for_each_label(drawings: DrawingStore) -> None:
    archive = unzipped(whole(drawings, "zip"))
    assert archive.namelist() == [
        "3/000001.png", "not-a-digit/000002.png", "unlabeled/000003.png", "7/000004.png",
        "drawings.csv", "drawings.jsonl",
    ]  # fmt: skip
    assert archive.read("3/000001.png") == png_of(0)
    assert archive.getinfo("3/000001.png").date_time == (2026, 1, 2, 3, 4, 4)


def test_the_zips_table_has_everything(drawings: DrawingStore) -> None:
    table = unzipped(whole(drawings, "zip")).read("drawings.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert rows[1] == {
        "file": "not-a-digit/000002.png", "id": "2", "created_at": "2026-01-02T03:04:05.678901Z",
        "changed_at": "", "source": "canvas", "digit": "7", "confidence": "0.91",
        "is_digit": "True", "digit_score": "0.97", "label": "10", "model": "seed-cnn",
        "model_version": "ab" * 32, "note": "a café",
        **{f"p{digit}": str(p) for digit, p in enumerate(RECOGNITION.probabilities)},
    }  # fmt: skip
    assert [row["label"] for row in rows] == ["3", "10", "", "7"]


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_note_never_becomes_a_formula(drawings: DrawingStore, note: str) -> None:
    drawings.write_note(1, note)
    table = unzipped(whole(drawings, "zip")).read("drawings.csv").decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(table, newline="")))
    assert row["note"] == f"'{note}"


def test_the_npz_loads_like_mnists(drawings: DrawingStore) -> None:
    with np.load(io.BytesIO(whole(drawings, "npz")), allow_pickle=False) as arrays:
        assert arrays["x_train"].dtype == arrays["y_train"].dtype == np.uint8
        assert (arrays["x_train"] == [input_number(n) for n in (0, 1, 3)]).all()
        assert arrays["y_train"].tolist() == [3, NO_DIGIT, 7]
        assert arrays["x_test"].shape == (0, 28, 28)
        assert arrays["y_test"].shape == (0,)


def test_the_idx_files_follow_mnists_description(drawings: DrawingStore) -> None:
    archive = unzipped(whole(drawings, "idx"))
    pictures, labels = (archive.read(n) for n in ("images-idx3-ubyte", "labels-idx1-ubyte"))
    assert struct.unpack(">IIII", pictures[:16]) == (0x803, 3, 28, 28)
    assert pictures[16:] == b"".join(input_number(n).tobytes() for n in (0, 1, 3))
    assert labels == struct.pack(">II", 0x801, 3) + bytes([3, NO_DIGIT, 7])


def test_the_csv_is_kaggles(drawings: DrawingStore) -> None:
    header, *rows = whole(drawings, "csv").decode().splitlines()
    assert header.split(",")[:3] == ["label", "pixel0", "pixel1"]
    assert header.endswith(",pixel783")
    assert [row.split(",")[0] for row in rows] == ["3", "10", "7"]
    assert list(map(int, rows[2].split(",")[1:])) == input_number(3).flatten().tolist()


def test_a_json_line_has_everything(drawings: DrawingStore) -> None:
    row = json.loads(whole(drawings, "jsonl").splitlines()[0])
    assert base64.b64decode(row.pop("picture")) == png_of(0)
    assert base64.b64decode(row.pop("input")) == input_number(0).tobytes()
    recognition = dataclasses.asdict(RECOGNITION) | {
        "probabilities": list(RECOGNITION.probabilities),
        "model": "seed-cnn",
        "model_version": "ab" * 32,
    }
    for name in ("not_digit", "by_shape", "by_strokes"):  # They follow from the rest.
        del recognition[name]
    assert row == {
        "id": 1, "created_at": "2026-01-02T03:04:05.678901Z", "changed_at": None,
        "source": "canvas", "label": 3, "note": "=1+1", "recognition": recognition,
        "strokes": [{"width": 16.0, "points": [[1.0, 2.0], [3.5, 4.0]]}],
    }  # fmt: skip


@pytest.mark.parametrize("file_format", FORMATS)
def test_only_selected_drawings_are_in_the_file(drawings: DrawingStore, file_format: str) -> None:
    right = whole(drawings, file_format, Selection(verdict=Verdict.RIGHT))
    drawings.delete([1, 2, 3])
    assert whole(drawings, file_format) == right


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_empty_selection_makes_a_valid_file(drawings: DrawingStore, file_format: str) -> None:
    content = whole(drawings, file_format, Selection(text="nowhere"))
    if file_format in ("csv", "jsonl"):
        assert content.count(b"\n") == (file_format == "csv")
    else:
        assert unzipped(content).namelist()
    unlabeled = Selection(verdict=Verdict.UNLABELED)
    if FORMATS[file_format].labeled_only:
        assert whole(drawings, file_format, unlabeled) == content


@pytest.mark.parametrize("file_format", ["npz", "idx"])
def test_arrays_stay_consistent_while_drawings_are_labeled_and_deleted(
    drawings: DrawingStore, file_format: str
) -> None:
    drawings.save_all(
        new_drawing(digit_input=input_number(n), label=n % 10) for n in range(4, 3 * CHUNK)
    )
    stream = drawings.stream

    def meddled_with(selection: Selection = ALL) -> Iterator[object]:
        for number, drawing in enumerate(stream(selection)):
            if number == CHUNK:  # Another tab.
                drawings.delete([CHUNK + 9, CHUNK + 10, *range(2 * CHUNK + 2, 2 * CHUNK + 9)])
                drawings.empty_trash()
                drawings.label([3], 1)
                drawings.label([2 * CHUNK + 20], None)
            yield drawing

    drawings.stream = meddled_with  # type: ignore[method-assign,assignment]
    archive = unzipped(whole(drawings, file_format))
    sizes = [archive.getinfo(name).file_size for name in archive.namelist()[:2]]
    header = {"npz": (128, 128), "idx": (16, 8)}[file_format]
    count = sizes[1] - header[1]
    assert 2 * CHUNK < count < 3 * CHUNK - 2
    assert sizes[0] == header[0] + 784 * count


def test_a_time_outside_a_zips_range_is_accepted(drawings: DrawingStore) -> None:
    drawings.save(new_drawing(created_at=datetime(1970, 1, 1)))
    assert len(unzipped(whole(drawings, "zip")).namelist()) == 7


FEW, MANY, PICTURE_BYTES = 500, 2000, 10_000


@pytest.fixture(scope="module")
def few_and_many(tmp_path_factory: pytest.TempPathFactory) -> list[DrawingStore]:
    """Drawings whose pictures take most of the memory."""
    folder, noise = tmp_path_factory.mktemp("many"), np.random.default_rng(1)
    stores = []
    for count in (FEW, MANY):
        stores.append(store := DrawingStore(f"sqlite:///{folder / f'{count}.sqlite3'}"))
        for start in range(0, count, CHUNK):
            store.save_all(
                new_drawing(
                    picture=noise.bytes(PICTURE_BYTES), digit_input=input_number(n), label=n % 10
                )
                for n in range(start, start + CHUNK)
            )
    return stores


@pytest.mark.parametrize("file_format", FORMATS)
def test_memory_does_not_grow_with_the_drawings(
    few_and_many: list[DrawingStore], file_format: str
) -> None:
    few, many = (peak_bytes(store, file_format) for store in few_and_many)
    more = PICTURE_BYTES * (MANY - FEW)
    # The directory at the end of a ZIP takes some.
    assert many < few + more / 5


def peak_bytes(store: DrawingStore, file_format: str) -> int:
    tracemalloc.start()
    length = sum(len(piece) for piece in download(store, ALL, file_format))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length > store.count().all
    return peak
