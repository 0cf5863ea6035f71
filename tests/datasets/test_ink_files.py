import gzip
import json
from pathlib import Path

import pytest

from digitrec.datasets.ink_files import load_ink
from digitrec.errors import DatasetError
from digitrec.labels import NO_DIGIT

ROW = {"writer": "w1", "label": "7", "strokes": [[[0, 0], [600, 0], [300, 1000]]]}


@pytest.mark.parametrize("name", ["ink.jsonl", "ink.jsonl.gz"])
def test_drawings_are_loaded(tmp_path: Path, name: str) -> None:
    text = json.dumps(ROW) + "\n\n" + json.dumps(ROW | {"label": 1}) + "\n"
    content = gzip.compress(text.encode()) if name.endswith(".gz") else text.encode()
    (tmp_path / name).write_bytes(content)
    first, second = load_ink(tmp_path / name)
    assert (first.writer, first.label, second.label) == ("w1", "7", "1")
    assert first.traces[0].tolist() == [[0, 0], [600, 0], [300, 1000]]


def test_drawings_from_history_are_loaded(tmp_path: Path) -> None:
    strokes = [{"width": 16.0, "points": [[60, 40], [200, 40], [130, 180]]}]
    row = {"id": 3, "label": 7, "note": "", "strokes": strokes}
    lines = [row, row | {"label": 10}, row | {"label": None}, row | {"strokes": []}]
    (tmp_path / "drawings.jsonl").write_text("\n".join(map(json.dumps, lines)))
    digit, other = load_ink(tmp_path / "drawings.jsonl")
    assert (digit.digit_label, other.digit_label) == (7, NO_DIGIT)
    assert digit.traces[0].tolist() == [[0, 0], [1000, 0], [500, 1000]]


def test_letters_are_not_digits_and_some_look_like_one(tmp_path: Path) -> None:
    lines = [json.dumps(ROW | {"label": label}) for label in ("7", "K", "O", "+")]
    (tmp_path / "ink.jsonl").write_text("\n".join(lines))
    seven, k, o, plus = load_ink(tmp_path / "ink.jsonl")
    assert [one.digit_label for one in (seven, k, plus)] == [7, NO_DIGIT, NO_DIGIT]
    assert [one.is_ambiguous for one in (seven, k, o, plus)] == [False, False, True, False]


@pytest.mark.parametrize(
    "line",
    [
        "garbage",
        "[]",
        '{"label": "7"}',
        '{"label": "7", "strokes": [[[1]]]}',
        '{"label": "7", "strokes": [[["a", "b"]]]}',
        '{"label": "7", "strokes": [[[NaN, 1]]]}',
    ],
)
def test_an_error_names_the_malformed_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "ink.jsonl").write_text(json.dumps(ROW) + "\n" + line + "\n")
    with pytest.raises(DatasetError, match=r"ink.jsonl, line 2: expected a drawing"):
        load_ink(tmp_path / "ink.jsonl")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ink.jsonl", b"", "holds no drawings"),
        ("ink.jsonl", b'{"label": "\xff"}', "line 1: expected a drawing"),
        ("ink.jsonl.gz", b"not gzipped", "can't be read"),
        ("ink.jsonl.gz", gzip.compress(b"x" * 9999, mtime=0)[:30], "can't be read"),
    ],
)
def test_a_damaged_file_is_rejected(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=words):
        load_ink(tmp_path / name)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="can't be read"):
        load_ink(tmp_path / "nowhere.jsonl")
