import threading

import numpy as np
import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError
from digitrec.model_store import ModelStore
from digitrec.recognizer import Recognition, Recognizer


def test_a_recognition_names_the_most_probable_digit(store: ModelStore) -> None:
    mnist = load_mnist()
    recognition = store.load_recognizer("seed-cnn").recognize(mnist.x_test[0])
    assert recognition.digit == mnist.y_test[0]
    assert recognition.confidence == max(recognition.probabilities)
    assert sum(recognition.probabilities) == pytest.approx(1, abs=1e-5)


def test_the_shipped_model_is_as_good_as_its_report_says(store: ModelStore) -> None:
    mnist = load_mnist()
    answers = store.load_recognizer("seed-cnn").probabilities(mnist.x_test).argmax(axis=1)
    accuracy = (answers == mnist.y_test).mean()
    report = store.run("seed-cnn").report()
    assert report is not None
    assert accuracy == pytest.approx(report["test_accuracy"], abs=2e-4)
    assert accuracy >= 0.992


def test_many_threads_share_one_recognizer(store: ModelStore) -> None:
    recognizer = store.load_recognizer("seed-cnn")
    digits = load_mnist().x_test[:64]
    expected = recognizer.probabilities(digits)
    results: dict[int, bool] = {}

    def ask(number: int) -> None:
        one = [recognizer.recognize(digits[(number + i) % 64]) for i in range(64)]
        wanted = [Recognition.from_probabilities(expected[(number + i) % 64]) for i in range(64)]
        results[number] = one == wanted

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(range(8), True)


def test_no_pictures_give_no_answers(store: ModelStore) -> None:
    digits = np.zeros((0, 28, 28), np.uint8)
    assert store.load_recognizer("seed-cnn").probabilities(digits).shape == (0, 10)


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 5000])
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="model 'x' is no LiteRT model"):
        Recognizer(content, "x")
