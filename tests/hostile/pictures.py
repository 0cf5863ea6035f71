"""Hostile, broken, strange and heavy pictures."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from tests.support.digits import draw_digit

Maker = Callable[[], bytes]


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def digit(mode: str = "L", size: int = 96) -> Image.Image:
    return draw_digit(3).convert("L").resize((size, size)).convert(mode)


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(width: int, height: int, rows: bytes = b"", *, depth: int = 8, color: int = 0) -> bytes:
    """A PNG whose header claims any size and format."""
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head + bytes(300)


def gif(width: int, height: int) -> bytes:
    content = bytearray(encoded(digit("P"), "GIF"))
    content[6:10] = struct.pack("<HH", width, height)
    return bytes(content)


def animated(kind: str) -> bytes:
    frames = [draw_digit(number).convert("RGB") for number in (1, 2)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


def printed_page() -> bytes:
    page = Image.new("L", (1024, 1024), 255)
    font = ImageFont.load_default(8)
    for top in range(10, 1010, 11):
        words = " ".join(str(7919 * top * word % 99_991) + "text" for word in range(1, 24))
        ImageDraw.Draw(page).text((10, top), words, 0, font)
    return encoded(page)


def bars(step: int, height: int) -> bytes:
    page = np.full((1024, 1024), 255, np.uint8)
    for top in range(20, 1000 - height, height + 6):
        page[top : top + height, 20:-20:step] = 0
    return encoded(Image.fromarray(page))


def specks(share: float) -> bytes:
    chance = np.random.default_rng(0).random((1024, 1024))
    return encoded(Image.fromarray(np.where(chance < share, 0, 255).astype(np.uint8)))


def checkers(side: int) -> bytes:
    y, x = np.mgrid[:1024, :1024]
    return encoded(Image.fromarray(((x // side + y // side) % 2 * 255).astype(np.uint8)))


def with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 1_000_000, zip=True)
    return encoded(digit(), pnginfo=info)


def with_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "=cmd|' /C calc'!A0 <script>"
    return encoded(digit("RGB"), "JPEG", exif=exif.tobytes())


def damaged_exif() -> bytes:
    return encoded(digit("RGB"), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(20))


def floats() -> bytes:
    values = np.zeros((60, 60), np.float32)
    values[10:50, 25:35] = 1
    values[0, :3] = (np.nan, np.inf, -np.inf)
    return encoded(Image.fromarray(values), "TIFF")


def sixteen_bits(side: int = 96) -> bytes:
    values = np.asarray(digit("L", side)).astype(np.uint16) * 257
    return encoded(Image.fromarray(values))


def white(width: int, height: int) -> bytes:
    return encoded(Image.new("L", (width, height), 255))


def striped(width: int, height: int) -> bytes:
    row = np.arange(width) % 2 * 255
    return encoded(Image.fromarray(np.tile(row, (height, 1)).astype(np.uint8)))


def of_mode(mode: str, kind: str) -> bytes:
    return encoded(digit(mode), kind)


def beginning(kind: str, share: float) -> bytes:
    content = encoded(digit("RGB"), kind)
    return content[: int(len(content) * share)]


KINDS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
SIDES = (0, 1, 2**16 - 1, 2**31 - 1)

# Valid pictures, which may be recognized or refused depending on what they show.
STRANGE: dict[str, Maker] = {
    **{f"{side} x {other} white": partial(white, side, other)
       for side, other in ((1, 1), (1, 100_000), (100_000, 1), (3, 20_000), (20_000, 9), (7, 7))},
    **{f"{side} x {other} striped": partial(striped, side, other)
       for side, other in ((1, 100_000), (100_000, 2), (1000, 1), (50_000, 12), (2, 2))},
    **{f"of mode {mode} as {kind}": partial(of_mode, mode, kind)
       for mode, kind in (("1", "PNG"), ("P", "PNG"), ("P", "GIF"), ("LA", "PNG"), ("RGBA", "PNG"),
                          ("CMYK", "JPEG"), ("CMYK", "TIFF"), ("YCbCr", "TIFF"), ("LAB", "TIFF"),
                          ("I", "TIFF"), ("F", "TIFF"), ("RGBA", "WEBP"), ("1", "BMP"))},
    **{f"turned by EXIF {number}": partial(with_exif, number)
       for number in (0, 1, 6, 8, 9, 255)},
    # Only the size of a GIF's frame matters.
    **{f"GIF that says {w} x {h}": partial(gif, w, h) for w in (0, 65_535) for h in (0, 65_535)},
    "floats without end": floats,
    "sixteen bits": sixteen_bits,
    "damaged EXIF": damaged_exif,
    "a palette of nothing": partial(png, 8, 8, bytes(72), color=3),
    "a long comment": with_text,
    "printed text": printed_page,
    **{f"bars {step} {height}": partial(bars, step, height)
       for step, height in ((3, 8), (4, 20), (8, 40), (2, 100), (16, 16))},
    **{f"specks {share}": partial(specks, share) for share in (0.5, 0.1, 0.01, 0.001, 0.0001)},
    **{f"checkers {side}": partial(checkers, side) for side in (1, 2, 8, 64, 512)},
    "all transparent": lambda: encoded(Image.new("RGBA", (50, 50), (9, 9, 9, 0))),
}  # fmt: skip

# None of these are valid pictures of a digit or of numbers.
BROKEN: dict[str, Maker] = {
    **{f"PNG that says {w} x {h}": partial(png, w, h) for w in SIDES for h in SIDES},
    **{f"BMP that says {w} x {h}": partial(bmp, w, h)
       for w in (0, 2**31 - 1, -5) for h in (0, 2**31 - 1, -(2**31))},
    **{f"PNG of depth {depth}": partial(png, 8, 8, bytes(72), depth=depth)
       for depth in (0, 3, 99)},
    **{f"half a {kind}": partial(beginning, kind, 0.5) for kind in KINDS},
    **{f"the head of a {kind}": partial(beginning, kind, 0.02) for kind in KINDS},
    **{f"animated {kind}": partial(animated, kind) for kind in ("GIF", "WEBP", "TIFF", "PNG")},
    "PNG bomb": partial(png, 50_000, 50_000, bytes(1000)),
    "nothing": lambda: b"",
    "one byte": lambda: b"\x89",
    "text": lambda: b"hello" * 100,
    "SVG": lambda: b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>",
    "HTML": lambda: b"<!doctype html><script>alert(1)</script>",
    "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(x) run\n",
    "PDF": lambda: b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>\n",
    "a program": lambda: b"\x7fELF" + bytes(200),
    "PPM": lambda: b"P6 100000 100000 255\n",
    "icon": lambda: encoded(digit("RGB"), "ICO"),
    "zeros": lambda: bytes(100_000),
}  # fmt: skip


def wide(mode: str, side: tuple[int, int], kind: str = "PNG", **options: Any) -> bytes:
    """A picture with many pixels in few bytes."""
    picture = Image.new("L", side, 255)
    box = [side[0] // 4, side[1] // 4, side[0] // 2, side[1] // 2]
    ImageDraw.Draw(picture).ellipse(box, fill=0)
    picture = picture.convert(mode)
    return encoded(picture, kind, **options)


# Each is opened in a process of its own to measure its memory.
HEAVY: dict[str, Maker] = {
    "64 megapixels of color": partial(wide, "RGB", (8000, 8000), compress_level=1),
    "64 megapixels of gray": partial(wide, "L", (8000, 8000), compress_level=1),
    "64 megapixels of sixteen bits": partial(sixteen_bits, 8000),
    "33 megapixels of sixteen bits": partial(sixteen_bits, 5700),
    "23 megapixels of floats": partial(wide, "F", (4800, 4800), "TIFF"),
    "34 megapixels of CMYK": partial(wide, "CMYK", (5800, 5800), "TIFF", compression="tiff_lzw"),
    "27 megapixels that may be transparent": partial(wide, "RGBA", (5200, 5200), compress_level=1),
    "23 megapixels of gray that may be transparent":
        partial(wide, "LA", (4800, 4800), compress_level=1),
    "34 megapixels of a palette": partial(wide, "P", (5800, 5800), compress_level=1),
    "a scan of 35 megapixels": partial(wide, "RGB", (4960, 7016), compress_level=1),
    "a photograph of 64 megapixels": partial(wide, "RGB", (8000, 8000), "JPEG"),
    "a progressive JPEG of 64 megapixels":
        partial(wide, "RGB", (8000, 8000), "JPEG", progressive=True),
    "a bomb of 600 megapixels": partial(png, 25_000, 25_000, bytes(50_000_000)),
}  # fmt: skip
