"""Digits cropped to their ink, and digits inside a box of another color."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitrec.datasets.mnist import load_mnist
from digitrec.ink.find_ink import find_ink
from digitrec.ink.preprocessing import preprocess
from digitrec.ink.tight_crops import is_clear, paper_color_of_crop
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from tests.support.digits import DIGITS, draw_digit

# A one's box is nearly all ink.
WITH_PAPER = [digit for digit in DIGITS if digit != 1]


def cropped(digit: int, *, width: int = 24, side: int | None = None) -> Image.Image:
    """A grayscale digit without a margin; ``side`` is its longer side, in pixels."""
    picture = draw_digit(digit, width=width, mode="L", ink=0, paper=255)
    tight = picture.crop(picture.point(lambda level: 255 - level).getbbox())
    if side is None:
        return tight
    scale = side / max(tight.size)
    size = (round(tight.width * scale), round(tight.height * scale))
    return tight.resize(size, Image.Resampling.BOX)


def negative(picture: Image.Image) -> Image.Image:
    return picture.point(lambda level: 255 - level)


def assert_same_ink(picture: Image.Image, plain: Image.Image) -> None:
    """Assert that both give similar inputs: their cosine similarity is high."""
    one, other = (preprocess(p).astype(float) for p in (picture, plain))
    shifted = [np.roll(one, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    norms = np.sqrt((one**2).sum() * (other**2).sum())
    assert max((two * other).sum() for two in shifted) / norms > 0.9


@pytest.mark.parametrize("side", [20, 28, 60, None])
@pytest.mark.parametrize("is_negative", [False, True])
@pytest.mark.parametrize("digit", WITH_PAPER)
def test_a_digit_without_a_margin_is_read_like_one_with_a_margin(
    digit: int, is_negative: bool, side: int | None
) -> None:
    tight = cropped(digit, side=side)
    with_margin = Image.new("L", (tight.width + 40, tight.height + 40), 255)
    with_margin.paste(tight, (20, 20))
    assert_same_ink(negative(tight) if is_negative else tight, with_margin)


@pytest.mark.parametrize("digit", WITH_PAPER)
def test_a_pale_jpeg_crop_is_read(digit: int) -> None:
    file = io.BytesIO()
    cropped(digit).point(lambda level: 140 + level * 110 // 255).save(file, "JPEG", quality=70)
    assert_same_ink(Image.open(file), draw_digit(digit, width=24))


def test_mnists_digits_cropped_to_their_ink_are_read(store: ModelStore) -> None:
    recognizer, mnist = store.load_recognizer("bn-cnn"), load_mnist()
    tight = [Image.fromarray(crop(digit)) for digit in mnist.x_test[:200]]
    answers = recognizer.recognize_all(np.stack([preprocess(picture) for picture in tight]))
    right = [a.digit == label for a, label in zip(answers, mnist.y_test[:200], strict=True)]
    assert np.mean(right) >= 0.98


def crop(digit: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    return digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.fixture
def recognizer(store: ModelStore) -> Recognizer:
    return store.load_recognizer("bn-cnn")


@pytest.mark.parametrize("digit", [0, 3, 8])
def test_a_bold_digit_that_touches_two_edges_is_read(digit: int, recognizer: Recognizer) -> None:
    tight = negative(cropped(digit, width=40, side=28))
    square = Image.new("L", (28, 28))
    square.paste(tight, ((28 - tight.width) // 2, 0))
    assert recognizer.recognize(preprocess(square)).digit == digit


@pytest.mark.parametrize("digit", [2, 6, 9])
def test_a_white_digit_in_a_dark_box_is_read(digit: int, recognizer: Recognizer) -> None:
    page = Image.new("RGB", (400, 300), "white")
    page.paste(draw_digit(digit, ink="white", paper="#101010", side=170), (120, 60))
    assert recognizer.recognize(preprocess(page)).digit == digit
    assert find_ink(page)[:55].max() == 0


@pytest.mark.parametrize("digit", [3, 4, 5])
def test_the_picture_inside_a_chart_is_read(digit: int, recognizer: Recognizer) -> None:
    chart = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(chart)
    small = draw_digit(digit, ink="yellow", paper="#00204c", side=28)
    chart.paste(small.resize((300, 300), Image.Resampling.NEAREST), (60, 40))
    pen.rectangle((59, 39, 360, 340), outline="black")
    for step in range(0, 300, 50):
        pen.line([(62 + step, 341), (62 + step, 346)], fill="black")
        pen.line([(53, 42 + step), (58, 42 + step)], fill="black")
        pen.text((58 + step, 350), str(step // 10), fill="black")
    assert recognizer.recognize(preprocess(chart)).digit == digit


@pytest.mark.parametrize("digit", [2, 7])
@pytest.mark.parametrize("width", [1, 3])
def test_a_thin_line_along_two_edges_is_not_ink(
    digit: int, width: int, recognizer: Recognizer
) -> None:
    picture = draw_digit(digit, ink="white", paper="black", side=190)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((190 - width, 0, 190, 190), fill="white")
    pen.rectangle((0, 190 - width, 190, 190), fill="white")
    assert recognizer.recognize(preprocess(picture)).digit == digit


def test_a_solid_square_is_ink() -> None:
    picture = Image.new("L", (200, 200), 255)
    picture.paste(0, (60, 60, 140, 140))
    assert find_ink(picture).mean() == pytest.approx(0.16, abs=0.01)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (2, 30)])
def test_slivers_are_not_examined(shape: tuple[int, int]) -> None:
    assert paper_color_of_crop(np.zeros((*shape, 4), np.uint8)) is None


def test_uneven_light_does_not_have_two_tones() -> None:
    light = np.linspace(60, 220, 64).astype(np.uint8)
    assert paper_color_of_crop(np.broadcast_to(light[:, None, None], (64, 64, 4)).copy()) is None


def test_ink_at_the_edges_or_blurred_is_not_clear() -> None:
    ink = np.zeros((28, 28), np.float32)
    ink[8:20, 12:16] = 1
    assert is_clear(ink)
    blurred = ink.copy()
    blurred[4:24, 6:12] = 0.5
    assert not is_clear(blurred)
    ink[0:8, 12:16] = 1
    assert not is_clear(ink)
