import numpy as np
import pytest

from digitrec.datasets.ink_files import InkDrawing
from digitrec.datasets.mnist import Mnist, load_mnist
from digitrec.labels import NO_DIGIT
from digitrec.recipes import workload
from digitrec.recipes.parameters import TrainingConfig
from digitrec.training import training_set as training_sets
from digitrec.training.training_set import (
    held_out_digits,
    split_mnist,
    with_added_pictures,
    with_drawings,
)
from tests.support.digits import traces_of


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Mnist:
    """A thousand of MNIST's pictures, and additions in proportion."""
    for name, count in (("STYLED", 60), ("NOISY", 40), ("NON_DIGITS", 30), ("INK", 40)):
        monkeypatch.setattr(workload, name, count)
    monkeypatch.setattr(training_sets, "HELD_OUT_STYLED", 20)
    whole = load_mnist()
    return whole._replace(x_train=whole.x_train[:1000], y_train=whole.y_train[:1000])


def test_the_validation_split_comes_from_the_training_pictures() -> None:
    mnist = load_mnist()
    training_set = split_mnist(mnist, TrainingConfig(validation_split=0.1))
    assert (len(training_set.x_train), len(training_set.x_val)) == (54000, 6000)
    assert len(training_set.y_train) == 54000
    both = np.concatenate([training_set.x_train, training_set.x_val]).sum(
        axis=(1, 2), dtype=np.int64
    )
    assert sorted(both) == sorted(mnist.x_train.sum(axis=(1, 2), dtype=np.int64))


def test_the_seed_decides_what_is_held_out() -> None:
    mnist = load_mnist()
    labels = [split_mnist(mnist, TrainingConfig(seed=seed)).y_val for seed in (1, 1, 2)]
    assert (labels[0] == labels[1]).all()
    assert (labels[0] != labels[2]).any()


def test_a_validation_split_of_zero_holds_nothing_out() -> None:
    assert len(split_mnist(load_mnist(), TrainingConfig(validation_split=0)).x_train) == 60000


def test_the_training_share_keeps_part_of_the_pictures() -> None:
    whole = split_mnist(load_mnist(), TrainingConfig())
    part = split_mnist(load_mnist(), TrainingConfig(training_share=0.25))
    assert part.mnist_count == len(part.x_train) == len(part.y_train) == 13500
    assert (part.x_val == whole.x_val).all()
    known = {image.tobytes() for image in whole.x_train}
    assert all(image.tobytes() in known for image in part.x_train)


def test_nothing_is_added_by_default(small: Mnist) -> None:
    training_set = split_mnist(small, TrainingConfig())
    same = with_added_pictures(training_set, TrainingConfig())
    assert (same.x_train == training_set.x_train).all()
    assert (same.y_train == training_set.y_train).all()


def test_styles_add_drawn_digits_and_marked_ones(small: Mnist) -> None:
    training_set = split_mnist(small, TrainingConfig())
    told: list[float] = []
    more = with_added_pictures(training_set, TrainingConfig(styles=True), progress=told.append)
    assert told[-1] == 1
    assert any(0.4 < share < 0.6 for share in told)
    marked = int(np.isin(training_set.y_train, (0, 1, 7)).sum())
    assert len(more.x_train) == len(more.y_train) == 900 + 60 + marked
    assert more.epoch_size == len(more.x_train) + 900
    assert more.y_train[900:960].tolist() == [*range(10)] * 6
    assert more.x_val is training_set.x_val


def test_noisy_pictures_are_added_with_their_digits(small: Mnist) -> None:
    training_set = split_mnist(small, TrainingConfig())
    more = with_added_pictures(training_set, TrainingConfig(corruptions=True))
    assert len(more.x_train) == 940
    assert max(more.y_train) == 9


def test_non_digits_are_an_eleventh_class(small: Mnist) -> None:
    more = with_added_pictures(
        split_mnist(small, TrainingConfig()), TrainingConfig(non_digits=True)
    )
    assert more.y_train[900:].tolist() == [NO_DIGIT] * 30


def test_ink_is_redrawn_and_letters_are_learned_as_non_digits(small: Mnist) -> None:
    ink = [
        InkDrawing("ann", "7", traces_of(7)),
        InkDrawing("ann", "4", traces_of(4)),
        InkDrawing("ben", "K", [np.array([[0.0, 0], [0, 900]]), np.array([[500.0, 0], [0, 500]])]),
    ]
    digits_only = TrainingConfig(ink=("ours.jsonl",))
    more = with_added_pictures(split_mnist(small, digits_only), digits_only, ink)
    assert more.y_train[900:].tolist() == [7, 4] * 20
    both = TrainingConfig(ink=("ours.jsonl",), non_digits=True)
    more = with_added_pictures(split_mnist(small, both), both, ink)
    assert more.y_train[930:].tolist() == ([7, 4, NO_DIGIT] * 14)[:40]


def test_the_additions_follow_from_the_seed(small: Mnist) -> None:
    def added(seed: int) -> bytes:
        config = TrainingConfig(styles=True, corruptions=True, non_digits=True, seed=seed)
        return with_added_pictures(split_mnist(small, config), config).x_train.tobytes()

    assert added(1) == added(1) != added(2)


def test_a_model_is_calibrated_on_digits_it_was_not_trained_on(small: Mnist) -> None:
    config = TrainingConfig(styles=True)
    training_set = split_mnist(small, config)
    learned = {picture.tobytes() for picture in with_added_pictures(training_set, config).x_train}
    held_out = held_out_digits(training_set, config)
    assert held_out is not None
    assert len(held_out.digits) == len(held_out.labels) == 100 + 20
    assert not learned & {picture.tobytes() for picture in held_out.digits}
    plain = held_out_digits(training_set, TrainingConfig())
    assert plain is not None
    assert plain.digits is training_set.x_val


def test_without_a_validation_part_there_is_nothing_to_calibrate_with(small: Mnist) -> None:
    config = TrainingConfig(styles=True, validation_split=0)
    assert held_out_digits(split_mnist(small, config), config) is None


def test_drawings_are_a_quarter_of_an_epoch(small: Mnist) -> None:
    training_set = split_mnist(small, TrainingConfig())
    drawings = np.stack([np.full((28, 28), value, np.uint8) for value in range(7)])
    more = with_drawings(training_set, drawings, np.arange(7, dtype=np.uint8))
    assert more.epoch_size == training_set.epoch_size + training_set.epoch_size // 3
    assert (more.x_train[: more.mnist_count] == training_set.x_train).all()
    added, labels = more.x_train[more.mnist_count :], more.y_train[more.mnist_count :]
    assert (added[:, 0, 0] == labels).all()
    counts = np.bincount(labels)
    assert counts.max() - counts.min() <= 1


def test_all_of_many_drawings_are_used(small: Mnist) -> None:
    training_set = split_mnist(small, TrainingConfig())
    count = 2 * training_set.epoch_size
    drawings = np.zeros((count, 28, 28), np.uint8)
    assert (
        with_drawings(training_set, drawings, np.zeros(count, np.uint8)).epoch_size
        == 3 * training_set.epoch_size
    )


def test_fewer_pictures_are_added_with_drawings(small: Mnist) -> None:
    config = TrainingConfig(non_digits=True, drawings=True, start_from="bn-cnn")
    training_set = split_mnist(small, config)
    more = with_added_pictures(training_set, config)
    assert more.epoch_size == training_set.epoch_size + 1
