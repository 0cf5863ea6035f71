"""Reads the numbers of picture files, accepts corrections, and exports them as a table."""

import io
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from PIL import Image

from digitrec.errors import BadInputError, PictureError, one_line
from digitrec.ink.find_ink import PAGE_SIDE, is_opaque_gray, to_eight_bits
from digitrec.ink.preprocessing import PICTURE_FORMATS, open_picture
from digitrec.numbers.page_reader import PlacedLine, find_lines, read_lines
from digitrec.numbers.reader import Number
from digitrec.recognition.recognizer import Recognizer
from digitrec.system.spreadsheets import BYTE_ORDER_MARK, csv_line, escape_formula

COLUMNS = ("picture", "number", "text", "read", "confidence", "left", "top", "right", "bottom")
JPEG_QUALITY = 88
# The least pixels of the shorter side, when the longer side has 1,024.
MIN_SIDE = 8
MIN_SHOWN_SIDE = 160
MAX_DIGITS = 100
MAX_NAME_LENGTH = 255
# Larger pictures are decoded one at a time for all users: each may take 300 MB until it is reduced.
SMALL_PIXELS = 12_000_000

_unpacking = threading.Lock()


@dataclass
class ReadPicture:
    """A picture, the numbers read from it, and the user's corrections.

    Attributes:
        name: The file's name, as one line.
        shown: JPEG of the picture; its longer side has 1024 pixels at most.
        scale: Pixels of the file per pixel of ``shown``.
        recognizer: The model that reads the picture, also after corrections.
        lines: The ink of each number.
        read: The numbers as first read; boxes are in pixels of ``shown``.
        numbers: The numbers after corrections, with the ink split to match them.
        corrections: For each number its digits as corrected, "" if it isn't a number, or None.
        left_out: Number of lines that weren't read because they had too much ink, or the picture
            had too many.
    """

    name: str
    shown: bytes
    scale: float
    recognizer: Recognizer
    lines: tuple[PlacedLine, ...]
    read: tuple[Number, ...]
    left_out: int = 0
    numbers: list[Number] = field(init=False)
    corrections: list[str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = list(self.read)
        self.corrections = [None] * len(self.read)

    def texts(self) -> list[str]:
        """Return the text of all numbers."""
        return [self.text(index) for index in range(len(self.read))]

    def text(self, index: int) -> str:
        """Return a number as corrected, or else as it was read."""
        correction = self.corrections[index]
        return self.read[index].text if correction is None else correction

    def is_split(self, index: int) -> bool:
        """Return whether the ink could be split into exactly the number's digits."""
        return len(self.numbers[index].digits) == len(self.text(index))

    def correct(self, index: int, text: str) -> None:
        """Correct a number, and split its ink to match if possible.

        Args:
            index: Index of the number.
            text: Its digits, or "" if it isn't a number.

        Raises:
            BadInputError: If the text has other characters than digits, or too many.
        """
        digits = "".join(text.split())
        if digits and not (digits.isascii() and digits.isdecimal()):
            raise BadInputError(f"use only the digits 0 to 9, not {text[:40]!r}")
        if len(digits) > MAX_DIGITS:
            raise BadInputError(f"expected at most {MAX_DIGITS} digits, got {len(digits):,}")
        self.corrections[index] = digits
        self.numbers[index] = self.read[index]
        if digits and digits != self.read[index].text:
            try:
                self.numbers[index] = self.lines[index].read(self.recognizer, digits)
            except BadInputError:
                return  # The correction is kept; is_split is False then.

    def digit_picture(self, index: int, digit: int) -> bytes:
        """Return a digit with some paper around it, as PNG."""
        left, top, right, bottom = self.numbers[index].digits[digit].box
        margin = 0.15 * max(right - left, bottom - top)
        picture = Image.open(io.BytesIO(self.shown))
        box = (
            max(0, round(left - margin)),
            max(0, round(top - margin)),
            min(picture.width, round(right + margin)),
            min(picture.height, round(bottom + margin)),
        )
        file = io.BytesIO()
        picture.crop(box).save(file, "PNG")
        return file.getvalue()


def read_picture(recognizer: Recognizer, name: str, content: bytes) -> ReadPicture:
    """Read the numbers of a picture file.

    Args:
        recognizer: The model that reads the digits.
        name: The file's name.
        content: The file's content; the picture may be rotated by 8 degrees at most.

    Raises:
        PictureError: If it can't be opened, or no number can be read.
        BlankPictureError: If it has no ink.
    """
    picture, size = _at_page_size(content)
    if min(picture.size) < MIN_SIDE:
        raise PictureError(f"the picture is too narrow to hold a number: {size[0]} x {size[1]}")
    lines = find_lines(picture)
    # Very small pictures are enlarged, and their boxes too.
    zoom = max(1, round(MIN_SHOWN_SIDE / max(picture.size)))
    shown = picture.resize((picture.width * zoom, picture.height * zoom), Image.Resampling.NEAREST)
    placed = [replace(line, scale=line.scale * zoom) for line in lines]
    page = read_lines(recognizer, placed)
    scale, named = max(size) / max(shown.size), one_line(name, MAX_NAME_LENGTH)
    return ReadPicture(
        named, _jpeg(shown), scale, recognizer, page.lines, page.numbers, page.left_out
    )


def _at_page_size(content: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """Return a picture as RGB or RGBA at the size for processing, and its original size."""
    with _unpacking if _pixels(content) > SMALL_PIXELS else nullcontext():
        picture = to_eight_bits(open_picture(content, PAGE_SIDE))
        if is_opaque_gray(picture):
            picture.thumbnail((PAGE_SIDE, PAGE_SIDE), Image.Resampling.BOX)
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        if picture.mode != mode:
            picture = picture.convert(mode)
        picture.thumbnail((PAGE_SIDE, PAGE_SIDE), Image.Resampling.BOX)
    with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as file:
        return picture, file.size


def _pixels(content: bytes) -> int:
    """Return the number of pixels in a picture file's header; 0 if it can't be read."""
    try:
        with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as file:
            return file.width * file.height
    except Exception:  # open_picture reports the error.
        return 0


def read_pictures(
    recognizer: Recognizer, files: Sequence[tuple[str, bytes]]
) -> Iterator[ReadPicture | PictureError]:
    """Read picture files in parallel, one per CPU core, in order.

    Args:
        recognizer: The model that reads the digits.
        files: Names and contents.

    Yields:
        For each file the picture, or the reason why it can't be read.
    """

    def read(file: tuple[str, bytes]) -> ReadPicture | PictureError:
        try:
            return read_picture(recognizer, *file)
        except PictureError as error:
            return error

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(read, files)


def readings_csv(pictures: Iterable[ReadPicture]) -> bytes:
    """Return all numbers as CSV, one per row, without those marked as not a number.

    The columns are the picture's name, the number's position in it from 1, its text as corrected
    or read, the text as read, the confidence (0 to 1), and the bounding box in pixels of the file.
    """
    lines = [BYTE_ORDER_MARK, csv_line(COLUMNS)]
    for picture in pictures:
        for index, number in enumerate(picture.read):
            if text := picture.text(index):
                confidence = round(number.confidence, 4)
                cells = (escape_formula(picture.name), index + 1, text, number.text, confidence)
                lines.append(csv_line((*cells, *_bounding_box(picture, index))))
    return b"".join(lines)


def _bounding_box(picture: ReadPicture, index: int) -> tuple[int, int, int, int]:
    boxes = [digit.box for digit in picture.read[index].digits]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top, right, bottom = (
        round(side * picture.scale) for side in (min(lefts), min(tops), max(rights), max(bottoms))
    )
    return left, top, right, bottom


def _jpeg(picture: Image.Image) -> bytes:
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()
