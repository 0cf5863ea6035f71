"""Digits as pictures that a page can show."""

import base64
import io

import numpy as np
from PIL import Image

from digitrec.arrays import Digit, Digits


def enlarged(digit: Digit, factor: int) -> Image.Image:
    """Enlarge a digit without smoothing it.

    Args:
        digit: uint8 (28, 28), white ink (255) on black (0).
        factor: How many pixels wide and high each pixel becomes.
    """
    height, width = digit.shape
    size = (width * factor, height * factor)
    return Image.fromarray(digit).resize(size, Image.Resampling.NEAREST)


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
