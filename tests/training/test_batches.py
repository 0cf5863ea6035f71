from typing import Any

import numpy as np

from digitrec.arrays import Digits, Labels
from digitrec.datasets.mnist import load_mnist
from digitrec.recipes.parameters import TrainingConfig
from digitrec.training.batches import EpochNumber, training_batches
from digitrec.training.training_set import TrainingSet


def pictures(x: Digits, y: Labels, mnist_count: int | None = None) -> TrainingSet:
    count = len(x) if mnist_count is None else mnist_count
    return TrainingSet(x, y, x[:0], y[:0], count)


def test_each_epoch_has_an_order_of_its_own_that_can_be_repeated() -> None:
    x, y = np.zeros((1000, 28, 28), np.uint8), (np.arange(1000) % 251).astype(np.uint8)
    epoch = EpochNumber()
    batches = training_batches(pictures(x, y), TrainingConfig(batch_size=128), epoch.value)

    def labels() -> list[int]:
        return np.concatenate([labels.numpy() for _, labels in batches]).tolist()

    first = labels()
    epoch.on_epoch_begin(1)
    second = labels()
    epoch.on_epoch_begin(0)
    assert first == labels()
    assert first != second
    assert sorted(first) == sorted(second) == sorted(y.tolist())
    assert len(batches) == 8


def test_a_resumed_epoch_has_the_same_remaining_batches() -> None:
    mnist, config = load_mnist(), TrainingConfig(batch_size=32, augmentation=True)
    some = pictures(mnist.x_train[:100], mnist.y_train[:100])
    whole = list(training_batches(some, config, EpochNumber().value))
    rest = training_batches(some, config, EpochNumber().value, skipped=2)
    assert len(rest) == 2
    for (images, labels), (same_images, same_labels) in zip(whole[2:], rest, strict=True):
        np.testing.assert_array_equal(images, same_images)
        np.testing.assert_array_equal(labels, same_labels)


def test_pictures_reach_the_network_between_0_and_1() -> None:
    x, y = np.full((4, 28, 28), 255, np.uint8), np.arange(4, dtype=np.uint8)
    ((images, _),) = training_batches(pictures(x, y), TrainingConfig(), EpochNumber().value)
    assert images.shape == (4, 28, 28, 1)
    assert (images.numpy() == 1).all()


def test_augmentation_differs_by_epoch_and_is_repeatable() -> None:
    mnist, epoch = load_mnist(), EpochNumber()
    config = TrainingConfig(batch_size=64, augmentation=True)
    batches = training_batches(
        pictures(mnist.x_train[:64], mnist.y_train[:64]), config, epoch.value
    )

    def ordered() -> Any:
        ((images, labels),) = batches
        order = np.lexsort((images.numpy().sum(axis=(1, 2, 3)), labels.numpy()))
        return images.numpy()[order]

    first, again = ordered(), ordered()
    epoch.on_epoch_begin(1)
    assert (first == again).all()
    assert np.abs(ordered() - first).mean() > 0.01


def test_half_of_the_pictures_are_not_augmented_in_the_last_quarter() -> None:
    mnist, epoch = load_mnist(), EpochNumber()
    config = TrainingConfig(epochs=4, batch_size=400, augmentation=True)
    x = mnist.x_train[:400]
    batches = training_batches(pictures(x, mnist.y_train[:400]), config, epoch.value)

    def as_they_are() -> int:
        ((images, _),) = batches
        seen = {
            image.tobytes() for image in np.round(images.numpy()[..., 0] * 255).astype(np.uint8)
        }
        return sum(image.tobytes() in seen for image in x)

    epoch.on_epoch_begin(2)
    assert as_they_are() == 0
    epoch.on_epoch_begin(3)
    assert 150 < as_they_are() < 250


def test_half_of_the_added_pictures_are_replaced_in_the_last_quarter() -> None:
    epoch = EpochNumber()
    x, y = np.zeros((600, 28, 28), np.uint8), np.repeat([0, 1], 300).astype(np.uint8)
    config = TrainingConfig(epochs=4, batch_size=100)
    batches = training_batches(
        pictures(x, y, mnist_count=300)._replace(mnist_repeats=2), config, epoch.value
    )

    def counts() -> list[int]:
        return np.bincount(np.concatenate([labels.numpy() for _, labels in batches])).tolist()

    epoch.on_epoch_begin(2)
    assert counts() == [600, 300]
    epoch.on_epoch_begin(3)
    own, added = counts()
    assert 115 < added < 185
    assert own + added == 900
