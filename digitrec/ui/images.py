"""Small pictures made fit to be looked at."""

import base64
import io

import numpy as np
from PIL import Image

from digitrec.arrays import Digit, Digits


def enlarged(digit: Digit, factor: int) -> Image.Image:
    """Return uint8 (28, 28) as a picture in which every pixel is a square.

    Args:
        digit: White ink (255) on black (0).
        factor: The squares' side in pixels.
    """
    height, width = digit.shape
    size = (width * factor, height * factor)
    return Image.fromarray(digit).resize(size, Image.Resampling.NEAREST)


def data_uri(picture: Image.Image) -> str:
    """Return a picture as a PNG within a link."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def animation(rounds: Digits, factor: int, frame_ms: int) -> bytes:
    """Return a GIF that shows rows of digits one after the other, for ever.

    Args:
        rounds: uint8 (rounds, n, 28, 28), white ink (255) on black (0).
        factor: The side of a pixel's square in pixels.
        frame_ms: How long each row is shown, in milliseconds.
    """
    frames = [enlarged(np.concatenate(list(digits), axis=1), factor) for digits in rounds]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=frame_ms, loop=0)
    return file.getvalue()


def digit_of(digit_input: bytes) -> Digit:
    """Return a saved drawing's 784 bytes as uint8 (28, 28), white ink (255) on black (0)."""
    return np.frombuffer(digit_input, np.uint8).reshape(28, 28)
