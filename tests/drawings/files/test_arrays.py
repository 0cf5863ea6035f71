import gzip
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from digitrec.arrays import Values
from digitrec.errors import BadInputError
from tests.support.drawing_files import idx, npy, npz, zipped
from tests.support.drawings import ink_of, inputs, labels_of, read_files

X, OTHER_X = ink_of(12), ink_of(11)
Y = np.array([7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6], np.uint8)
OTHER_Y = Y[:11][::-1].copy()


def gz(content: bytes) -> bytes:
    return gzip.compress(content)


@pytest.mark.parametrize(
    ("pictures", "labels"),
    [
        ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ("images.idx", "labels.idx"),
        ("test/x.bin", "test/y.bin"),
        ("Pictures_of_digits", "what-they-are"),
        ("t10k-images-idx3-ubyte/t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte/t10k-labels"),
    ],
)
@pytest.mark.parametrize("is_packed", [False, True])
def test_idx_files_are_paired_whatever_they_are_called(
    pictures: str, labels: str, is_packed: bool
) -> None:
    members = {labels: idx(Y), pictures: idx(X)}
    if is_packed:
        members = {f"{name}.gz": gz(content) for name, content in members.items()}
    drawings, refused = read_files(("mnist.zip", zipped(members)))
    assert (inputs(drawings) == X).all()
    assert labels_of(drawings) == Y.tolist()
    assert refused == []


@pytest.mark.parametrize("count", [12, 11])
def test_several_pairs_in_a_zip_are_matched(count: int) -> None:
    x, y = (X[::-1], Y[::-1]) if count == 12 else (OTHER_X, OTHER_Y)
    members = {
        "t10k-labels.idx1-ubyte": idx(Y), "train-labels.idx1-ubyte": idx(y),
        "train-images.idx3-ubyte": idx(x), "t10k-images.idx3-ubyte": idx(X),
    }  # fmt: skip
    drawings, refused = read_files(("mnist.zip", zipped(members)))
    assert (inputs(drawings) == np.concatenate([x, X])).all()
    assert labels_of(drawings) == [*y.tolist(), *Y.tolist()]
    assert refused == []


def test_files_uploaded_together_are_paired() -> None:
    pair = ("images.idx", idx(X)), ("labels.idx.gz", gz(idx(Y)))
    drawings, refused = read_files(*pair)
    assert labels_of(drawings) == Y.tolist()
    assert refused == []
    drawings, refused = read_files(("digits.npy", npy(X)), ("labels.npy", npy(Y)))
    assert labels_of(drawings) == Y.tolist()


def test_a_single_gzip_is_read() -> None:
    assert labels_of(read_files(("images.gz", gz(idx(X))))[0]) == [None] * 12
    assert labels_of(read_files(("set.npz.gz", gz(npz(x=X, y=Y))))[0]) == Y.tolist()


def test_unused_labels_are_reported() -> None:
    members = {"images.idx": idx(X), "labels.idx": idx(Y), "more-labels.idx": idx(OTHER_Y)}
    drawings, (refused,) = read_files(("set.zip", zipped(members)))
    assert labels_of(drawings) == Y.tolist()
    assert refused.name == "more-labels.idx"
    assert refused.reason == "its 11 labels aren't used: no file here has 11 pictures"
    _, (refused,) = read_files(("set.npz", npz(x=X, y=Y, writer_y=Y)))
    assert refused.reason == "its 12 labels aren't used: other labels fit the pictures better"


def test_labels_of_the_wrong_length_are_refused_with_both_names() -> None:
    with pytest.raises(BadInputError) as refusal:
        read_files(("images.idx", idx(X)), ("labels.idx", idx(OTHER_Y)))
    assert "expected as many labels as pictures, got 11 in labels.idx for 12" in str(refusal.value)


@pytest.mark.parametrize("name", ["t10k-labels.idx1-ubyte", "t10k-labels-idx1-ubyte.gz"])
def test_labels_without_pictures_are_explained(name: str) -> None:
    content = gz(idx(Y)) if name.endswith(".gz") else idx(Y)
    with pytest.raises(BadInputError) as refusal:
        read_files((name, content))
    assert str(refusal.value) == (
        f"{name} has labels but no pictures; add the file with the pictures too"
    )


@pytest.mark.parametrize(
    "names",
    [
        ("x", "y"), ("X", "y"), ("x_train", "y_train"), ("x_test", "y_test"),
        ("images", "labels"), ("train_images", "train_labels"), ("data", "target"),
        ("arr_0", "arr_1"), ("features", "targets"), ("pixels", "class"), ("digits", "answers"),
    ],
)  # fmt: skip
def test_arrays_with_any_names_are_read(names: tuple[str, str]) -> None:
    drawings, refused = read_files(("set.npz", npz(**dict(zip(names, (X, Y), strict=True)))))
    assert (inputs(drawings) == X).all()
    assert labels_of(drawings) == Y.tolist()
    assert refused == []


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("x_train", "x_test", "y_train", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("arr_0", "arr_1", "arr_2", "arr_3"),
    ],
)
def test_training_and_test_arrays_keep_their_own_labels(names: tuple[str, ...]) -> None:
    tested = np.ascontiguousarray(X[::-1]), Y[::-1]
    arrays: Mapping[str, Any] = {
        "x_train": X, "y_train": Y, "x_test": tested[0], "y_test": tested[1],
        "train_images": X, "train_labels": Y, "test_images": tested[0], "test_labels": tested[1],
        "arr_0": X, "arr_1": Y, "arr_2": tested[0], "arr_3": tested[1],
    }  # fmt: skip
    drawings, refused = read_files(("set.npz", npz(**{name: arrays[name] for name in names})))
    known = {d.digit_input.tobytes(): d.label for d in drawings}
    assert known == {x.tobytes(): y for x, y in zip(X, Y.tolist(), strict=True)}
    assert (len(drawings), refused) == (24, [])


@pytest.mark.parametrize(
    "pictures",
    [
        np.asfortranarray(X), X.reshape(12, 784), np.asfortranarray(X.reshape(12, 784)),
        X[..., None], X[:, None], X.astype(np.int64), X.astype(">f4"), X / 255,
        (X / 255).astype(np.float16), X / 127.5 - 1, 255 - X, 1 - X / 255,
    ],
    ids=["fortran", "flat", "flat fortran", "channel last", "channel first", "int64", "big-endian",
         "0 to 1", "float16", "-1 to 1", "black on white", "black on white, 0 to 1"],
)  # fmt: skip
def test_pictures_of_every_type_are_read_alike(pictures: Values) -> None:
    drawings, refused = read_files(("set.npz", npz(x=pictures, y=Y)))
    assert (inputs(drawings) == X).all()
    assert labels_of(drawings) == Y.tolist()
    assert refused == []


@pytest.mark.parametrize(
    "labels",
    [
        Y[:, None], Y.astype(float), Y.astype(str), Y.astype(bytes), np.eye(10)[Y],
        np.eye(10, dtype=bool)[Y], np.asfortranarray(np.eye(10, dtype=np.uint8)[Y]),
        np.eye(11)[Y],
    ],
    ids=["column", "float", "text", "bytes", "one-hot", "one-hot bool", "one-hot fortran",
         "one-hot of eleven"],
)  # fmt: skip
def test_labels_of_every_type_are_read_alike(labels: Values) -> None:
    drawings, refused = read_files(("set.npz", npz(x=X, y=labels)))
    assert labels_of(drawings) == Y.tolist()
    assert refused == []


def test_a_nan_label_means_no_label() -> None:
    labels = np.where(Y > 5, np.nan, Y)
    drawings, refused = read_files(("set.npz", npz(x=X, y=labels)))
    assert labels_of(drawings) == [None if y > 5 else y for y in Y.tolist()]
    assert refused == []


def test_binary_pictures_are_black_and_white() -> None:
    drawings, _ = read_files(("set.npz", npz(x=X > 127)))
    assert (inputs(drawings) == np.where(X > 127, 255, 0)).all()


def test_a_single_array_is_read() -> None:
    assert (inputs(read_files(("x.npy", npy(X)))[0]) == X).all()
    assert (inputs(read_files(("one.npy", npy(X[0])))[0]) == X[:1]).all()
    assert (inputs(read_files(("one.npy", npy(np.asfortranarray(X[0]))))[0]) == X[:1]).all()


def test_an_npz_in_a_zip_is_read() -> None:
    drawings, refused = read_files(("archive.zip", zipped({"mnist.npz": npz(x=X, y=Y)})))
    assert labels_of(drawings) == Y.tolist()
    assert refused == []


@pytest.mark.parametrize("content", [npz(x=X.transpose(0, 2, 1)), idx(X.transpose(0, 2, 1))])
def test_transposed_pictures_are_turned_on_request(content: bytes) -> None:
    assert (inputs(read_files(("emnist", content), is_transposed=True)[0]) == X).all()
    assert (inputs(read_files(("emnist", content))[0]) == X.transpose(0, 2, 1)).all()


def test_pictures_out_of_range_are_refused_individually() -> None:
    pictures = X / 255
    pictures[3, 5, 5], pictures[4, 5, 5] = 1.5, np.nan
    drawings, refused = read_files(("set.npz", npz(x=pictures)))
    assert len(drawings) == 10
    assert [(r.name, r.reason) for r in refused] == [
        ("x, picture 3", "expected pixels from 0 to 1, got 1.5"),
        ("x, picture 4", "expected pixels from 0 to 1, got nan"),
    ]


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (np.ones((12, 10)), "y: expected a single 1 in each row of one-hot labels"),
        (Y + 0.5, "y: labels must be whole numbers; these are float64 with fractions"),
    ],
)
def test_invalid_label_arrays_refuse_the_file(labels: Any, reason: str) -> None:
    with pytest.raises(BadInputError) as refusal:
        read_files(("set.npz", npz(x=X, y=labels)))
    assert str(refusal.value) == reason


def test_damaged_gzips_and_bombs_are_refused() -> None:
    with pytest.raises(BadInputError, match="images.gz is damaged; download or pack it again"):
        read_files(("images.gz", gz(idx(X))[:-20]))
    with pytest.raises(BadInputError, match="bomb.gz unpacks to more than 50,000,000 bytes"):
        read_files(("bomb.gz", gz(bytes(60_000_000))))
