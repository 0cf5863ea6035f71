"""Numbers boxed on the picture that they were read from."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from digitrec.numbers.reader import Number, NumberDigit

BOX = "#4f6fe8"
DOUBTFUL_BOX = "#e07a1f"
# What is less sure, is boxed in the other colour.
SURE = 0.9


def boxed(
    picture: Image.Image, numbers: Sequence[Number], texts: Sequence[str] | None = None
) -> Image.Image:
    """Return a picture with a box around each digit, and what it is above it.

    Args:
        picture: Any mode.
        numbers: Their boxes are in its pixels.
        texts: What a person says they are; None for what was read. A number that is said to have
            another count of digits, or none, gets no box.
    """
    picture = picture.convert("RGB")
    # Large pictures are shown smaller: what is drawn on them is to stay visible.
    scale = max(1.0, picture.width / 640)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(20 * scale)
    gap, line = round(4 * scale), round(2 * scale)
    signs = [number.text for number in numbers] if texts is None else texts
    for digit, sign in (
        pair
        for number, text in zip(numbers, signs, strict=True)
        if len(number.digits) == len(text)
        for pair in zip(number.digits, text, strict=True)
    ):
        left, top, right, bottom = digit.box
        colour = BOX if is_sure(digit) else DOUBTFUL_BOX
        box = (left - gap, top - gap, right + gap - 1, bottom + gap - 1)
        pen.rectangle(box, outline=colour, width=line)
        # Above the box, or else below it, or else within.
        lines = (top - 2 * gap, bottom + 28 * scale, top + 24 * scale)
        height = 24 * scale
        base = next((y for y in lines if height <= y <= picture.height), lines[0])
        pen.text((left - gap, base), sign, fill=colour, font=font, anchor="lb")
    return picture


def is_sure(digit: NumberDigit) -> bool:
    """Tell whether a digit is read without much doubt."""
    return digit.recognition.is_digit and digit.recognition.confidence >= SURE
