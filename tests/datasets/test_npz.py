import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitrec.datasets.npz import load_labeled
from digitrec.errors import DatasetError

X = np.zeros((3, 28, 28), np.uint8)
Y = np.array([0, 5, 9])
SHADES = np.random.default_rng(1).integers(0, 256, (3, 28, 28), np.uint8)


def test_labeled_digits_are_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", x=X, y=Y)
    x, y = load_labeled(tmp_path / "set.npz")
    assert x.shape == (3, 28, 28)
    assert y.tolist() == [0, 5, 9]


def test_a_download_of_the_history_is_loaded_without_non_digits(tmp_path: Path) -> None:
    x = np.arange(3, dtype=np.uint8)[:, None, None] + X
    y = np.array([4, 10, 9], np.uint8)
    np.savez(tmp_path / "set.npz", x_train=x, y_train=y, x_test=x[:0], y_test=y[:0])
    pictures, labels = load_labeled(tmp_path / "set.npz")
    assert labels.tolist() == [4, 9]
    assert pictures[:, 0, 0].tolist() == [0, 2]


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": np.asfortranarray(SHADES), "y": Y},
        {"images": SHADES / 255, "labels": Y.astype(float)},
        {"X": SHADES.reshape(3, 784), "target": np.eye(10)[Y]},
        {"arr_0": SHADES[:, None], "arr_1": Y[:, None].astype(str)},
    ],
)
def test_all_formats_of_uploads_are_loaded(tmp_path: Path, arrays: dict[str, Any]) -> None:
    np.savez(tmp_path / "set.npz", **arrays)
    x, y = load_labeled(tmp_path / "set.npz")
    assert (x == SHADES).all()
    assert y.tolist() == [0, 5, 9]


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": X}, "x has no labels; expected as many as pictures"),
        ({"x": X + 256.0, "y": Y}, "expected pixels from 0 to 255, got 256"),
        ({"x": X[:, :27], "y": Y}, r"expected pictures as numbers of shape \(n, 28, 28\)"),
        ({"x": X[:0], "y": Y[:0]}, "no picture in it has a digit as its label"),
        ({"x": X, "y": Y[:2]}, "expected as many labels as pictures, got 2 in y for 3 in x"),
        ({"x": X, "y": Y / 2}, "labels must be whole numbers; these are float64"),
        ({"x": X, "y": Y + 2}, "expected labels 0 to 9, or 10 for not a digit, got 11"),
        ({"x": X, "y": Y - 1}, "expected labels 0 to 9, or 10 for not a digit, got -1"),
        ({"x": X, "y": Y * 0 + 10}, "no picture in it has a digit as its label"),
        ({"x": X, "y": np.array([{}, {}, {}], object)}, "the array y can't be read"),
    ],
)
def test_unusable_arrays_are_rejected(tmp_path: Path, arrays: dict[str, Any], words: str) -> None:
    np.savez(tmp_path / "set.npz", **arrays)
    with pytest.raises(DatasetError, match=words):
        load_labeled(tmp_path / "set.npz")


def test_members_other_than_arrays_are_rejected(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.npz", "w") as archive:
        archive.writestr("x", b"hello")
        archive.writestr("y", b"hello")
    with pytest.raises(DatasetError, match="isn't an .npz file of NumPy arrays"):
        load_labeled(tmp_path / "set.npz")


def test_an_array_with_a_huge_shape_is_rejected(tmp_path: Path) -> None:
    header = io.BytesIO()
    shape = {"descr": "|u1", "fortran_order": False, "shape": (10**11, 28, 28)}
    np.lib.format.write_array_header_1_0(header, shape)
    with zipfile.ZipFile(tmp_path / "set.npz", "w") as archive:
        archive.writestr("x.npy", header.getvalue())
        archive.writestr("y.npy", header.getvalue())
    with pytest.raises(DatasetError, match="is cut short or damaged"):
        load_labeled(tmp_path / "set.npz")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken"])
def test_files_other_than_archives_are_rejected(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "set.npz").write_bytes(content)
    with pytest.raises(DatasetError, match="isn't a ZIP, or is damaged"):
        load_labeled(tmp_path / "set.npz")


def test_a_single_array_is_rejected(tmp_path: Path) -> None:
    np.save(tmp_path / "set.npy", X)
    with pytest.raises(DatasetError, match="isn't a ZIP, or is damaged"):
        load_labeled(tmp_path / "set.npy")
