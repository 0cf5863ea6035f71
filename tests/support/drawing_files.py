"""Files of drawings, as people bring them."""

import base64
import io
import json
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from digitrec.arrays import Values
from tests.support.drawings import png_of


def row(**values: Any) -> dict[str, Any]:
    return {"picture": base64.b64encode(png_of(3)).decode()} | values


def lines(*rows: Any) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def zipped(members: Mapping[Any, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def npz(**arrays: Values) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def npy(array: Values) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def idx_pictures(rows: bytes, count: int, side: int = 28) -> bytes:
    return struct.pack(">IIII", 0x803, count, side, side) + rows


def kaggle(*rows: str, labeled: bool = True) -> bytes:
    header = ["label"] * labeled + [f"pixel{i}" for i in range(784)]
    return "\n".join([",".join(header), *rows]).encode()


def pixel_row(label: Any, first: Any = 255) -> str:
    return ",".join(map(str, [label, first, *[0] * 783]))


def row_of(digit: int) -> str:
    return base64.b64encode(png_of(digit)).decode()


def picture_file(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def idx(array: npt.NDArray[np.uint8]) -> bytes:
    """Return an IDX file."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.tobytes()
