import threading

import numpy as np
import pytest
from PIL import Image

from digitrec.arrays import Digits
from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError
from digitrec.ink.preprocessing import preprocess
from digitrec.recognition.answers import interpret, not_digit_share
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore
from digitrec.synthetic.non_digits import non_digits
from tests.support.digits import draw_digit

BILINEAR = Image.Resampling.BILINEAR


def test_a_recognition_names_the_most_probable_digit(store: ModelStore) -> None:
    mnist = load_mnist()
    recognition = store.load_recognizer("seed-cnn").recognize(mnist.x_test[0])
    assert recognition.digit == mnist.y_test[0]
    assert recognition.confidence == max(recognition.probabilities)
    assert sum(recognition.probabilities) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", ["bn-cnn", "seed-cnn"])
def test_the_shipped_models_are_as_good_as_their_reports_say(store: ModelStore, name: str) -> None:
    mnist = load_mnist()
    answers = store.load_recognizer(name).answers(mnist.x_test).probabilities.argmax(axis=1)
    accuracy = (answers == mnist.y_test).mean()
    assert accuracy == pytest.approx(store.run(name).results().test_accuracy, abs=2e-4)
    assert accuracy >= 0.992


def test_a_model_with_eleven_classes_scores_non_digits_low(store: ModelStore) -> None:
    recognizer = store.load_recognizer("bn-cnn")
    assert recognizer.classes == 11
    drawing = load_mnist().x_test[0]
    of_digit, of_pair = (recognizer.recognize(x) for x in (drawing, pair_of(drawing)))
    assert of_digit.is_digit
    assert not of_pair.is_digit
    assert of_pair.digit_score < recognizer.calibration.digit_threshold <= of_digit.digit_score
    assert sum(of_pair.probabilities) == pytest.approx(1, abs=1e-5)


def pair_of(digit: Digits) -> Digits:
    return preprocess(Image.fromarray(np.concatenate([digit[:, 4:24], digit[:, 4:24]], axis=1)))


def test_a_model_with_ten_classes_accepts_everything_as_a_digit(store: ModelStore) -> None:
    recognizer = store.load_recognizer("seed-cnn")
    assert recognizer.classes == 10
    recognition = recognizer.recognize(np.rot90(load_mnist().x_test[0]).copy())
    assert recognition.is_digit
    assert recognition.digit_score == recognition.confidence


@pytest.mark.parametrize("model", ["bn-cnn", "seed-cnn"])
@pytest.mark.parametrize("pair", [(1, 0), (7, 1), (1, 2)])
def test_two_digits_side_by_side_are_not_a_digit(
    store: ModelStore, model: str, pair: tuple[int, int]
) -> None:
    picture = Image.new("RGB", (520, 280), "white")
    for place, digit in enumerate(pair):
        picture.paste(draw_digit(digit), (place * 240 - 20 * place, 0))
    recognition = store.load_recognizer(model).recognize(preprocess(picture))
    assert not recognition.is_digit
    assert recognition.digit_score == 0
    assert recognition.shares[10] > 0.99


@pytest.mark.parametrize("name", ["bn-cnn", "seed-cnn"])
def test_shares_add_up_to_one_and_the_answer_has_the_highest(store: ModelStore, name: str) -> None:
    recognizer = store.load_recognizer(name)
    pictures = np.concatenate([load_mnist().x_test[:300], non_digits(300, seed=5)])
    recognitions = recognizer.recognize_all(pictures)
    assert {len(one.shares) for one in recognitions if one.digit_score} == {recognizer.classes}
    for one in recognitions:
        assert sum(one.shares) == pytest.approx(1, abs=1e-5)
        assert int(np.argmax(one.shares)) == one.label
        assert one.shares[one.digit] == one.confidence


@pytest.mark.parametrize("threshold", [0.0, 0.02, 0.5, 0.88, 1.0])
@pytest.mark.parametrize("best", [0.11, 0.6, 1.0])
def test_not_a_digit_is_most_probable_exactly_below_the_threshold(
    threshold: float, best: float
) -> None:
    for score in (0.0, 0.01, 0.5, 0.87, 0.9, 1.0):
        share = not_digit_share(score, threshold, best)
        assert 0 <= share <= 1
        assert (share > best * (1 - share)) == (score < threshold)
    share = not_digit_share(threshold, threshold, best)
    assert share == pytest.approx(best * (1 - share))


def test_an_answer_is_the_mean_over_rotations(store: ModelStore) -> None:
    recognizer = store.load_recognizer("bn-cnn")
    digit = load_mnist().x_test[18]
    rotated = [
        digit,
        *(np.asarray(Image.fromarray(digit).rotate(turn, BILINEAR)) for turn in (7, -7)),
    ]
    outputs = recognizer.outputs(np.stack(rotated))
    expected = interpret(outputs.mean(axis=0, keepdims=True), recognizer.calibration.temperature)
    answers = recognizer.answers(digit[None])
    assert answers.probabilities == pytest.approx(expected.probabilities, abs=1e-6)
    assert answers.digit_scores == pytest.approx(expected.digit_scores, abs=1e-6)
    assert np.abs(outputs - outputs[0]).max() > 1e-6


@pytest.mark.parametrize("count", [0, 1, 3, 4])
def test_outputs_do_not_depend_on_the_batch(store: ModelStore, count: int) -> None:
    recognizer = store.load_recognizer("seed-cnn")
    digits = load_mnist().x_test[:4]
    outputs = recognizer.outputs(digits[:count])
    assert outputs.shape == (count, 10)
    assert outputs == pytest.approx(recognizer.outputs(digits)[:count], abs=1e-6)


def test_the_temperature_flattens_and_sharpens() -> None:
    outputs = np.array([[0.5, 0.3, *[0.025] * 8, 0.0]], np.float32)
    flat, plain, sharp = (interpret(outputs, t).probabilities[0, 0] for t in (3.0, 1.0, 0.5))
    assert plain == pytest.approx(0.5)
    assert flat < 0.3
    assert sharp > 0.65


def test_probabilities_stay_below_one() -> None:
    outputs = np.eye(11, dtype=np.float32)[[3, 10]]
    answers = interpret(outputs, 0.5)
    assert 0.9999 < answers.probabilities[0, 3] < 1
    assert 0 < answers.digit_scores[1] < 0.0001


def test_many_threads_share_one_recognizer(store: ModelStore) -> None:
    recognizer = store.load_recognizer("seed-cnn")
    digits = load_mnist().x_test[:64]
    expected = recognizer.answers(digits).probabilities
    results: dict[int, bool] = {}

    def ask(number: int) -> None:
        one = [recognizer.recognize(digits[(number + i) % 64]) for i in range(64)]
        wanted = [expected[(number + i) % 64].tolist() for i in range(64)]
        results[number] = [list(answer.probabilities) for answer in one] == wanted

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(range(8), True)


def test_no_pictures_give_no_answers(store: ModelStore) -> None:
    digits = np.zeros((0, 28, 28), np.uint8)
    assert store.load_recognizer("seed-cnn").answers(digits).probabilities.shape == (0, 10)


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 5000])
def test_files_other_than_models_are_rejected(content: bytes) -> None:
    with pytest.raises(ModelError, match="model 'x' isn't a LiteRT model"):
        Recognizer(content, "x")
