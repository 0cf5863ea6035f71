import numpy as np

from digitrec.datasets.mnist import load_mnist
from digitrec.runs.model_store import ModelStore
from digitrec.synthetic.marks import marked_digits

MNIST = load_mnist()
X, Y = MNIST.x_train[:600], MNIST.y_train[:600]


def test_zeros_ones_and_sevens_get_a_mark() -> None:
    marked, labels = marked_digits(X, Y, seed=1)
    chosen = np.isin(Y, (0, 1, 7))
    assert (labels == Y[chosen]).all()
    assert marked.shape == (int(chosen.sum()), 28, 28)
    changed = np.abs(marked.astype(int) - X[chosen]).mean(axis=(1, 2))
    assert (changed > 1).all()


def test_a_mark_adds_ink_and_keeps_the_size() -> None:
    marked, labels = marked_digits(X, Y, seed=2)
    for picture in marked:
        rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    # A slash crosses the empty middle of a zero.
    middle = (slice(None), slice(11, 17), slice(11, 17))
    assert marked[labels == 0][middle].mean() > 2 * X[Y == 0][middle].mean()


def test_the_seed_determines_the_marks() -> None:
    first, again, other = (marked_digits(X, Y, seed=seed)[0] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any(axis=(1, 2)).mean() > 0.95


def test_the_default_model_reads_marked_digits(store: ModelStore) -> None:
    marked, labels = marked_digits(MNIST.x_test[:1000], MNIST.y_test[:1000], seed=3)
    answers = store.load_recognizer("bn-cnn").answers(marked).probabilities.argmax(axis=1)
    assert (answers == labels).mean() > 0.97
