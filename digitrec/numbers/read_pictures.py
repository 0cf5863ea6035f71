"""Pictures that people bring: their numbers found and read, corrected, and put into a table."""

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
from digitrec.numbers.page import PlacedLine, find_lines, read_lines
from digitrec.numbers.reader import Number
from digitrec.recognition.recognizer import Recognizer
from digitrec.system.spreadsheets import BYTE_ORDER_MARK, csv_line, defused

COLUMNS = ("picture", "number", "text", "read", "confidence", "left", "top", "right", "bottom")
JPEG_QUALITY = 88
# Of a picture's shorter side, once the longer one has 1,024 pixels at most.
NARROWEST = 8
SMALLEST_SHOWN = 160
MOST_DIGITS = 100
LONGEST_NAME = 255
# Pictures of more pixels are unpacked one after the other, whoever brought them: each may take
# 300 MB until it is made smaller.
SMALL_PIXELS = 12_000_000

_unpacking = threading.Lock()


@dataclass
class ReadPicture:
    """A picture, the numbers that were read from it, and what a person says they are.

    Attributes:
        name: The file's name, as one line.
        shown: JPEG of the picture; its longer side has 1024 pixels at most.
        scale: How many pixels of the file one of these is.
        recognizer: The model that read it, and that reads what is corrected.
        lines: The numbers' ink.
        read: What was read at first; boxes are in pixels of ``shown``.
        numbers: The same, parted as the person says.
        said: What the person says of each: digits, "" for no number, None for nothing.
        left_out: How many lines of ink were not read: too much for a number, or for one picture.
    """

    name: str
    shown: bytes
    scale: float
    recognizer: Recognizer
    lines: tuple[PlacedLine, ...]
    read: tuple[Number, ...]
    left_out: int = 0
    numbers: list[Number] = field(init=False)
    said: list[str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = list(self.read)
        self.said = [None] * len(self.read)

    def texts(self) -> list[str]:
        """Return what all numbers are, each as ``text`` does."""
        return [self.text(place) for place in range(len(self.read))]

    def text(self, place: int) -> str:
        """Return what a number is: as the person says, or else as it was read."""
        said = self.said[place]
        return self.read[place].text if said is None else said

    def is_parted(self, place: int) -> bool:
        """Tell whether there is ink for each digit of a number, and no more."""
        return len(self.numbers[place].digits) == len(self.text(place))

    def say(self, place: int, text: str) -> None:
        """Say what a number is; its ink is parted accordingly, if it can be.

        Args:
            place: Which number.
            text: Its digits, or nothing if it is no number.

        Raises:
            BadInputError: If there is something else than digits.
        """
        digits = "".join(text.split())
        if digits and not (digits.isascii() and digits.isdecimal()):
            raise BadInputError(f"expected the digits 0 to 9, got {text[:40]!r}")
        if len(digits) > MOST_DIGITS:
            raise BadInputError(f"a number takes at most {MOST_DIGITS} digits, got {len(digits):,}")
        self.said[place] = digits
        self.numbers[place] = self.read[place]
        if digits and digits != self.read[place].text:
            try:
                self.numbers[place] = self.lines[place].read(self.recognizer, digits)
            except BadInputError:
                return  # What was said is kept; is_parted tells that the ink is otherwise.

    def digit_picture(self, place: int, digit: int) -> bytes:
        """Return a digit of a number with some paper about it, as PNG."""
        left, top, right, bottom = self.numbers[place].digits[digit].box
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
        content: The file; several numbers, turned by 8 degrees at most.

    Raises:
        PictureError: If it can't be read as a picture.
        BlankPictureError: If it holds no ink.
    """
    picture, size = _at_page_size(content)
    if min(picture.size) < NARROWEST:
        raise PictureError(f"the picture is too narrow to hold a number: {size[0]} x {size[1]}")
    lines = find_lines(picture)
    # What is very small is shown larger, and its boxes with it.
    zoom = max(1, round(SMALLEST_SHOWN / max(picture.size)))
    shown = picture.resize((picture.width * zoom, picture.height * zoom), Image.Resampling.NEAREST)
    placed = [replace(line, scale=line.scale * zoom) for line in lines]
    page = read_lines(recognizer, placed)
    scale, named = max(size) / max(shown.size), one_line(name, LONGEST_NAME)
    return ReadPicture(
        named, _jpeg(shown), scale, recognizer, page.lines, page.numbers, page.left_out
    )


def _at_page_size(content: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """Return a picture, RGB or RGBA, at the size it is worked on, and the size that it had."""
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
    """Return how many pixels a file says that it has; 0 if it says nothing that is understood."""
    try:
        with Image.open(io.BytesIO(content), formats=PICTURE_FORMATS) as file:
            return file.width * file.height
    except Exception:  # open_picture tells what is wrong with it.
        return 0


def read_pictures(
    recognizer: Recognizer, files: Sequence[tuple[str, bytes]]
) -> Iterator[ReadPicture | PictureError]:
    """Read picture files, as many at a time as there are processors, in their order.

    Args:
        recognizer: The model that reads the digits.
        files: Their names and contents.

    Yields:
        What was read of each, or why it can't be read.
    """

    def read(file: tuple[str, bytes]) -> ReadPicture | PictureError:
        try:
            return read_picture(recognizer, *file)
        except PictureError as error:
            return error

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(read, files)


def readings_csv(pictures: Iterable[ReadPicture]) -> bytes:
    """Return all numbers as a table, one a line; those that are none are left out.

    The columns are the picture's name, which of its numbers it is, what it is as the person says
    or else as it was read, what was read and how sure that was (0 to 1), and where it stands, in
    pixels of the file.
    """
    lines = [BYTE_ORDER_MARK, csv_line(COLUMNS)]
    for picture in pictures:
        for place, number in enumerate(picture.read):
            if text := picture.text(place):
                confidence = round(number.confidence, 4)
                cells = (defused(picture.name), place + 1, text, number.text, confidence)
                lines.append(csv_line((*cells, *_around(picture, place))))
    return b"".join(lines)


def _around(picture: ReadPicture, place: int) -> tuple[int, int, int, int]:
    boxes = [digit.box for digit in picture.read[place].digits]
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
