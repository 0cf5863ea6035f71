import base64
import io
import random
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from digitrec.datasets.mnist import load_mnist
from digitrec.drawings.files import json_lines
from digitrec.drawings.files import upload as uploading
from digitrec.drawings.files.download import FORMATS, download
from digitrec.drawings.files.upload import Received, upload, upload_by_parts
from digitrec.drawings.reader import ALL
from digitrec.drawings.schema import Drawing
from digitrec.drawings.selection import Order
from digitrec.drawings.sessions import CHUNK
from digitrec.drawings.store import DrawingStore
from digitrec.errors import BadInputError, DatasetError
from digitrec.ink.preprocessing import open_picture, preprocess, preprocess_drawing
from digitrec.labels import NO_DIGIT
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.system import archives
from tests.conftest import OpenDrawings
from tests.support.digits import DIGITS, draw_digit, strokes_of
from tests.support.drawing_files import (
    idx_pictures,
    kaggle,
    lines,
    npy,
    npz,
    picture_file,
    pixel_row,
    row,
    row_of,
    zipped,
)
from tests.support.drawings import new_drawing, png_of

Send = Callable[..., Received]
NO_PICTURE = (
    "the file isn't an image that can be opened; expected PNG, JPEG, GIF, BMP, WEBP or TIFF"
)
BLANK = "this picture is blank; choose one with a digit in it"
MADE = datetime(2026, 1, 2, 3, 4, 5, 678901)
PIXELS = bytes(783) + b"\xff"


@pytest.fixture
def recognizer(store: ModelStore) -> Recognizer:
    return store.load_recognizer("seed-cnn")


@pytest.fixture
def send(drawings: DrawingStore, recognizer: Recognizer) -> Send:
    """A function that uploads bytes or a path."""

    def send_it(content: bytes | Path, name: str = "file") -> Received:
        file = content if isinstance(content, Path) else io.BytesIO(content)
        return upload(drawings, name, file, recognizer)

    return send_it


@pytest.fixture
def drawn(tmp_path: Path, open_drawings: OpenDrawings) -> DrawingStore:
    """Ten digits with strokes, most of them labeled, and a non-digit."""
    store = open_drawings(tmp_path / "drawn.sqlite3")
    notes = ("", "=1+1", "'=a", 'a café\r\nwith "quotes", and more', "'t is", "-", "@", "\t", "+")
    for digit in range(10):
        strokes = strokes_of(DIGITS[digit])
        picture = png_of(digit)
        store.save(
            new_drawing(
                picture=picture,
                strokes=strokes,
                digit_input=preprocess_drawing(open_picture(picture), strokes),
                label=(*range(8), NO_DIGIT, None)[digit],
                note=notes[digit % 9],
                created_at=MADE.replace(day=digit + 1),
            )
        )
    return store


def known_of(drawing: Drawing, file_format: str) -> list[Any]:
    """Return what a format preserves of a drawing."""
    content = drawing.content
    known: list[Any] = [drawing.label, content.input]
    if file_format in ("zip", "jsonl"):
        known += [drawing.note, drawing.created_at, content.strokes, content.picture]
        known += [drawing.source]
    return known


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_download_can_be_uploaded_once(
    drawn: DrawingStore, drawings: DrawingStore, send: Send, file_format: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"".join(download(drawn, ALL, file_format)))
    received = send(tmp_path / "file")
    kept = [d for d in drawn.stream() if d.label is not None or file_format in ("zip", "jsonl")]
    assert [known_of(d, file_format) for d in drawings.stream()] == [
        known_of(d, file_format) for d in kept
    ]
    assert (len(received.saved), received.duplicates, received.refused) == (len(kept), 0, [])
    again = send(tmp_path / "file")
    assert (again.saved, again.duplicates, again.refused) == ([], len(kept), [])


def test_uploads_are_recognized(drawings: DrawingStore, send: Send, recognizer: Recognizer) -> None:
    send(zipped({f"{digit}.png": png_of(digit) for digit in (7, 3, 1)}))
    found = list(drawings.stream())
    assert [d.digit for d in found] == [7, 3, 1]
    assert {(d.model, d.model_version) for d in found} == {("seed-cnn", recognizer.version)}
    assert found[0].content.input == preprocess(draw_digit(7)).tobytes()
    assert sum(found[0].content.probabilities) == pytest.approx(1)


def test_folders_are_labels(drawings: DrawingStore, send: Send) -> None:
    folders = ("3", "data/4", "not-a-digit", "unlabeled", "11", "Not-A-Digit/deeper")
    members = {f"{f}/a.png": png_of(n) for n, f in enumerate(folders)}
    assert send(zipped(members | {"5/": b"", "__MACOSX/3/._a.png": b"x", ".DS_Store": b"x"})) == (
        Received([1, 2, 3, 4, 5, 6])
    )
    assert [d.label for d in drawings.stream()] == [3, 4, NO_DIGIT, None, None, None]


def test_a_table_overrides_folders(drawings: DrawingStore, send: Send) -> None:
    table = (
        "file,label,note,created_at\na.png,5,'=x,2026-01-31T18:30:00+02:00\n"
        "3/b.png,not-a-digit,,\n3/c.png,,kept,\nd.png,12,,\ne.png,,,yesterday\n"
    )
    members = {"x/data.csv": table.encode()} | {
        f"x/{name}.png": png_of(n) for n, name in enumerate(("a", "3/b", "3/c", "d", "e"))
    }
    received = send(zipped(members))
    assert [(d.label, d.note) for d in drawings.stream()] == [(5, "=x"), (10, ""), (3, "kept")]
    assert drawings.get(1).created_at == datetime(2026, 1, 31, 16, 30)
    assert received.refused == [
        ("x/d.png", "expected a label from 0 to 10, got 12"),
        ("x/e.png", "expected a time such as 2026-01-31T18:30:00Z, got 'yesterday'"),
    ]


def test_moved_pictures_keep_their_strokes_and_edited_ones_lose_them(
    drawn: DrawingStore, drawings: DrawingStore, send: Send
) -> None:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(download(drawn, ALL, "zip"))))
    send(
        zipped({
            "drawings.jsonl": archive.read("drawings.jsonl"),
            "5/moved.png": archive.read("4/000005.png"),
            "6/000007.png": picture_file(draw_digit(6, width=30)),
        })
    )  # fmt: skip
    moved, changed = drawings.stream()
    assert moved.label == 5
    assert moved.content.input == drawn.get(5).content.input
    assert moved.content.strokes == drawn.get(5).content.strokes
    assert changed.content.strokes == ()
    assert changed.content.input == preprocess(draw_digit(6, width=30)).tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_a_picture_is_one_drawing(drawings: DrawingStore, send: Send, kind: str) -> None:
    picture = draw_digit(4, side=1600, width=16)
    content = picture_file(picture, kind)
    assert send(content).saved == [1]
    kept = drawings.get(1).content
    assert kept.picture.startswith(b"\x89PNG")
    assert open_picture(kept.picture).size == (1024, 1024)
    assert kept.input == preprocess(open_picture(content)).tobytes()
    assert send(content) == Received([], 1)


def test_mnists_npz_is_read(drawings: DrawingStore, send: Send) -> None:
    mnist = load_mnist()
    x, y = mnist.x_test[:300], mnist.y_test[:300]
    received = send(npz(x_train=x[:200], y_train=y[:200], x_test=x[200:], y_test=y[200:]))
    assert len(received.saved) == 300
    found = list(drawings.stream())
    assert [d.label for d in found] == y.tolist()
    assert b"".join(d.content.input for d in found) == x.tobytes()
    assert sum(d.label == d.digit for d in found) > 290
    picture = np.asarray(open_picture(found[0].content.picture))
    assert picture.shape == (280, 280)
    assert (picture[5::10, 5::10] == 255 - x[0]).all()


@pytest.mark.parametrize("labeled", [True, False])
def test_pixels_need_no_labels(drawings: DrawingStore, send: Send, labeled: bool) -> None:
    rows = [r if labeled else r.partition(",")[2] for r in (pixel_row(3), pixel_row(10, 254))]
    assert send(kaggle(*rows, labeled=labeled)).saved == [1, 2]
    assert send(npz(x=np.frombuffer(PIXELS, np.uint8).reshape(1, 784))).saved == [3]
    assert send(idx_pictures(b"\1" + PIXELS[1:], 1)).saved == [4]
    labels = [3, 10] if labeled else [None, None]
    assert [d.label for d in drawings.stream()] == [*labels, None, None]


def test_duplicates_are_found_by_picture_or_input(drawings: DrawingStore, send: Send) -> None:
    send(png_of(3))
    row_of_input = {"input": base64.b64encode(drawings.get(1).content.input).decode()}
    received = send(lines(row(), row_of_input, {"picture": row_of(5)}, {"picture": row_of(5)}))
    assert received == Received([2], 3)


def test_a_duplicate_labels_an_unlabeled_drawing(drawings: DrawingStore, send: Send) -> None:
    rows = [
        {"picture": row_of(3)},
        {"picture": row_of(3), "label": 3, "note": "round"},
        {"picture": row_of(5)},
    ]
    assert send(lines(*rows)) == Received([1, 2], 1)
    assert drawings.labels() == [(1, 3)]
    again = [{"picture": row_of(3), "label": 8}, {"picture": row_of(5), "label": 5, "note": "hat"}]
    assert send(lines(*again)) == Received([], 2, labeled=1)
    assert drawings.labels() == [(1, 3), (2, 5)]
    assert [drawings.get(number).note for number in (1, 2)] == ["round", "hat"]


def test_duplicates_in_the_trash_are_counted(drawings: DrawingStore, send: Send) -> None:
    send(lines(*({"picture": row_of(digit)} for digit in (3, 5))))
    drawings.delete([1])
    received = send(lines(*({"picture": row_of(digit)} for digit in (3, 5, 5, 7))))
    assert received == Received([3], 3, in_trash=1)


def test_unreadable_files_are_listed_and_the_rest_is_saved(
    drawings: DrawingStore, send: Send
) -> None:
    blank = picture_file(Image.new("L", (50, 50), 255))
    received = send(
        zipped({
            "README.txt": b"hello", "3/a.png": png_of(1), "3/cut.png": png_of(2)[:300],
            "3/blank.png": blank, "3/b.png": png_of(2),
            "3/run.eps": picture_file(draw_digit(3), "EPS"),
        })
    )  # fmt: skip
    assert len(received.saved) == 2
    names = [name for name, _ in received.refused]
    assert names == ["README.txt", "3/run.eps", "3/cut.png", "3/blank.png"]
    reasons = [reason for _, reason in received.refused]
    assert reasons[0].startswith("README.txt isn't a file that can be read; expected pictures")
    assert reasons[1].startswith("3/run.eps isn't a file that can be read")
    assert "damaged" in reasons[2]
    assert reasons[3] == BLANK


# How the error for invalid strokes begins.
FORM = 'expected strokes as [{"width": 16, "points": [[x, y], …]}, …]: '
STROKE = {"width": 16, "points": [[1, 2], [3, 4]]}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"no JSON", "expected a JSON object"),
        (b"[" * 100_000, "expected a JSON object"),
        (b"[1]", "expected a JSON object"),
        (b"\xff\xfe", "expected a JSON object"),
        (b"{}", "expected the picture and the input as base64"),
        ({"picture": "!"}, "expected the picture and the input as base64"),
        ({"input": "AAAA"}, "expected 784 pixels, got 3"),
        ({"input": base64.b64encode(bytes(784)).decode()}, BLANK),
        (row(picture=base64.b64encode(b"%!PS").decode()), NO_PICTURE),
        (row(label=11), "expected a label from 0 to 10, got 11"),
        (row(label=-1), "expected a label from 0 to 10, got -1"),
        (row(label="3"), "expected a label from 0 to 10, got '3'"),
        (row(label=True), "expected a label from 0 to 10, got True"),
        (row(label=3.0), "expected a label from 0 to 10, got 3.0"),
        (row(note=["x"]), "expected a note as text"),
        (row(note="x" * 2001), "a note can have at most 2,000 characters, got 2,001"),
        (row(note="a\0b"), "the note has characters that can't be saved"),
        (row(note="\ud800"), "the note has characters that can't be saved"),
        (row(created_at="soon"), "expected a time such as"),
        (row(created_at=5), "expected a time such as"),
        (row(created_at="0001-01-01T00:00:00+14:00"), "expected a time such as"),
        (row(strokes={"a": 1}), FORM + "expected array, got object"),
        (row(strokes=[[1, 2]]), FORM + "expected object, got array - at [0]"),
        (row(strokes=[{"width": 16}]), "missing required field points - at [0]"),
        (row(strokes=[{"points": [[1, 2]]}]), "missing required field width - at [0]"),
        (row(strokes=[STROKE | {"points": []}]), "array of length >= 1 - at [0].points"),
        (row(strokes=[STROKE | {"points": [[1]]}]), "array of length 2, got 1 - at [0].points[0]"),
        (row(strokes=[STROKE | {"points": [[1, float("nan")]]}]), "float >= -10000.0 - at [0].p"),
        (row(strokes=[STROKE | {"points": [[1, float("inf")]]}]), "float <= 10000.0 - at [0].p"),
        (row(strokes=[STROKE | {"points": [[1, 10**300]]}]), "float <= 10000.0 - at [0].p"),
        (row(strokes=[STROKE | {"points": [[1, "2"]]}]), "float, got str - at [0].points[0][1]"),
        (row(strokes=[STROKE | {"points": [[1, 2]] * 50_001}]), "at most 50,000 points"),
    ],
)  # fmt: skip
def test_an_invalid_line_is_refused_alone(
    drawings: DrawingStore, send: Send, line: Any, reason: str
) -> None:
    bad = line + b"\n" if isinstance(line, bytes) else lines(line)
    received = send(lines(row(strokes=[STROKE])) + bad + lines({"picture": row_of(5)}))
    assert received.saved == [1, 2]
    ((name, why),) = received.refused
    assert name == "line 2"
    assert reason in why


def test_a_line_that_is_too_long_is_refused_alone(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 20_000)
    long = lines(row(note="x" * 70_000))
    assert send(lines(row()) + long + lines({"picture": row_of(5)})) == Received(
        [1, 2], 0, refused=[("line 2", "a line can have at most 20,000 bytes")]
    )


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("3,1", "expected 785 numbers, got 2"),
        (pixel_row(3) + ",0", "expected 785 numbers, got 786"),
        (pixel_row(3, 256), "expected pixels from 0 to 255, got 256"),
        (pixel_row(3, -1), "expected pixels from 0 to 255, got -1"),
        (pixel_row(3, 255.5), "expected pixels from 0 to 255, got 255.5"),
        (pixel_row(3, "nan"), "expected numbers, got 'nan'"),
        (pixel_row(3, "1_0"), "expected numbers, got '1_0'"),
        (pixel_row(3, "=1"), "expected numbers, got '=1'"),
        (pixel_row(11), "expected a label from 0 to 10, got 11"),
        (pixel_row("x"), "expected a label from 0 to 10, got 'x'"),
        (pixel_row(3, 0), BLANK),
    ],
)
def test_an_invalid_row_is_refused_alone(send: Send, bad: str, reason: str) -> None:
    received = send(kaggle(pixel_row(1), bad, "", pixel_row(2, 254)))
    assert received == Received([1, 2], 0, refused=[("row 3", reason)])


def one_picture() -> npt.NDArray[np.uint8]:
    return np.frombuffer(PIXELS, np.uint8).reshape(1, 28, 28)


def link() -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("x.npy")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def lying_npz() -> bytes:
    """An array whose header claims a thousand times its size."""
    header = io.BytesIO()
    form = {"descr": "|u1", "fortran_order": False, "shape": (1000, 28, 28)}
    np.lib.format.write_array_header_1_0(header, form)
    return zipped({"x.npy": header.getvalue() + PIXELS})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file is empty"),
        (b"hello", "file isn't a file that can be read; expected pictures"),
        (picture_file(draw_digit(3), "EPS"), "isn't a file that can be read"),
        (png_of(3)[:200], "damaged"),
        (picture_file(Image.new("L", (9, 9))), BLANK),
        (b"a,b,c\n1,2,3", "isn't a file that can be read"),
        (b"9," * 99 + b"9", "expected 784 columns of pixels, with or without a label, got 100"),
        (zipped({"a.png": png_of(1)})[:-30], "isn't a ZIP, or is damaged"),
        (zipped({}), "has no files in it"),
        (zipped({"?ubyte": b"x"}).replace(b"?ubyte", b"\0ubyte"), "a file in it has no name"),
        (npz(x=np.array([{"a": 1}], object)), "array x can't be read: expected numbers, got obj"),
        (npz(x=one_picture()[:, :27]), "expected numbers of shape (n, 28, 28) or (n, 784)"),
        (npz(x=one_picture(), y=np.array([1, 2])), "expected as many labels as pictures, got 2"),
        (npz(x=one_picture(), y=np.array([1.5])), "y: labels must be whole numbers"),
        (npz(x=one_picture(), y=np.array(["a"], object)), "the array y can't be read"),
        (lying_npz(), "expected 784,128 bytes for shape (1000, 28, 28), got 912"),
        (zipped({"x.npy": b"\x93NUMPY\x01\x00\x05\x00{()}\n"}), "the array x is damaged"),
        (zipped({"x.npy": b"junk"}), "the array x is damaged"),
        (zipped({link(): b"/etc/passwd"}), "x.npy is a symbolic link, which isn't supported"),
        (idx_pictures(PIXELS, 2), "expected 1,584 bytes for shape (2, 28, 28), got 800"),
        (idx_pictures(PIXELS, 1, side=14), "expected 212 bytes for shape (1, 14, 14), got 800"),
        (idx_pictures(PIXELS, 4, side=14), "has no pictures: expected numbers of shape"),
        (struct.pack(">II", 0x801, 1) + b"\1", "has labels but no pictures"),
        (zipped({"labels-idx1-ubyte": b"\0\0\x08\1"}), "labels-idx1-ubyte is cut short"),
        (zipped({"images-idx3-ubyte": b"\0\0\x0d\3"}), "images-idx3-ubyte is cut short"),
        (
            zipped({
                "images-idx3-ubyte": idx_pictures(PIXELS, 1),
                "labels-idx1-ubyte": struct.pack(">II", 0x801, 2) + b"\1",
            }),
            "expected 10 bytes for shape (2,), got 9",
        ),
    ],
)  # fmt: skip
def test_an_unreadable_file_is_refused_in_a_sentence(
    drawings: DrawingStore, send: Send, content: bytes, reason: str
) -> None:
    with pytest.raises(BadInputError) as refusal:
        send(content)
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert drawings.count().all == 0


def test_a_missing_file_is_refused(send: Send, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="file can't be read: No such file"):
        send(tmp_path / "nowhere.zip")


def test_labels_of_arrays_are_checked_individually(drawings: DrawingStore, send: Send) -> None:
    x = np.zeros((4, 28, 28), np.uint8)
    x[:3, 5, 5] = 1, 2, 3
    assert send(npz(x=x, y=np.array([3, 11, -1, 4]))) == Received([1], 0, refused=[
        ("x, picture 1", "expected a label from 0 to 10, got 11"),
        ("x, picture 2", "expected a label from 0 to 10, got -1"),
        ("x, picture 3", BLANK),
    ])  # fmt: skip


def test_a_bomb_is_refused(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    big = bytes(21_000_000)
    received = send(zipped({"big.png": big, "a.png": png_of(1)}))
    assert received.saved == [1]
    assert received.refused == [("big.png", "expected at most 20,000,000 bytes, got 21,000,000")]
    received = send(zipped({"a.png": b"BZ"}, zipfile.ZIP_BZIP2))
    assert "compression method" in received.refused[0][1]
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 20_000_000)
    with pytest.raises(BadInputError, match="unpacks to more than 20,000,000 bytes"):
        send(zipped({"big.png": big}))
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    with pytest.raises(BadInputError, match="has more than 2 files in it"):
        send(zipped({f"{n}.png": b"" for n in range(3)}))


def test_a_member_larger_than_declared_is_refused(send: Send) -> None:
    content = zipped({"a.png": png_of(1) + bytes(1_000_000)})
    true = struct.pack("<I", len(png_of(1)) + 1_000_000)
    lie = struct.pack("<I", len(png_of(1)))
    assert content.count(true) == 2
    assert send(content.replace(true, lie)).refused == [("a.png", "a.png is damaged")]


def test_paths_in_a_zip_are_never_written(send: Send, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    received = send(zipped({"../../evil.png": png_of(1), "/3/abs.png": png_of(2)}))
    assert len(received.saved) == 2
    changed = {path.name for path in tmp_path.rglob("*")} - {path.name for path in before}
    assert all(name.startswith("drawings.sqlite3") for name in changed)


def test_a_link_in_a_zip_is_not_followed(send: Send) -> None:
    member = link()
    member.filename = "3/a.png"
    received = send(zipped({member: b"/etc/passwd", "b.png": png_of(1)}))
    assert received.refused == [("3/a.png", "3/a.png is a symbolic link, which isn't supported")]
    assert received.saved == [1]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (b"writer,label\na.png,3\n", "expected a first line that names the columns file"),
        (b"file,label\n\xff.png,3\n", "can't decode byte 0xff"),
        (b"file,label\n" + b"x" * 200_000 + b",3\n", "field larger than field limit"),
        (b"", "drawings.csv is empty"),
    ],
)
def test_a_damaged_table_leaves_the_pictures(send: Send, table: bytes, reason: str) -> None:
    received = send(zipped({"drawings.csv": table, "3/a.png": png_of(1)}))
    assert received.saved == [1]
    ((name, why),) = received.refused
    assert name == "drawings.csv"
    assert reason in why


def test_a_damaged_array_yields_no_drawings(drawings: DrawingStore, send: Send) -> None:
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 256, (2 * CHUNK, 28, 28), np.uint8)
    content = bytearray(zipped({"x.npy": npy(rows)}, zipfile.ZIP_STORED))
    content[-100_000] ^= 1
    with pytest.raises(DatasetError, match=r"x\.npy is damaged"):
        send(bytes(content))
    assert drawings.count().all == 0


def test_reading_stops_after_too_many_errors(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MAX_REFUSED", 300)
    received = send(b"{\n" * 10_000)
    assert len(received.refused) == 2 * CHUNK + 1
    assert received.refused[-1] == (
        "file",
        "300 of its drawings can't be read, so the rest was skipped",
    )


def test_progress_is_reported(drawings: DrawingStore, recognizer: Recognizer) -> None:
    rows = np.random.default_rng(1).integers(0, 256, (2 * CHUNK, 28, 28), np.uint8)
    file = io.BytesIO(npz(x=rows))
    told = list(upload_by_parts(drawings, [("file", file)], recognizer, Received()))
    assert len(told) == 2
    assert 0 < told[0] < told[1] <= 1


def test_an_interrupted_upload_continues(drawings: DrawingStore, recognizer: Recognizer) -> None:
    rows = np.random.default_rng(1).integers(0, 256, (CHUNK, 28, 28), np.uint8)
    file, received = io.BytesIO(npz(x=np.concatenate([rows, rows[:9], rows[9:] ^ 1]))), Received()
    next(upload_by_parts(drawings, [("file", file)], recognizer, received))
    assert drawings.count().all == len(received.saved) == CHUNK
    assert len(list(upload_by_parts(drawings, [("file", file)], recognizer, received))) == 1
    assert (len(received.saved), received.duplicates) == (2 * CHUNK - 9, 9)
    assert drawings.numbers(order=Order.OLDEST) == received.saved


@pytest.mark.parametrize("file_format", [*FORMATS, "png"])
def test_damaged_files_only_raise_bad_input(
    drawn: DrawingStore, send: Send, file_format: str
) -> None:
    chance = random.Random(file_format)
    whole = png_of(3) if file_format == "png" else b"".join(download(drawn, ALL, file_format))
    for _ in range(6):
        damaged = bytearray(whole)
        # Headers and directories are mostly at a file's start and end.
        places = (range(200), range(len(whole) - 1500, len(whole)), range(len(whole)))
        place = max(0, chance.choice(chance.choice(places)))
        if chance.random() < 0.3:
            del damaged[place : place + chance.randrange(1, 50)]
        else:
            damaged[place] = chance.randrange(256)
        with suppress(BadInputError):
            send(bytes(damaged))


def test_large_pictures_are_saved_in_small_parts(
    drawings: DrawingStore, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "PART_BYTES", 1)
    file = io.BytesIO(zipped({f"{digit}.png": png_of(digit) for digit in (1, 2, 3)}))
    parts = upload_by_parts(drawings, [("file", file)], recognizer, Received())
    assert [drawings.count().all for _ in parts] == [1, 2, 3]


def test_memory_does_not_grow_with_the_upload(
    tmp_path: Path, recognizer: Recognizer, open_drawings: OpenDrawings
) -> None:
    # Threads that earlier tests left may allocate meanwhile, so the lowest of two peaks counts.
    few, many = (
        min(
            peak_bytes(open_drawings(tmp_path / f"{count}{again}"), recognizer, tmp_path, count)
            for again in ("", "again")
        )
        for count in (300, 700)
    )
    # Each has its input's pixels, and a picture of noise that doesn't compress.
    assert many < few + 400 * 28 * 28


def peak_bytes(store: DrawingStore, recognizer: Recognizer, folder: Path, count: int) -> int:
    rows = np.random.default_rng(1).integers(0, 256, (count, 28, 28), np.uint8)
    file = folder / f"{count}.npz"
    file.write_bytes(npz(x=rows))
    tracemalloc.start()
    received = upload(store, "file", file, recognizer)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(received.saved) == count
    return peak
