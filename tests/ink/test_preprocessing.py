import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import BlankPictureError, PictureError
from digitrec.ink.find_ink import find_ink
from digitrec.ink.preprocessing import (
    normalize,
    open_picture,
    preprocess,
    preprocess_drawing,
    preprocess_traces,
    steps_to_input,
)
from digitrec.ink.strokes import drawn_with
from digitrec.runs.model_store import ModelStore
from tests.support.digits import DIGITS, draw_digit, strokes_of, traces_of


def centre_of_mass(digit: Any) -> tuple[float, float]:
    y, x = np.mgrid[:28, :28]
    return (digit * y).sum() / digit.sum(), (digit * x).sum() / digit.sum()


@pytest.mark.parametrize("digit", DIGITS)
def test_the_result_has_mnists_format(digit: int) -> None:
    result = preprocess(draw_digit(digit))
    assert result.dtype == np.uint8
    assert result.shape == (28, 28)
    rows, columns = np.flatnonzero(result.any(axis=1)), np.flatnonzero(result.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert result.max() > 200
    assert centre_of_mass(result) == pytest.approx((14, 14), abs=0.51)


def test_mnists_digits_are_hardly_changed() -> None:
    digits = load_mnist().x_train[:200]
    same = [np.abs(preprocess(Image.fromarray(d)).astype(int) - d).mean() < 3 for d in digits]
    assert np.mean(same) > 0.97


def test_a_small_speckled_picture_keeps_its_size() -> None:
    digits, rng = load_mnist().x_train[:50], np.random.default_rng(0)
    for digit in digits:
        specks = rng.random(digit.shape) < 0.12
        result = preprocess(Image.fromarray(np.where(specks, 255 - digit, digit)))
        assert (np.abs(result.astype(int) - digit) < 8)[~specks].mean() > 0.9


@pytest.mark.parametrize("digit", DIGITS)
def test_a_small_tight_crop_is_scaled(digit: int) -> None:
    tight = draw_digit(digit, side=36).crop(
        draw_digit(digit, side=36, paper=0, ink=1, mode="L").getbbox()
    )
    assert centre_of_mass(preprocess(tight)) == pytest.approx((14, 14), abs=0.51)


@pytest.mark.parametrize(
    "look",
    [
        {"ink": "white", "paper": "black"},
        {"ink": "yellow", "paper": "navy"},
        {"ink": "#d0d0d0", "paper": "#f8f8f8"},
        {"ink": (0, 0, 0, 255), "paper": (0, 0, 0, 0), "mode": "RGBA"},
        {"ink": (255, 255, 255, 255), "paper": (0, 0, 0, 0), "mode": "RGBA"},
        {"ink": (0, 0, 0, 0), "paper": (200, 30, 30, 255), "mode": "RGBA"},
        {"ink": 255, "paper": 0, "mode": "L"},
    ],
)
def test_colors_and_transparency_do_not_matter(look: dict[str, Any]) -> None:
    plain = preprocess(draw_digit(3)).astype(int)
    assert np.abs(preprocess(draw_digit(3, **look)) - plain).mean() < 4


@pytest.mark.parametrize("mode", ["1", "P", "LA", "CMYK", "I;16", "F"])
def test_every_pixel_format_is_read(mode: str) -> None:
    gray = draw_digit(7, mode="L", ink=0, paper=255)
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    else:
        picture = gray.convert(mode)
    assert np.abs(preprocess(picture) - preprocess(gray).astype(int)).mean() < 4


@pytest.mark.parametrize("side", [28, 100, 1000])
def test_the_size_of_the_picture_does_not_matter(side: int) -> None:
    plain = preprocess(draw_digit(5)).astype(int)
    assert np.abs(preprocess(draw_digit(5, side=side)) - plain).mean() < 12


@pytest.mark.parametrize("paper", ["white", "black", "#777"])
def test_a_blank_picture_is_an_error(paper: str) -> None:
    with pytest.raises(BlankPictureError, match="this picture is blank"):
        preprocess(Image.new("RGB", (280, 280), paper))


def test_an_empty_transparent_picture_is_blank() -> None:
    with pytest.raises(BlankPictureError):
        preprocess(Image.new("RGBA", (280, 280), (0, 0, 0, 0)))


def test_a_single_dot_is_centered() -> None:
    ink = np.zeros((50, 50), np.float32)
    ink[3, 45] = 1
    assert centre_of_mass(normalize(ink)) == pytest.approx((14, 14), abs=0.51)


def test_a_picture_with_too_many_pixels_is_rejected() -> None:
    with pytest.raises(PictureError, match="got 100000 x 1000"):
        preprocess(Image.new("1", (100_000, 1_000)))


@pytest.mark.parametrize("digit", DIGITS)
def test_strokes_look_like_mnists_digits(digit: int) -> None:
    result = preprocess_traces(traces_of(digit))
    rows, columns = np.flatnonzero(result.any(axis=1)), np.flatnonzero(result.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert centre_of_mass(result) == pytest.approx((14, 14), abs=0.51)


def test_strokes_that_match_the_picture_are_redrawn() -> None:
    thick, thin = (
        preprocess_drawing(draw_digit(8, width=w), strokes_of(DIGITS[8])) for w in (36, 5)
    )
    assert (thick == thin).all()
    assert (thin == preprocess_traces(traces_of(8))).all()


@pytest.mark.parametrize("other", [1, 7])
def test_strokes_that_do_not_match_the_picture_are_ignored(other: int) -> None:
    picture = draw_digit(0, width=16)
    moved = drawn_with(16, [points / 3 for points in traces_of(other)])
    assert (preprocess_drawing(picture, moved) == preprocess(picture)).all()


def test_without_strokes_the_picture_is_used() -> None:
    assert (preprocess_drawing(draw_digit(5), ()) == preprocess(draw_digit(5))).all()


def test_a_dot_of_the_pen_is_a_dot() -> None:
    result = preprocess_traces([np.array([[140.0, 140.0]])])
    assert centre_of_mass(result) == pytest.approx((14, 14), abs=0.51)
    assert 0 < np.count_nonzero(result) < 20


def test_ink_is_between_0_and_1() -> None:
    ink = find_ink(draw_digit(8))
    assert ink.min() == 0
    assert ink.max() == 1


def test_a_photo_is_rotated_by_its_exif(tmp_path: Path) -> None:
    turned = draw_digit(7).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 270 degrees to view
    turned.save(tmp_path / "7.jpg", exif=exif, quality=95)
    plain = preprocess(draw_digit(7)).astype(int)
    assert np.abs(preprocess(open_picture(tmp_path / "7.jpg")) - plain).mean() < 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an image that can be opened"),
        (b"hello", "an image that can be opened"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "."),
        (b"GIF89a", "."),
    ],
)
def test_files_other_than_pictures_are_rejected(content: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        open_picture(content)


def test_a_truncated_picture_is_rejected() -> None:
    file = io.BytesIO()
    draw_digit(2).save(file, "PNG")
    with pytest.raises(PictureError, match="damaged"):
        open_picture(file.getvalue()[:300])


def test_a_huge_picture_is_rejected_before_it_is_decoded() -> None:
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    with pytest.raises(PictureError, match="more than 64,000,000 pixels|too many pixels"):
        open_picture(file.getvalue())


@pytest.mark.parametrize("width", [10, 16, 22])
@pytest.mark.parametrize("digit", DIGITS)
def test_the_shipped_model_reads_drawn_digits(store: ModelStore, digit: int, width: int) -> None:
    recognizer = store.load_recognizer("seed-cnn")
    assert recognizer.recognize(preprocess(draw_digit(digit, width=width))).digit == digit


def test_the_last_step_is_the_networks_input() -> None:
    picture = draw_digit(4)
    ink = find_ink(picture)
    for known, how in (((), "scaled"), (strokes_of(DIGITS[4]), "redrawn")):
        steps = steps_to_input(ink, known)
        assert (steps.digit_input == preprocess_drawing(picture, known)).all()
        assert steps.cropped.shape < ink.shape
        assert steps.how == how
        assert max(steps.box.shape) == 20
