from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitrec.errors import BlankPictureError, PictureError
from digitrec.numbers.lines.examples import on_paper
from digitrec.numbers.lines.writing import PenHand, written
from digitrec.numbers.page_reader import find_lines, read_lines, read_page, regions
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from tests.numbers.samples import write
from tests.support.digits import draw_digit

LINES = ["2026", "731", "50948"]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return ModelStore(Path("nowhere")).load_recognizer("bn-cnn")


def page(lines: list[str], *, height: int = 700, width: int = 1000) -> Image.Image:
    """Numbers in lines, black on white."""
    sheet = np.full((height, width), 255, np.uint8)
    for place, text in enumerate(lines):
        number = 255 - write(text, height=90).drawn()
        top, left = 40 + place * 200, 60 + 40 * place
        sheet[top : top + number.shape[0], left : left + number.shape[1]] = number
    return Image.fromarray(sheet)


def texts(recognizer: Recognizer, picture: Image.Image) -> list[str]:
    return [number.text for number in read_page(recognizer, picture).numbers]


def test_numbers_in_lines_are_read(recognizer: Recognizer) -> None:
    assert texts(recognizer, page(LINES)) == LINES


def test_numbers_side_by_side_are_read(recognizer: Recognizer) -> None:
    both = Image.new("L", (1000, 300), 255)
    both.paste(page(["314"], height=300, width=450), (0, 0))
    both.paste(page(["27"], height=300, width=450), (520, 60))
    assert texts(recognizer, both) == ["314", "27"]


@pytest.mark.parametrize("degrees", [-6, 4])
def test_a_slightly_rotated_page_is_read(recognizer: Recognizer, degrees: int) -> None:
    turned = page(LINES).rotate(degrees, Image.Resampling.BILINEAR, fillcolor=255)
    assert texts(recognizer, turned) == LINES


def test_ruled_paper_in_uneven_light_is_read(recognizer: Recognizer) -> None:
    levels = np.asarray(page(LINES), np.float64)
    levels[30::70] -= 60
    light = np.linspace(0.45, 1, levels.shape[1])[None, :]
    photo = Image.fromarray(np.clip(levels * light, 0, 255).astype(np.uint8)).convert("RGB")
    assert texts(recognizer, photo) == LINES


@pytest.mark.parametrize("squared", [False, True])
def test_ink_that_crosses_ruled_lines_stays_whole(recognizer: Recognizer, squared: bool) -> None:
    paper = Image.new("RGB", (1000, 700), (250, 250, 244))
    pen = ImageDraw.Draw(paper)
    for place in range(30, 1000, 60):
        pen.line((0, place, 1000, place), (150, 180, 230), 3)
        if squared:
            pen.line((place, 0, place, 700), (150, 180, 230), 3)
    ink = page(LINES).point(lambda level: 255 - level)
    paper.paste((20, 20, 60), (0, 0), ink)
    assert texts(recognizer, paper) == LINES


def test_light_ink_on_dark_paper_is_read(recognizer: Recognizer) -> None:
    assert texts(recognizer, page(LINES).point(lambda level: 240 - level * 0.8)) == LINES


def test_boxes_lie_around_the_digits_in_the_picture(recognizer: Recognizer) -> None:
    large = page(["45"]).resize((2000, 1400))
    for degrees in (0, 5):
        turned = large.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=255)
        ink = np.asarray(turned) < 128
        (number,) = read_page(recognizer, turned).numbers
        boxes = [digit.box for digit in number.digits]
        rows, columns = np.nonzero(ink)
        around = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        found = [min(b[0] for b in boxes), min(b[1] for b in boxes),
                 max(b[2] for b in boxes), max(b[3] for b in boxes)]  # fmt: skip
        assert found == pytest.approx(around, abs=30 if degrees else 10)


def test_specks_and_a_detached_top_bar_are_not_numbers(recognizer: Recognizer) -> None:
    picture = page(["58"])
    pen = ImageDraw.Draw(picture)
    pen.ellipse((700, 400, 706, 406), fill=0)
    pen.rectangle((80, 600, 84, 604), fill=0)
    assert texts(recognizer, picture) == ["58"]
    detached = np.zeros((200, 100), np.float32)
    detached[20:30, 20:80] = 1
    detached[40:160, 20:80] = 1
    assert len(regions(detached)) == 1


def test_specks_alone_are_not_numbers(recognizer: Recognizer) -> None:
    paper = np.full((600, 600), 255, np.uint8)
    for row, column in np.ndindex(2, 2):
        paper[20 + row :: 40, 20 + column :: 30] = 0
    with pytest.raises(BlankPictureError):
        read_page(recognizer, Image.fromarray(paper))


def test_a_blank_page_has_no_number(recognizer: Recognizer) -> None:
    with pytest.raises(BlankPictureError):
        read_page(recognizer, Image.new("L", (300, 200), 255))
    assert regions(np.zeros((50, 50), np.float32)) == []


def test_a_two_with_a_long_foot_is_one_digit(recognizer: Recognizer) -> None:
    picture = draw_digit(2, side=500)
    wide = Image.new("RGB", (1100, 500), "white")
    wide.paste(picture)
    ImageDraw.Draw(wide).line([(350, 402), (780, 406)], fill="black", width=28)
    assert texts(recognizer, wide) == ["2"]


@pytest.mark.parametrize("degrees", [0, 9])
def test_a_stem_below_a_break_belongs_to_its_digit(recognizer: Recognizer, degrees: int) -> None:
    four = draw_digit(4, side=400).rotate(degrees, fillcolor="white")
    ImageDraw.Draw(four).rectangle((0, 268, 400, 278), fill="white")
    assert texts(recognizer, four) == ["4"]


def test_ones_in_two_lines_stay_apart(recognizer: Recognizer) -> None:
    assert texts(recognizer, page(["1", "1"])) == ["1", "1"]


def test_a_sheet_of_tiny_boxes_is_read_or_rejected(recognizer: Recognizer) -> None:
    sheet = Image.new("L", (700, 989), 255)
    pen = ImageDraw.Draw(sheet)
    for top, left in product(range(10, 970, 21), range(8, 680, 27)):
        pen.rectangle((left, top, left + 24, top + 18), outline=190)
        pen.line([(left + 7, top + 4), (left + 16, top + 4), (left + 11, top + 15)], fill=90)
    try:
        read = read_page(recognizer, sheet)
    except PictureError as error:
        assert "crop it to the numbers" in str(error)  # noqa: PT017 (an error is fine, too)
    else:
        assert read.numbers


def test_a_line_with_almost_no_ink_is_skipped(recognizer: Recognizer) -> None:
    (good,) = find_lines(page(["58"]))
    empty = replace(good, line=good.line._replace(ink=np.full((64, 40), 0.01, np.float32)))
    read = read_lines(recognizer, [empty, good])
    assert [number.text for number in read.numbers] == ["58"]
    assert read.left_out == 1
    with pytest.raises(PictureError, match="no numbers were found"):
        read_lines(recognizer, [empty])


def amount(text: str, seed: int) -> Image.Image:
    """An amount in a made-up hand on patterned paper, as a scan."""
    rng = np.random.default_rng(seed)
    line = Image.fromarray(255 - on_paper(written(text, PenHand({}, rng), rng), rng))
    return line.resize((3 * line.width, 3 * line.height), Image.Resampling.BICUBIC)


@pytest.mark.parametrize(("text", "seed"), [("22.000-", 6), ("318.450=", 7), ("7.503", 8)])
def test_an_amount_is_its_digits_and_its_separators_are_kept(
    recognizer: Recognizer, text: str, seed: int
) -> None:
    (number,) = read_page(recognizer, amount(text, seed)).numbers
    assert number.text == "".join(filter(str.isdecimal, text))
    assert number.separators == text.replace("=", "-")
    assert [str(digit.recognition.digit) for digit in number.digits] == list(number.text)
    lefts = [digit.box[0] for digit in number.digits]
    assert lefts == sorted(lefts)
    assert all(digit.recognition.confidence >= number.confidence for digit in number.digits)


def test_a_plain_number_has_no_separators(recognizer: Recognizer) -> None:
    assert {number.separators for number in read_page(recognizer, page(LINES)).numbers} == {""}


def test_chalk_on_a_board_is_read_by_the_line_reader_too(recognizer: Recognizer) -> None:
    board = Image.fromarray(255 - np.asarray(amount("22.000-", 6)))
    (number,) = read_page(recognizer, board).numbers
    assert number.text == "22000"
    assert number.separators == "22.000-"


def test_ink_that_cant_be_cut_gets_the_places_of_the_line_reader(recognizer: Recognizer) -> None:
    (line,) = find_lines(amount("318.450=", 7))
    columns = line.said.columns("318450") if line.said else []
    assert len(columns) == 6
    middles = [(left + right) / 2 for left, right in columns]
    assert middles == sorted(middles)
    assert 0 < middles[0] < middles[-1] < line.line.ink.shape[1]
