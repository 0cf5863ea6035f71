import io
from typing import Any

import numpy as np
import pandas as pd
import pytest

from digitrec.errors import BadInputError
from digitrec.ink.preprocessing import open_picture, preprocess
from tests.support.drawing_files import zipped
from tests.support.drawings import ink_of, inputs, labels_of, png_of, read_files

X = ink_of(230)
Y = [number % 10 for number in range(230)]


def parquet(columns: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    pd.DataFrame(columns).to_parquet(file)
    return file.getvalue()


def pixels() -> dict[str, Any]:
    return {f"pixel{i}": column for i, column in enumerate(X.reshape(230, 784).T)}


def test_hugging_face_pictures_are_read() -> None:
    images = [{"bytes": png_of(digit), "path": f"{digit}.png"} for digit in range(10)]
    content = parquet({"image": images, "label": range(10)})
    for file in (("train.parquet", content), ("set.zip", zipped({"train.parquet": content}))):
        drawings, refused = read_files(file)
        assert labels_of(drawings) == list(range(10))
        assert (inputs(drawings)[3] == preprocess(open_picture(png_of(3)))).all()
        assert refused == []


@pytest.mark.parametrize(
    "columns",
    [
        pixels() | {"label": Y},
        {"class": [str(y) for y in Y]} | pixels(),
        {"image": list(X.reshape(230, 784)), "label": Y},
        {"image": [row.tolist() for row in X], "label": Y},
        {"pixels": list(X.reshape(230, 784) / 255), "digit": [float(y) for y in Y]},
    ],
    ids=["table", "labels as text", "lists", "lists of lists", "0 to 1"],
)
def test_pixels_of_every_type_are_read_alike(columns: dict[str, Any]) -> None:
    drawings, refused = read_files(("digits.parquet", parquet(columns)))
    assert (inputs(drawings) == X).all()
    assert labels_of(drawings) == Y
    assert refused == []


def test_pixels_can_be_turned_and_need_no_labels() -> None:
    content = parquet({"image": list(X.transpose(0, 2, 1).reshape(230, 784))})
    drawings, _ = read_files(("digits.parquet", content), is_transposed=True)
    assert (inputs(drawings) == X).all()
    assert labels_of(drawings) == [None] * 230


def test_unreadable_rows_are_refused_individually() -> None:
    images = [png_of(1), b"no picture", None, png_of(4)]
    drawings, refused = read_files(
        ("a.parquet", parquet({"image": images, "label": [1, 2, 3, 11]}))
    )
    assert labels_of(drawings) == [1]
    assert [r.name for r in refused] == ["row 2", "row 3", "row 4"]
    assert refused[2].reason == "expected a label from 0 to 10, got 11"
    rows = [X[0].reshape(784), np.arange(5, dtype=np.uint8)]
    _, refused = read_files(("a.parquet", parquet({"image": rows})))
    assert [(r.name, r.reason) for r in refused] == [("row 2", "expected 784 numbers")]


def test_other_files_are_refused_with_what_was_expected() -> None:
    with pytest.raises(BadInputError, match="expected a column named image, or 784 columns"):
        read_files(("a.parquet", parquet({"text": ["a"]})))
    with pytest.raises(BadInputError, match="a.parquet is damaged; download it again"):
        read_files(("a.parquet", parquet(pixels())[:-100]))
