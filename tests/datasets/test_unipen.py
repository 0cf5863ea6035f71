from pathlib import Path

import pytest

from digitrec.commands.app import main
from digitrec.datasets.ink_files import load_ink
from digitrec.datasets.unipen import read_unipen
from digitrec.errors import DatasetError

# A seven, a one whose flag and stem are two strokes, a K, and a seven that ends within a stroke.
STROKES = """\
.COORD T X Y
.WRITER_ID anna
.PEN_DOWN
 1 100 300
 2 200 300
 3 150 100
.PEN_UP
.PEN_DOWN
 4 300 250
 5 320 300
.PEN_UP
.PEN_DOWN
 6 320 300
 7 320 100
.PEN_UP
.PEN_DOWN
 8 10 20
 9 10 0
.PEN_UP
.PEN_DOWN
 1 100 300
 2 200 300
 3 150 100
 4 900 900
.PEN_UP
"""
SEGMENTS = """\
.VERSION 1.0
.INCLUDE aaa/missing.doc
.INCLUDE aaa/data/page.dat
.SEGMENT WORD 0-3 ? "7 1K"
.SEGMENT CHARACTER 0 OK "7"
.SEGMENT CHARACTER 1-2 ? "1"
.SEGMENT CHARACTER 3 ? "K"
.SEGMENT CHARACTER 4:0-4:2 ? "7"
.SEGMENT CHARACTER 9 ? "5"
.SEGMENT CHARACTER nonsense ? "5"
"""


@pytest.fixture
def distribution(tmp_path: Path) -> Path:
    for place, text in {
        "data/1a/aaa/page.dat": SEGMENTS,
        "include/aaa/data/page.dat": STROKES,
    }.items():
        file = tmp_path / place
        file.parent.mkdir(parents=True)
        file.write_text(text)
    return tmp_path


def test_characters_are_read_upright(distribution: Path) -> None:
    seven, one, k, part = read_unipen(distribution)
    assert [drawing.label for drawing in (seven, one, k, part)] == ["7", "1", "K", "7"]
    assert {drawing.writer for drawing in (seven, one, k, part)} == {"anna"}
    assert seven.traces[0].tolist() == [[0, 0], [500, 0], [250, 1000]]
    assert len(one.traces) == 2
    assert part.traces[0].tolist() == seven.traces[0].tolist()


def test_without_a_writer_the_folder_names_them(distribution: Path) -> None:
    page = distribution / "include/aaa/data/page.dat"
    page.write_text(STROKES.replace(".WRITER_ID anna\n", ""))
    assert {drawing.writer for drawing in read_unipen(distribution)} == {"aaa"}


def test_another_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="isn't a UNIPEN distribution"):
        list(read_unipen(tmp_path))


def test_the_command_writes_an_ink_file(
    distribution: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = distribution / "unipen.jsonl.gz"
    assert main(["convert-unipen", str(distribution), str(file), "--others", "0"]) == 0
    assert "3 digits and 0 letters and symbols by 1 writer" in capsys.readouterr().out
    assert [drawing.label for drawing in load_ink(file)] == ["7", "1", "7"]
    assert main(["convert-unipen", str(distribution), str(distribution / "no/a.jsonl.gz")]) == 2
    assert "can't be written" in capsys.readouterr().err
