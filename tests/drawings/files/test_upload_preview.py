import io
from collections import Counter

import numpy as np
import pytest

from digitrec.drawings.files.file_kinds import found_in
from digitrec.drawings.files.upload_preview import SHOWN, count_words, label_counts, preview
from tests.support.drawing_files import idx, kaggle, lines, npz, pixel_row, row_of, zipped
from tests.support.drawings import ink_of, labels_of, png_of

X = ink_of(60)
Y = np.arange(60, dtype=np.uint8) % 10


def test_the_first_twelve_are_shown_with_their_labels() -> None:
    with found_in([("set.npz", io.BytesIO(npz(x=X, y=Y)))]) as found:
        begin = preview(found, False)
    assert len(begin.drawings) == SHOWN == 12
    assert labels_of(begin.drawings) == Y[:12].tolist()
    assert (begin.drawings[3].digit_input == X[3]).all()
    assert (begin.refused, begin.can_transpose) == ([], True)


def test_turned_drawings_are_shown_turned() -> None:
    with found_in([("set.npz", io.BytesIO(npz(x=X)))]) as found:
        (first, *_) = preview(found, True).drawings
    assert (first.digit_input == X[0].T).all()


def test_pictures_cannot_be_turned() -> None:
    with found_in([("3.png", io.BytesIO(png_of(3)))]) as found:
        assert not preview(found, False).can_transpose


def test_unused_arrays_are_reported_before_anything_is_saved() -> None:
    content = zipped({"a.idx": idx(X), "b.idx": idx(Y), "c.idx": idx(Y[:3])})
    with found_in([("set.zip", io.BytesIO(content))]) as found:
        (refused,) = preview(found, False).refused
    assert refused.reason == "its 3 labels aren't used: no file here has 3 pictures"


def test_only_the_beginning_of_a_large_file_is_read() -> None:
    file = io.BytesIO(kaggle(*(pixel_row(3, 1 + n % 255) for n in range(3000))))
    with found_in([("many.csv", file)]) as found:
        preview(found, False)
        assert file.tell() < len(file.getvalue()) / 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.npz", npz(x=X[:4], y=np.array([3, 3, 10, 11]))),
        ("a.csv", kaggle(*(pixel_row(label) for label in (3, 3, 10, 11)))),
        ("a.jsonl", lines(*({"picture": row_of(1), "label": label} for label in (3, 3, 10, 11)))),
        ("a.zip", zipped({"3/a.png": b"", "3/b.png": b"", "not-a-digit/c.png": b"", "d.png": b"",
                          "t.csv": b"file,label\nd.png,11\n"})),
    ],
)  # fmt: skip
def test_drawings_are_counted_by_label(name: str, content: bytes) -> None:
    with found_in([(name, io.BytesIO(content))]) as found:
        assert label_counts(found) == {3: 2, 10: 1, "": 1}


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({0: 5, 3: 45, None: 10}, "60 drawings: 50 labeled (5 × 0, 45 × 3), 10 without a label"),
        ({7: 1}, "1 drawing: 1 labeled (1 × 7)"),
        ({None: 2000}, "2,000 drawings without labels"),
        ({None: 1}, "1 drawing without a label"),
        ({10: 2, "": 3}, "2 drawings: 2 labeled (2 × not a digit)"),
    ],
)
def test_counts_are_put_in_words(counts: dict[int | str | None, int], words: str) -> None:
    assert count_words(Counter(counts)) == words
