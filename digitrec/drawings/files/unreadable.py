"""Explains files that can't be read, and what to do with them."""

from collections.abc import Sequence

from digitrec.ink.preprocessing import PICTURE_FORMATS

READABLE = (
    f"expected pictures ({', '.join(PICTURE_FORMATS)}), a ZIP of them, NumPy's .npz or .npy, IDX, "
    "Parquet, CSV of pixels or JSON Lines"
)
_SAVE_AS_NPZ = "save it with numpy.savez('digits.npz', x=pictures, y=labels)"
_AS_NPZ = f"load it in Python and {_SAVE_AS_NPZ}"
# Where a file's signature is, the signature, and what it means.
_KINDS = (
    (0, b"MATLAB", f"is a MATLAB file; load it with scipy.io.loadmat and {_SAVE_AS_NPZ}"),
    (0, b"\x89HDF", f"is an HDF5 file; for a model use Import on Models, for pictures {_AS_NPZ}"),
    (0, b"\x80", f"is a Python pickle, which could run any code; {_AS_NPZ}"),
    (0, b"ARROW1", "is an Arrow file; save it as Parquet, with pandas: frame.to_parquet(…)"),
    (0, b"\xff\xff\xff\xff", "is an Arrow file; save it as Parquet: dataset.to_parquet(…)"),
    (0, b"Rar!", "is a RAR archive; unpack it and zip the files"),
    (0, b"7z\xbc\xaf", "is a 7-Zip archive; unpack it and zip the files"),
    (0, b"BZh", "is packed with bzip2; unpack it first"),
    (0, b"\xfd7zXZ", "is packed with xz; unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "is packed with Zstandard; unpack it first"),
    (257, b"ustar", "is a TAR archive; unpack it and zip the files"),
    (0, b"%PDF", "is a PDF; save its pages as PNG"),
    (0, b"\xd0\xcf\x11\xe0", "is an Excel workbook; save it as CSV"),
    (4, b"TFL3", "is a TensorFlow Lite model; use Import on Models"),
    (4, b"ftyphei", "is a HEIC picture; save it as JPEG or PNG"),
    (4, b"ftypavif", "is an AVIF picture; save it as JPEG or PNG"),
    (0, b"\xff\xfe", "is text in UTF-16; save it as CSV in UTF-8"),
    (0, b"SQLite format 3", "is a database; export its drawings as a file first"),
)
_MEMBERS = (
    ("model.weights.h5", "is a Keras model; use Import on Models"),
    ("saved_model.pb", "is a TensorFlow model; use Import on Models"),
    ("data.pkl", f"is a PyTorch file; {_AS_NPZ}"),
    ("[Content_Types].xml", "is an Office document; save a workbook as CSV, pictures as PNG"),
)
_TEXTS = (
    (b"@relation", "is an ARFF file; save it as CSV"),
    (b"<svg", "is an SVG picture; save it as PNG"),
)


def why_not(name: str, head: bytes) -> str:
    """Say what an unreadable file is and what to do, or else what was expected.

    Args:
        name: The file's name.
        head: Its first 512 bytes or more.
    """
    if not head:
        return f"{name} is empty"
    found = (words for at, mark, words in _KINDS if head[at:].startswith(mark))
    text = head.lower()
    found_in_text = (words for mark, words in _TEXTS if mark in text)
    words = next(found, None) or next(found_in_text, None)
    return f"{name} {words}" if words else f"{name} isn't a file that can be read; {READABLE}"


def why_not_zip(names: Sequence[str]) -> str:
    """Say what a ZIP without drawings is and what to do; empty for any other ZIP.

    Args:
        names: The names of its files.
    """
    last = {name.rpartition("/")[2] for name in names}
    return next((words for member, words in _MEMBERS if member in last), "")
