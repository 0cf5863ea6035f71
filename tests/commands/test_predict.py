import json
import re
from pathlib import Path

from PIL import Image, ImageDraw

from digitrec.formatting import percent
from tests.conftest import Shell
from tests.numbers.samples import write
from tests.support.digits import draw_digit

W = [(30, 60), (80, 220), (140, 110), (200, 220), (250, 60)]


def test_predict_prints_one_object_a_line(shell: Shell, tmp_path: Path) -> None:
    for digit in (3, 8):
        draw_digit(digit).save(tmp_path / f"{digit}.png")
    draw_digit(5, ink="white", paper="darkgreen").save(tmp_path / "5.jpg")
    (tmp_path / "notes.txt").write_text("not a picture")
    done = shell("predict", tmp_path, "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(Path(row["file"]).name, row["digit"]) for row in rows] == [
        ("3.png", 3), ("5.jpg", 5), ("8.png", 8),
    ]  # fmt: skip
    for row in rows:
        assert len(row["probabilities"]) == 10
        assert row["confidence"] == max(row["probabilities"]) * (1 - (row["not_digit"] or 0))
        assert row["is_digit"] is True
        assert 0.5 < row["digit_score"] <= 1


def test_predict_reports_non_digits(shell: Shell, tmp_path: Path) -> None:
    picture = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(picture).line(W, fill=0, width=16, joint="curve")
    picture.save(tmp_path / "w.png")
    row = json.loads(shell("predict", tmp_path / "w.png", "--json").stdout)
    assert row["is_digit"] is False
    assert row["digit_score"] < 0.5
    words = shell("predict", tmp_path / "w.png").stdout
    assert re.search(r"w.png: not a digit \([\d.]+%\); closest digit: \d", words)


def test_predict_reads_whole_numbers(shell: Shell, tmp_path: Path) -> None:
    for name, text in (("a.png", "2045"), ("b.png", "73")):
        Image.fromarray(255 - write(text).drawn()).save(tmp_path / name)
    Image.new("L", (300, 200), 255).save(tmp_path / "c.png")
    done = shell("predict", "--numbers", tmp_path, "--json")
    assert done.returncode == 2
    assert "c.png: this picture is blank; choose one with a digit in it" in done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["file"] == str(tmp_path / "a.png")
    assert [number["text"] for number in first["numbers"]] == ["2045"]
    (number,) = second["numbers"]
    assert (number["text"], len(number["digits"])) == ("73", 2)
    lefts = [digit["box"][0] for digit in number["digits"]]
    assert lefts == sorted(lefts)
    words = shell("predict", "--numbers", tmp_path / "b.png").stdout
    assert words == f"{tmp_path / 'b.png'}: 73 ({percent(number['confidence'])})\n"


def test_predict_continues_after_a_bad_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.png").write_bytes(b"hello")
    Image.new("RGB", (50, 50), "white").save(tmp_path / "blank.png")
    draw_digit(6).save(tmp_path / "six.png")
    done = shell("predict", tmp_path / "empty", tmp_path)
    assert done.returncode == 2
    assert re.fullmatch(r".*six.png: 6 \([\d.]+%\)\n", done.stdout)
    assert re.search(r"bad.png isn't an image that can be opened", done.stderr)
    assert re.search(r"blank.png: this picture is blank", done.stderr)
    assert re.search(r"empty: this folder has no pictures", done.stderr)
    assert len(done.stderr.splitlines()) == 3
