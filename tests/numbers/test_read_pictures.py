import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitrec.errors import BadInputError, PictureError
from digitrec.ink.preprocessing import open_picture
from digitrec.numbers.page_reader import MAX_COST, NUMBER_COST
from digitrec.numbers.read_pictures import ReadPicture, read_picture, read_pictures, readings_csv
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from tests.hostile.pictures import bars
from tests.numbers.samples import write


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return ModelStore(Path("nowhere")).load_recognizer("bn-cnn")


def sheet(*lines: str, width: int = 900) -> Image.Image:
    """Numbers in lines, black on white."""
    paper = Image.new("L", (width, 30 + 200 * len(lines)), 255)
    for place, text in enumerate(lines):
        paper.paste(Image.fromarray(255 - write(text, gap=20).drawn()), (40, 20 + 200 * place))
    return paper


def file(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, form, **options)
    return content.getvalue()


def texts(picture: ReadPicture) -> list[str]:
    return [number.text for number in picture.read]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def in_sixteen_bits(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture).astype(np.uint16) * 201 + 3000)


def clear_ink(picture: Image.Image) -> Image.Image:
    """White ink on transparent paper."""
    white = Image.new("L", picture.size, 255)
    return Image.merge("LA", (white, picture.point(lambda level: 255 - level)))


def turned_by_exif(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return file(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)


@pytest.mark.parametrize(
    "make",
    [
        file,
        lambda picture: file(picture.convert("CMYK"), "JPEG"),
        lambda picture: file(picture.convert("P", palette=Image.Palette.ADAPTIVE), "GIF"),
        lambda picture: file(in_sixteen_bits(picture)),
        lambda picture: file(in_sixteen_bits(picture), "TIFF"),
        lambda picture: file(clear_ink(picture)),
        lambda picture: file(clear_ink(picture), "WEBP"),
        lambda picture: file(picture.convert("1"), "BMP"),
        lambda picture: file(picture, "MPO", save_all=True, append_images=[picture]),
        turned_by_exif,
        lambda picture: file(picture.resize((4000, 1910)), "JPEG"),
    ],
)
def test_pictures_of_every_kind_are_read(
    recognizer: Recognizer, make: Callable[[Image.Image], bytes]
) -> None:
    assert texts(read_picture(recognizer, "a", make(sheet("2026", "731")))) == ["2026", "731"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "isn't an image that can be opened; expected PNG, JPEG"),
        (b"hello", "isn't an image that can be opened"),
        (file(Image.new("RGB", (50, 50)), "EPS"), "isn't an image that can be opened"),
        (file(sheet("12"))[:800], "is damaged"),
        (file(sheet("12"), "JPEG")[:4000], "is damaged"),
        (file(Image.new("1", (9000, 9000))), "too many pixels"),
        (file(sheet("12"), "GIF", save_all=True, append_images=[sheet("34")]), "animated"),
        (file(sheet("12"), "PNG", save_all=True, append_images=[sheet("34")]), "animated"),
        (file(sheet("12"), "TIFF", save_all=True, append_images=[sheet("34")]), "several pages"),
        (file(Image.new("RGB", (300, 200), "white")), "this picture is blank"),
        (file(sheet("12").resize((5000, 10))), "too narrow to hold a number: 5000 x 10"),
        (file(sheet("12").resize((12, 5000))), "too narrow to hold a number: 12 x 5000"),
    ],
)
def test_an_unreadable_picture_does_not_stop_the_others(
    recognizer: Recognizer, content: bytes, words: str
) -> None:
    good = file(sheet("58"))
    first, refused, last = read_pictures(recognizer, [("a", good), ("b", content), ("c", good)])
    assert isinstance(refused, PictureError)
    assert words in str(refused)
    assert [isinstance(found, ReadPicture) for found in (first, last)] == [True, True]


def test_lines_beyond_the_effort_limit_are_counted_as_left_out(recognizer: Recognizer) -> None:
    picture = read_picture(recognizer, "a", bars(10, 16))
    last = picture.read[-1].cost + NUMBER_COST
    costs = sum(number.cost + NUMBER_COST for number in picture.read)
    assert costs - last <= MAX_COST < costs
    assert picture.left_out > len(picture.read)


def test_boxes_are_in_pixels_of_the_shown_picture(recognizer: Recognizer) -> None:
    picture = read_picture(recognizer, "a", file(sheet("45", width=900).resize((3600, 920))))
    shown = open_picture(picture.shown)
    assert max(shown.size) == 1024
    assert picture.scale == pytest.approx(3600 / 1024)
    dark = np.asarray(shown.convert("L")) < 128
    columns = np.flatnonzero(dark.any(axis=0))
    four, five = picture.read[0].digits
    assert (four.box[0], five.box[2]) == pytest.approx((columns[0], columns[-1]), abs=6)
    cut_out = np.asarray(open_picture(picture.digit_picture(0, 1)).convert("L")) < 128
    assert cut_out.sum() == pytest.approx(dark[:, int(five.box[0]) - 3 :].sum(), rel=0.05)


def test_a_very_small_picture_is_enlarged(recognizer: Recognizer) -> None:
    picture = read_picture(recognizer, "a", file(sheet("7", width=230).resize((28, 28))))
    assert open_picture(picture.shown).size == (168, 168)
    assert picture.scale == pytest.approx(1 / 6)
    left, top, right, bottom = picture.read[0].digits[0].box
    assert 0 <= left < right <= 168
    assert bottom - top > 50
    (row,) = rows(readings_csv([picture]))
    assert int(row["bottom"]) <= 28


def test_a_correction_splits_the_ink_again(recognizer: Recognizer) -> None:
    touching = Image.fromarray(255 - write("358", gap=-14).drawn())
    picture = read_picture(recognizer, "a", file(touching))
    for text, count in (("35", 2), (" 3 5 8 ", 3)):
        picture.correct(0, text)
        assert picture.text(0) == text.replace(" ", "")
        assert len(picture.numbers[0].digits) == count
        assert picture.is_split(0)
    picture.correct(0, "")
    assert picture.text(0) == ""


def test_a_correction_is_kept_even_without_matching_ink(recognizer: Recognizer) -> None:
    picture = read_picture(recognizer, "a", file(sheet("11")))
    picture.correct(0, "123456789012345678901234567890")
    assert picture.text(0) == "123456789012345678901234567890"
    assert not picture.is_split(0)


@pytest.mark.parametrize("text", ["7x", "١٢", "²", "-3"])
def test_only_digits_are_accepted_as_a_correction(recognizer: Recognizer, text: str) -> None:
    picture = read_picture(recognizer, "a", file(sheet("11")))
    with pytest.raises(BadInputError, match="use only the digits 0 to 9"):
        picture.correct(0, text)
    assert picture.text(0) == "11"


def test_the_table_has_one_row_per_number(recognizer: Recognizer) -> None:
    large = file(sheet("2026", "731", "9").resize((1800, 1260)))
    pictures = [read_picture(recognizer, name, large) for name in ("=1+1.png", "b.png")]
    pictures[1].correct(0, "2025")
    pictures[1].correct(2, "")
    table = rows(readings_csv(pictures))
    assert [(row["picture"], row["number"], row["text"], row["read"]) for row in table] == [
        ("'=1+1.png", "1", "2026", "2026"),
        ("'=1+1.png", "2", "731", "731"),
        ("'=1+1.png", "3", "9", "9"),
        ("b.png", "1", "2025", "2026"),
        ("b.png", "2", "731", "731"),
    ]
    assert all(0 < float(row["confidence"]) <= 1 for row in table)
    box = [int(table[1][side]) for side in ("left", "top", "right", "bottom")]
    dark = np.asarray(open_picture(large).convert("L"))[400:800] < 128
    ys, xs = np.nonzero(dark)
    assert box == pytest.approx([xs.min(), ys.min() + 400, xs.max(), ys.max() + 400], abs=14)
