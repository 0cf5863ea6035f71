"""Draws a box around each digit of the numbers in a picture."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from digitrec.numbers.reader import Number, NumberDigit

BOX = "#4f6fe8"
DOUBTFUL_BOX = "#e07a1f"
# The page shows pictures at most this wide, in pixels.
SHOWN_WIDTH = 480
# Digits with a lower confidence get ``DOUBTFUL_BOX``.
SURE = 0.9


def boxed(
    picture: Image.Image, numbers: Sequence[Number], texts: Sequence[str] | None = None
) -> Image.Image:
    """Return a copy of a picture with a labeled box around each digit.

    Args:
        picture: A picture of any mode.
        numbers: The numbers, with boxes in the picture's pixels.
        texts: The numbers as a person corrected them; None to use what was read. A number is left
            without boxes if its text doesn't have as many digits as were read.
    """
    picture = picture.convert("RGB")
    # Large pictures are scaled down on the page, so their boxes need thicker lines.
    scale = max(1.0, picture.width / SHOWN_WIDTH)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(20 * scale)
    gap, line = round(4 * scale), round(2 * scale)
    labels = [number.text for number in numbers] if texts is None else texts
    for digit, label in (
        pair
        for number, text in zip(numbers, labels, strict=True)
        if len(number.digits) == len(text)
        for pair in zip(number.digits, text, strict=True)
    ):
        left, top, right, bottom = digit.box
        color = BOX if is_sure(digit) else DOUBTFUL_BOX
        box = (left - gap, top - gap, right + gap - 1, bottom + gap - 1)
        pen.rectangle(box, outline=color, width=line)
        # The label goes above the box, else below it, else inside.
        baselines = (top - 2 * gap, bottom + 28 * scale, top + 24 * scale)
        height = 24 * scale
        base = next((y for y in baselines if height <= y <= picture.height), baselines[0])
        pen.text((max(0, left - gap), base), label, fill=color, font=font, anchor="lb")
    return picture


def is_sure(digit: NumberDigit) -> bool:
    """Return whether a digit was recognized with high confidence."""
    return digit.recognition.is_digit and digit.recognition.confidence >= SURE
