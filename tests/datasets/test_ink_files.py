import gzip
import json
from pathlib import Path

import pytest

from digitrec.datasets.ink_files import load_ink
from digitrec.errors import DatasetError

ROW = {"writer": "w1", "label": "7", "strokes": [[[0, 0], [600, 0], [300, 1000]]]}


@pytest.mark.parametrize("name", ["ink.jsonl", "ink.jsonl.gz"])
def test_drawings_are_loaded(tmp_path: Path, name: str) -> None:
    text = json.dumps(ROW) + "\n\n" + json.dumps(ROW | {"label": 1}) + "\n"
    content = gzip.compress(text.encode()) if name.endswith(".gz") else text.encode()
    (tmp_path / name).write_bytes(content)
    first, second = load_ink(tmp_path / name)
    assert (first.writer, first.label, second.label) == ("w1", "7", "1")
    assert first.traces[0].tolist() == [[0, 0], [600, 0], [300, 1000]]


@pytest.mark.parametrize(
    "line",
    [
        "garbage",
        "[]",
        '{"label": "7"}',
        '{"label": "7", "strokes": []}',
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
        ("ink.jsonl", b"\xff\xfe", "can't be read"),
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
