"""Ink on uneven, ruled and shaded paper."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import BlankPictureError
from digitrec.ink.find_ink import find_ink
from digitrec.ink.preprocessing import preprocess
from tests.support.digits import DIGITS, draw_digit

RNG = np.random.default_rng(0)
# Shifts of one pixel are ignored.
SHIFTS = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]


def lined(digit: int, pitch: int, *, squared: bool = False, tilt: int = 0) -> Image.Image:
    """A digit on ruled paper; ``tilt`` is the slope of the lines, in pixels over the width."""
    picture = draw_digit(digit, paper="#f4f1ea", ink="#202840", width=8, side=400)
    marks = Image.new("L", picture.size)
    pen = ImageDraw.Draw(marks)
    for k in range(-400, 800, pitch):
        pen.line([(0, k), (400, k + tilt)], fill=255, width=2)
        if squared:
            pen.line([(k, 0), (k - tilt, 400)], fill=255, width=2)
    lines = Image.new("RGB", picture.size, "#a9bcd8")
    return Image.fromarray(
        np.minimum(np.asarray(picture), np.asarray(Image.composite(lines, picture, marks)))
    )


def lit(picture: Image.Image, light: np.ndarray) -> Image.Image:
    """The picture under a given light, 0 to 1, with camera noise."""
    pixels = np.asarray(picture, float) * light[..., None]
    noisy = pixels + RNG.normal(0, 3, pixels.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def falling_light(side: int = 400) -> np.ndarray:
    rows, columns = np.mgrid[:side, :side] / side
    return 1 - 0.35 * rows - 0.35 * columns


def shadow(side: int = 400) -> np.ndarray:
    """A shadow with a hard edge across the picture."""
    rows, columns = np.mgrid[:side, :side] / side
    return np.where(columns + 0.4 * rows > 0.8, 0.55, 1.0)


def assert_same(picture: Image.Image, digit: int) -> None:
    plain = preprocess(draw_digit(digit, width=13)).astype(float)
    found = preprocess(picture).astype(float)
    assert max(similarity(plain, np.roll(found, shift, (0, 1))) for shift in SHIFTS) > 0.85


def similarity(a: np.ndarray, b: np.ndarray) -> float:
    """The cosine similarity of two pictures, 0 to 1."""
    return float((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()))


@pytest.mark.parametrize("digit", DIGITS)
def test_uneven_light_does_not_matter(digit: int) -> None:
    assert_same(lit(draw_digit(digit, width=8, side=400), falling_light()), digit)


@pytest.mark.parametrize("digit", DIGITS)
def test_a_shadow_is_not_ink(digit: int) -> None:
    assert_same(lit(draw_digit(digit, width=8, side=400), shadow()), digit)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("tilt", [0, 14])
@pytest.mark.parametrize("squared", [False, True])
def test_ruled_lines_are_not_ink(digit: int, tilt: int, squared: bool) -> None:
    assert_same(lined(digit, 45, squared=squared, tilt=tilt), digit)


@pytest.mark.parametrize("digit", DIGITS)
def test_ruled_lines_in_uneven_light_are_not_ink(digit: int) -> None:
    assert_same(lit(lined(digit, 50, tilt=-10), falling_light()), digit)


@pytest.mark.parametrize("digit", [2, 5, 8])
def test_chalk_on_a_dark_board_is_ink(digit: int) -> None:
    board = draw_digit(digit, paper="#24452f", ink="#e8e8e0", width=8, side=400)
    assert_same(lit(board, falling_light()), digit)


@pytest.mark.parametrize("digit", [3, 4])
def test_marks_away_from_the_digit_in_a_photo_are_left_out(digit: int) -> None:
    picture = draw_digit(digit, width=8, side=400)
    ImageDraw.Draw(picture).ellipse((8, 8, 16, 16), fill="black")
    assert_same(lit(picture, falling_light()), digit)


def test_a_drawing_that_crosses_the_edge_is_kept() -> None:
    picture = Image.new("RGB", (280, 280), "white")
    ImageDraw.Draw(picture).line([(150, -10), (140, 290)], fill="black", width=20)
    ink = find_ink(picture)
    assert ink.any(axis=1).all()
    assert 19 <= ink.any(axis=0).sum() <= 35


@pytest.mark.parametrize("turned", [False, True])
def test_bands_of_inverted_colors_do_not_matter_in_small_pictures(turned: bool) -> None:
    for digit in load_mnist().x_test[:20]:
        banded = digit.T.copy() if turned else digit.copy()
        banded[:, :7] = 255 - banded[:, :7]
        banded[:, 21:] = 255 - banded[:, 21:]
        found = find_ink(Image.fromarray(banded)) * 255
        original = digit.T if turned else digit
        assert np.abs(found - original).mean() < 12


def test_small_drawings_keep_their_faint_ink() -> None:
    faint = (load_mnist().x_test[0] * 0.3).astype(np.uint8)
    assert (find_ink(Image.fromarray(faint)) > 0.5).sum() > 60


def test_the_noise_of_even_paper_is_not_ink() -> None:
    with pytest.raises(BlankPictureError):
        find_ink(lit(Image.new("RGB", (300, 300), "#dddddd"), np.ones((300, 300))))


def test_binarized_ruled_paper_is_read() -> None:
    picture = lined(4, 45).convert("L").point(lambda level: 255 if level > 210 else 0)
    assert_same(picture.convert("RGB"), 4)


@pytest.mark.parametrize("light", [falling_light(), shadow()])
def test_paper_without_ink_is_blank(light: np.ndarray) -> None:
    paper = Image.new("RGB", (400, 400), "white")
    with pytest.raises(BlankPictureError):
        find_ink(lit(paper, light))


@pytest.mark.parametrize("edge", [0, 1, 2, 3])
@pytest.mark.parametrize("side", [14, 22, 40])
def test_a_line_along_the_edge_of_a_tight_crop_is_left_out(edge: int, side: int) -> None:
    drawn = draw_digit(0).convert("L")
    tight = drawn.crop(ImageOps.invert(drawn).getbbox()).resize((side, side + 3))
    digit = np.where(np.asarray(tight) < 128, 0, 255).astype(np.uint8)
    framed = np.pad(digit, ((0, 0), (3, 0)), constant_values=255)
    framed[:, 0] = 0
    ink = np.rot90(find_ink(Image.fromarray(np.rot90(framed, edge).copy())), -edge) > 0.5
    assert not ink[:, :2].any()
    assert (ink[:, 3:] == (digit == 0)).mean() > 0.98


def test_a_stroke_along_an_edge_is_ink() -> None:
    stroke = np.full((20, 14), 255, np.uint8)
    stroke[:, :2] = 0
    assert (find_ink(Image.fromarray(stroke)) > 0.5).sum() == 40
