import numpy as np
import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.runs.model_store import ModelStore
from digitrec.synthetic import corruptions
from digitrec.synthetic.corruptions import CORRUPTIONS, corrupted, gray_paper

MNIST = load_mnist()


def test_noisy_pictures_have_mnists_format() -> None:
    noisy = corrupted(MNIST.x_train[:100], seed=1)
    assert noisy.dtype == np.uint8
    assert noisy.shape == (100, 28, 28)


def test_every_picture_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Preprocessing undoes changes of contrast, as it should.
    lasting = tuple(corrupt for corrupt in CORRUPTIONS if corrupt is not gray_paper)
    monkeypatch.setattr(corruptions, "CORRUPTIONS", lasting)
    noisy = corrupted(MNIST.x_train[:100], seed=1)
    assert (noisy != MNIST.x_train[:100]).any(axis=(1, 2)).all()


def test_the_seed_determines_the_noise() -> None:
    first, again, other = (corrupted(MNIST.x_train[:20], seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any(axis=(1, 2)).all()


def test_a_picture_that_would_become_blank_is_kept() -> None:
    blank = np.zeros((5, 28, 28), np.uint8)
    assert corrupted(blank, seed=1).shape == (5, 28, 28)


@pytest.mark.parametrize("corrupt", CORRUPTIONS, ids=lambda corrupt: corrupt.__name__)
def test_each_corruption_changes_a_picture(corrupt: object) -> None:
    digit = MNIST.x_train[0].astype(np.float32) / 255
    rng = np.random.default_rng(0)
    changed = [np.abs(corrupt(digit, rng) - digit).mean() for _ in range(20)]  # type: ignore[operator]
    assert np.mean(changed) > 0.01


def test_the_default_model_reads_noisy_pictures(store: ModelStore) -> None:
    noisy = corrupted(MNIST.x_test[:1000], seed=5)
    answers = store.load_recognizer("bn-cnn").answers(noisy).probabilities.argmax(axis=1)
    assert (answers == MNIST.y_test[:1000]).mean() > 0.93
