import numpy as np
import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.runs.model_store import ModelStore
from digitrec.synthetic import corruptions
from digitrec.synthetic.corruptions import _CORRUPTIONS, corrupted

MNIST = load_mnist()


def test_spoilt_pictures_have_mnists_form() -> None:
    spoilt = corrupted(MNIST.x_train[:100], seed=1)
    assert spoilt.dtype == np.uint8
    assert spoilt.shape == (100, 28, 28)


def test_every_picture_is_spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    # The preprocessing undoes a mere change of contrast, as it should.
    lasting = tuple(spoil for spoil in _CORRUPTIONS if spoil is not corruptions._grey_paper)
    monkeypatch.setattr(corruptions, "_CORRUPTIONS", lasting)
    spoilt = corrupted(MNIST.x_train[:100], seed=1)
    assert (spoilt != MNIST.x_train[:100]).any(axis=(1, 2)).all()


def test_the_seed_decides_how() -> None:
    first, again, other = (corrupted(MNIST.x_train[:20], seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any(axis=(1, 2)).all()


def test_a_picture_of_which_nothing_is_left_stays_as_it_was() -> None:
    blank = np.zeros((5, 28, 28), np.uint8)
    assert corrupted(blank, seed=1).shape == (5, 28, 28)


@pytest.mark.parametrize("spoil", _CORRUPTIONS, ids=lambda spoil: spoil.__name__)
def test_each_way_changes_a_picture(spoil: object) -> None:
    digit = MNIST.x_train[0].astype(np.float32) / 255
    rng = np.random.default_rng(0)
    changed = [np.abs(spoil(digit, rng) - digit).mean() for _ in range(20)]  # type: ignore[operator]
    assert np.mean(changed) > 0.01


def test_the_default_model_reads_spoilt_pictures(store: ModelStore) -> None:
    spoilt = corrupted(MNIST.x_test[:1000], seed=5)
    answers = store.load_recognizer("bn-cnn").answers(spoilt).probabilities.argmax(axis=1)
    assert (answers == MNIST.y_test[:1000]).mean() > 0.93
