"""Digits and drawings as pictures that a page can show, in its colors."""

import base64
import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageColor

from digitrec.arrays import Digit, Digits, Pixels
from digitrec.ui.charts.theme import INK, PAPER, TILE, theme


def enlarged(digit: Digit, factor: int) -> Image.Image:
    """Enlarge a digit without smoothing it, in the theme's colors.

    Args:
        digit: uint8 (28, 28), white ink (255) on black (0).
        factor: How many pixels wide and high each pixel becomes.
    """
    height, width = digit.shape
    size = (width * factor, height * factor)
    return in_theme(Image.fromarray(digit).resize(size, Image.Resampling.NEAREST))


def in_theme(picture: Image.Image) -> Image.Image:
    """Return a picture, mode L with white ink on black, in the theme's colors."""
    colored = picture.copy()
    colored.putpalette(ink_colors().tobytes())
    return colored


def drawing_in_theme(picture: bytes) -> Image.Image:
    """Return a picture of a canvas in the theme's colors, whatever theme it was drawn in.

    Args:
        picture: A PNG with one color of paper, which its corner shows, and one of ink.
    """
    return _drawing_in_theme(picture, theme())


@lru_cache(maxsize=256)
def _drawing_in_theme(picture: bytes, name: str) -> Image.Image:
    gray = np.asarray(Image.open(io.BytesIO(picture)).convert("L")).astype(np.int32)
    ink = np.abs(gray - gray[0, 0])
    shares = (ink * 255 // max(int(ink.max()), 1)).astype(np.uint8)
    drawing = Image.fromarray(shares)
    drawing.putpalette(_mixed(PAPER[name], INK[name]).tobytes())
    return drawing


def ink_colors() -> Pixels:
    """Return a digit's colors in the theme, uint8 (256, 3), from its background to ink."""
    return _mixed(TILE[theme()], INK[theme()])


@lru_cache
def _mixed(paper: str, ink: str) -> Pixels:
    """Return the colors from paper to ink, uint8 (256, 3)."""
    ends = ImageColor.getrgb(paper), ImageColor.getrgb(ink)
    return np.rint(np.linspace(*ends, 256)).astype(np.uint8)


def data_uri(picture: Image.Image) -> str:
    """Return a picture as a data URI that holds a PNG."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def animation(rounds: Digits, factor: int, frame_ms: int) -> bytes:
    """Return a GIF that loops through rows of digits.

    Args:
        rounds: uint8 (rounds, n, 28, 28), white ink (255) on black (0).
        factor: How many pixels wide and high each pixel becomes.
        frame_ms: How long each row is shown, in milliseconds.
    """
    frames = [enlarged(np.concatenate(list(digits), axis=1), factor) for digits in rounds]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=frame_ms, loop=0)
    return file.getvalue()


def digit_from_bytes(digit_input: bytes) -> Digit:
    """Return a saved drawing's 784 bytes as uint8 (28, 28), white ink (255) on black (0)."""
    return np.frombuffer(digit_input, np.uint8).reshape(28, 28)
