"""Hostile archives, arrays and tables: path traversal, false sizes, embedded code."""

import gzip
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.support.drawing_files import npz, zipped
from tests.support.drawings import png_of

Maker = Callable[[], bytes]
PIXELS = bytes(783) + b"\xff"


class Payload:
    """An object that creates a file when it is unpickled."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, (f"touch {self.mark}",))


# The file a payload would create. The tests set this before they make a payload.
MARK = Path("/nonexistent/mark")

NAMES = {
    "above": "../../../outside.png",
    "far above": "../" * 40 + "outside.png",
    "absolute": "/outside.png",
    "of Windows": "..\\..\\outside.png",
    "on a drive": "C:\\outside.png",
    "on a share": "\\\\server\\share\\outside.png",
    "in a device": "CON.png",
    "of 10,000 characters": "a" * 10_000 + ".png",
    "of 10,000 folders": "a/" * 10_000 + "b.png",
    "of line breaks": "a\nb\r\nc\u2028d\u0085.png",
    "of control characters": "a\x01\x1b[31m\x7f\x9b.png",
    "of right-to-left marks": "\u202egnp.exe\u2066\u200f.png",
    "of markup": "<img src=x onerror=alert(1)>**b** :smile: $x$ [a](http:b).png",
    "of a formula": "=cmd|'/C calc'!A0.png",
    "of dots": "...png",
    "of spaces": "   .png",
    "of surrogates' halves": "\U0010ffff\ufffe.png",
    "with a tail": "3/../../../outside.png",
}


def link() -> bytes:
    member = zipfile.ZipInfo("3/link.png")
    member.external_attr = 0o120777 << 16
    return zipped({member: b"/etc/passwd"})


def device() -> bytes:
    member = zipfile.ZipInfo("3/device.png")
    member.external_attr = 0o060777 << 16
    return zipped({member: png_of(3)})


def encrypted() -> bytes:
    content = bytearray(zipped({"3/a.png": png_of(3)}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    return bytes(content)


def lying_about_size(size: int) -> bytes:
    content = bytearray(zipped({"3/a.png": png_of(3)}))
    place = content.index(b"PK\1\2")
    content[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(content)


def overlapping(count: int, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP whose many members all share the same bytes."""
    content = zipped({"3/a.png": bytes(1_000_000)}, method)
    begin, end = content.index(b"PK\1\2"), content.index(b"PK\5\6")
    entry, tail = content[begin:end], bytearray(content[end:])
    tail[8:12] = struct.pack("<HH", *[min(count, 65_535)] * 2)
    tail[12:16] = struct.pack("<I", count * len(entry))
    return content[:begin] + entry * count + bytes(tail)


def nested() -> bytes:
    content = png_of(3)
    for _ in range(20):
        content = zipped({"3/a.zip": content})
    return content


def npy(shape: str, dtype: str = "|u1", body: bytes = b"", *, fortran: bool = False) -> bytes:
    head = f"{{'descr': '{dtype}', 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    head += b" " * (-(len(head) + 11) % 64) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head + body


def npz_of(x: bytes, y: bytes | None = None) -> bytes:
    members = {"x.npy": x} if y is None else {"x.npy": x, "y.npy": y}
    return zipped(members)


def pickled_array() -> bytes:
    array = np.array([Payload(str(MARK))] * 2, object)
    return npz(x=array, y=array)


def pickled() -> bytes:
    return pickle.dumps(Payload(str(MARK)))


def idx(count: int, height: int, width: int, body: bytes = PIXELS) -> bytes:
    return struct.pack(">IIII", 0x803, count, height, width) + body


def pixel_table(*cells: str) -> bytes:
    header = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    return f"{header}\n{','.join([*cells, *['9'] * (785 - len(cells))])}\n".encode()


def damaged_parquet(place: int) -> bytes:
    content = bytearray(pd.DataFrame({"image": [png_of(3)] * 3, "label": [3] * 3}).to_parquet())
    if place:
        content[place] ^= 0x55
    return bytes(content)


def drawings_csv(table: str) -> bytes:
    return zipped({"3/a.png": png_of(3), "drawings.csv": table.encode()})


def unseen(line: bytes) -> bytes:
    return zipped({"3/a.png": png_of(3), "drawings.jsonl": line})


SHAPES = (
    "(1, 28, 28)", "(0, 28, 28)", "(-1, 28, 28)", "(1000000000000, 28, 28)", "()", "(784,)",
    "(1, 28, 29)", "(True, 28, 28)", "(1.5, 28, 28)", "(1, 28, 28) + (1,)", "None", "'x'",
    "(" * 300, "__import__('os')", "(1, 28, 28, 10**9)",
)  # fmt: skip
DTYPES = (
    "|O",
    "<f4",
    "|S784",
    "<U9",
    "<M8[s]",
    "|V784",
    ">u8",
    "nonsense",
    "|u1, |u1",
    "(1000000,)u1",
)
CELLS = ("", "256", "-1", "1.5", "NaN", "=1+1", "1e3", "\u0663", "9" * 5000, "0x10", "\0", "<b>")

ARCHIVES: dict[str, Maker] = {
    **{f"a name {what}": partial(zipped, {name: png_of(3)}) for what, name in NAMES.items()},
    **{f"text under a name {what}": partial(zipped, {name: b"text"})
       for what, name in NAMES.items()},
    **{f"gzipped: {what}": partial(gzip.compress, content) for what, content in (
        ("a bomb", bytes(100_000_000)), ("nothing", b""), ("gzip", gzip.compress(b"text")),
        ("a ZIP", zipped({"3/a.png": png_of(3)})), ("a pickle", pickle.dumps("text")),
    )},
    "a bomb gzipped in a ZIP": partial(zipped, {"x.gz": gzip.compress(bytes(100_000_000))}),
    "half of a gzip": lambda: gzip.compress(png_of(3))[:200],
    "thousands of arrays": partial(
        zipped, {f"{number}.idx": idx(1, 28, 28) for number in range(2000)}
    ),
    "labels with a long name": partial(
        zipped, {"a" * 9000: idx(1, 28, 28), "b" * 9000: struct.pack(">II", 0x801, 1) + b"\1"}
    ),
    **{f"Parquet {what}": partial(damaged_parquet, place) for what, place in (
        ("whole", 0), ("with another head", 5), ("with another footer", -60),
        ("with another length", -7), ("with another page", 40),
    )},
    "a link": link,
    "a device": device,
    "encrypted": encrypted,
    **{f"a size of {size:,}": partial(lying_about_size, size)
       for size in (0, 1, 2_000_000_000, 2**32 - 1)},
    "a bomb": partial(zipped, {"3/a.png": bytes(100_000_000)}),
    "a bomb of several files": partial(
        zipped, {f"3/{number}.png": bytes(20_000_000) for number in range(8)}
    ),
    "a bomb of JSON": partial(unseen, b"[" * 30_000_000),
    "a bomb of a table": partial(drawings_csv, "file,label\n" + "," * 9_000_000),
    "a bomb of many files": partial(zipped, {f"3/{i}.png": b"" for i in range(3000)}),
    "overlapping": partial(overlapping, 1500),
    "overlapping a million times": partial(overlapping, 1_000_000),
    "overlapping and not packed": partial(overlapping, 90, zipfile.ZIP_STORED),
    "nested": nested,
    "by LZMA": partial(zipped, {"3/a.png": png_of(3)}, zipfile.ZIP_LZMA),
    "by bzip2": partial(zipped, {"3/a.png": png_of(3)}, zipfile.ZIP_BZIP2),
    "nothing in it": partial(zipped, {}),
    "only a head": lambda: b"PK\3\4",
    "half": lambda: zipped({"3/a.png": png_of(3)})[:300],
    "without an end": lambda: zipped({"3/a.png": png_of(3)})[:-22],
    **{f"a shape of {shape[:24]}": partial(npz_of, npy(shape, body=PIXELS)) for shape in SHAPES},
    **{f"a type of {dtype}": partial(npz_of, npy("(1, 28, 28)", dtype, PIXELS))
       for dtype in DTYPES},
    **{f"labels of {dtype}": partial(npz_of, npy("(1, 28, 28)", body=PIXELS), npy("(1,)", dtype))
       for dtype in DTYPES},
    "in Fortran's order": partial(npz_of, npy("(1, 28, 28)", body=PIXELS, fortran=True)),
    "an array of objects": pickled_array,
    "a pickle": pickled,
    "a pickle as an array": lambda: zipped({"x.npy": pickled()}),
    "a pickle as a picture": lambda: zipped({"3/a.png": pickled()}),
    "labels that are none": lambda: npz(x=np.full((2, 28, 28), 9, np.uint8), y=np.array([-1, 99])),
    "too few labels": lambda: npz(x=np.full((2, 28, 28), 9, np.uint8), y=np.array([1])),
    **{f"IDX of {count:,} of {h} x {w}": partial(idx, count, h, w)
       for count, h, w in ((1, 28, 28), (2**32 - 1, 28, 28), (1, 0, 0), (1, 2**32 - 1, 2**32 - 1),
                           (0, 28, 28), (1, 784, 1))},
    "IDX labels alone": lambda: struct.pack(">II", 0x801, 1) + b"\1",
    **{f"a pixel of {cell[:9]!r}": partial(pixel_table, "1", cell) for cell in CELLS},
    **{f"a label of {cell[:9]!r}": partial(pixel_table, cell) for cell in CELLS},
    "a header alone": lambda: b"a,b,c",
    "a header without end": lambda: b"a," * 100_000,
    **{f"a table of {what}": partial(drawings_csv, table) for what, table in (
        ("another column", "name\n3/a.png\n"), ("no rows", "file\n"), ("quotes", '"' * 9999),
        ("formulas", "file,label,note\n3/a.png,=1+1,=cmd|x\n"), ("markup", "file\n<b>"),
        ("a time beyond", "file,created_at\n3/a.png,99999-01-01\n"), ("NULs", "file\0\n\0\n"),
        ("a long cell", "file,note\n3/a.png," + "x" * 200_000 + "\n"),
        ("a path", "file,label\n../../3/a.png,7\n"), ("many columns", "file" + ",x" * 50_000),
    )},
    **{f"unseen {line[:12]!r}": partial(unseen, line)
       for line in (b"", b"{", b"[]", b"null", b'{"picture_hash": 7}', b'{"picture_hash": []}',
                    b"\xff\xfe", b"\n" * 1000, b'{"a":' * 9999)},
}  # fmt: skip
