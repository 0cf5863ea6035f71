import gzip
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from digitrec.errors import BadInputError
from tests.support.drawing_files import zipped
from tests.support.drawings import ink_of, inputs, labels_of, read_files

X = ink_of(12)
Y = [7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6]
PIXEL_NAMES: list[Any] = [f"pixel{i}" for i in range(784)]
ROWS = X.reshape(12, 784).tolist()


def table(rows: Iterable[Iterable[Any]], delimiter: str = ",", end: str = "\n") -> bytes:
    return "".join(delimiter.join(map(str, row)) + end for row in rows).encode()


LABELED: list[list[Any]] = [[y, *row] for y, row in zip(Y, ROWS, strict=True)]
LABELED_LAST = [[*row, y] for y, row in zip(Y, ROWS, strict=True)]
KAGGLE: list[list[Any]] = [["label", *PIXEL_NAMES], *LABELED]


@pytest.mark.parametrize(
    "content",
    [
        table(KAGGLE, ";"),
        table(KAGGLE, "\t"),
        table(KAGGLE, "|"),
        table(KAGGLE, ", "),
        table(KAGGLE, end="\r\n"),
        b"\xef\xbb\xbf" + table(KAGGLE, ";", "\r\n"),
        b"sep=;\r\n" + table(KAGGLE, ";"),
        table([[f'"{cell}"' for cell in row] for row in KAGGLE]),
        table(LABELED),
        table(LABELED, " "),
        table(LABELED_LAST),
        table(LABELED_LAST, ";"),
        table([[*PIXEL_NAMES, "class"], *LABELED_LAST]),
        table([["label", *(f"{i}x{j}" for i in range(1, 29) for j in range(1, 29))], *LABELED]),
        table([["Unnamed: 0", *KAGGLE[0]], *([i, *row] for i, row in enumerate(LABELED))]),
        table([["", *KAGGLE[0]], *([i, *row] for i, row in enumerate(LABELED))]),
        table([["id", *PIXEL_NAMES, "digit"], *([i, *r] for i, r in enumerate(LABELED_LAST))]),
        table([i, *row] for i, row in enumerate(LABELED)),
        table([i, *row] for i, row in enumerate(LABELED_LAST, 1)),
        table([["", *range(785)], *([i, *row] for i, row in enumerate(LABELED))]),
        table([range(785), *LABELED]),
        table([float(cell) for cell in row] for row in LABELED),
        table([f"{cell:.18e}" for cell in row] for row in LABELED),
        table([y, *(cell / 255 for cell in row)] for y, row in zip(Y, ROWS, strict=True)),
        table([y, *(255 - cell for cell in row)] for y, row in zip(Y, ROWS, strict=True)),
        table(
            ([y, *(f"{cell / 255}".replace(".", ",") for cell in row)]
             for y, row in zip(Y, ROWS, strict=True)), ";"
        ),
    ],
    ids=["semicolon", "tab", "bar", "comma and space", "CRLF", "Excel", "sep", "quoted",
         "no header", "savetxt", "label last", "label last, semicolon", "header, label last", "1x1",
         "pandas", "pandas, unnamed", "id and digit", "numbered", "numbered, label last",
         "pandas of an array", "header of numbers", "0.0", "1.0e+02", "0 to 1", "black on white",
         "decimal commas"],
)  # fmt: skip
def test_tables_of_every_layout_are_read_alike(content: bytes) -> None:
    drawings, refused = read_files(("digits.csv", content))
    assert refused == []
    assert labels_of(drawings) == Y
    assert (inputs(drawings) == X).all()


@pytest.mark.parametrize(
    "content",
    [
        table([PIXEL_NAMES, *ROWS]),
        table(ROWS, ";"),
        table([i, *row] for i, row in enumerate(ROWS)),
        table([["ImageId", *PIXEL_NAMES], *([i, *row] for i, row in enumerate(ROWS))]),
    ],
    ids=["header", "none", "numbered", "header, numbered"],
)
def test_tables_need_no_labels(content: bytes) -> None:
    drawings, refused = read_files(("digits.csv", content))
    assert labels_of(drawings) == [None] * 12
    assert (inputs(drawings) == X).all()
    assert refused == []


def test_an_empty_cell_means_no_label() -> None:
    rows = [[y if y < 5 else "", *row] for y, row in zip(Y, ROWS, strict=True)]
    drawings, _ = read_files(("digits.csv", table([KAGGLE[0], *rows])))
    assert labels_of(drawings) == [y if y < 5 else None for y in Y]


def test_packed_tables_can_be_turned() -> None:
    transposed = [
        [y, *row] for y, row in zip(Y, X.transpose(0, 2, 1).reshape(12, 784), strict=True)
    ]
    packed = gzip.compress(table(transposed, ";"))
    for file in (("emnist.csv.gz", packed), ("set.zip", zipped({"a/emnist.csv.gz": packed}))):
        drawings, refused = read_files(file, is_transposed=True)
        assert labels_of(drawings) == Y
        assert (inputs(drawings) == X).all()
        assert refused == []


def test_kaggles_zip_is_read_and_its_other_table_is_reported() -> None:
    members = {
        "train.csv": table(KAGGLE),
        "test.csv": table([PIXEL_NAMES, *X.reshape(12, 784)[:, ::-1].tolist()]),
        "sample_submission.csv": b"ImageId,Label\n1,0\n2,0\n",
    }
    drawings, (refused,) = read_files(("digit-recognizer.zip", zipped(members)))
    assert labels_of(drawings) == [*Y, *[None] * 12]
    assert refused.name == "sample_submission.csv"
    assert "isn't a table of 784 columns of pixels" in refused.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (table([[1] * 65]), "expected 784 columns of pixels, with or without a label, got 65"),
        (table([[500] * 786]), "can't tell which of its 786 columns are the 784 pixels"),
        (b"1,2\n3,4\n", "digits.csv isn't a table of 784 columns of pixels"),
        (b"\xff\xfe1\0,\0", "digits.csv is text in UTF-16; save it as CSV in UTF-8"),
    ],
)
def test_other_tables_are_refused_with_what_to_do(content: bytes, reason: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        read_files(("digits.csv", content))
    assert reason in str(refusal.value)


def test_an_arff_file_is_refused_with_what_to_do() -> None:
    with pytest.raises(BadInputError, match="mnist_784.arff is an ARFF file; save it as CSV"):
        read_files(("mnist_784.arff", b"@RELATION mnist_784\n@ATTRIBUTE pixel1 INTEGER\n"))


def test_random_numbers_are_not_inverted() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (20, 784))
    drawings, _ = read_files(("digits.csv", table(pixels.tolist())))
    assert (inputs(drawings).reshape(20, 784) == pixels).all()
