from dataclasses import replace

import keras
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from digitrec.datasets.mnist import Mnist, load_mnist
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import RunState
from digitrec.training import train_steps
from digitrec.training.keras_networks import members
from digitrec.training.train import train
from digitrec.training.train_steps import (
    interpolate_weights,
    set_teaching_step,
    set_train_step,
)
from tests.support.training import TINY, linear_network


def test_a_step_trains_on_the_hardest_quarter_and_reports_all() -> None:
    mnist = load_mnist()
    x, y = mnist.x_train[:8, ..., None] / np.float32(255), mnist.y_train[:8]
    plain, choosy = linear_network(), linear_network()
    answers = plain.predict(x, verbose=0)
    losses = -np.log(answers[np.arange(8), y])
    hardest = np.argsort(losses)[-2:]
    plain.train_on_batch(x[hardest], y[hardest])
    set_train_step(choosy, hard_examples=True)
    history = choosy.fit(x, y, batch_size=8, shuffle=False, verbose=0).history
    np.testing.assert_allclose(choosy.get_weights()[0], plain.get_weights()[0], atol=1e-6)
    assert history["loss"][0] == pytest.approx(losses.mean(), rel=1e-5)
    assert history["accuracy"][0] == pytest.approx(np.mean(answers.argmax(1) == y), abs=1e-6)


def test_each_member_of_an_ensemble_learns_as_it_would_alone() -> None:
    mnist = load_mnist()
    x, y = mnist.x_train[:64, ..., None] / np.float32(255), mnist.y_train[:64]
    alone, other = linear_network(), linear_network()
    other.set_weights([weight * 0.5 + 0.01 for weight in other.get_weights()])
    inputs = keras.Input((28, 28, 1))
    pair = [keras.models.clone_model(alone), keras.models.clone_model(other)]
    for member, origin in zip(pair, (alone, other), strict=True):
        member.set_weights(origin.get_weights())
    both = keras.Model(inputs, keras.layers.Average()([member(inputs) for member in pair]))
    both.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    set_train_step(both, hard_examples=False)
    votes = both.predict(x, verbose=0)
    history = both.fit(x, y, batch_size=64, shuffle=False, verbose=0).history
    for member, origin in zip(members(both), (alone, other), strict=True):
        origin.train_on_batch(x, y)
        np.testing.assert_allclose(member.get_weights()[0], origin.get_weights()[0], atol=1e-6)
    assert history["loss"][0] == pytest.approx(-np.log(votes[np.arange(64), y]).mean(), rel=1e-5)


def test_a_taught_network_learns_what_it_did_not_know_and_keeps_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mnist = load_mnist()
    x, y = mnist.x_train[:64, ..., None] / np.float32(255), mnist.y_train[:64].astype(np.int64)
    before, network = linear_network(), linear_network()
    before.fit(x, y, epochs=3, verbose=0)
    network.set_weights(before.get_weights())
    known = before.predict(x, verbose=0)
    was_right = known.argmax(axis=1) == y
    was_sure = known[np.arange(64), y] >= 0.5
    assert 0 < was_sure.sum() < was_right.sum() < 64
    monkeypatch.setattr(train_steps, "SURE", 0.5)
    expected = np.where(was_sure[:, None], known, np.eye(10)[y])
    by_hand = linear_network()
    by_hand.set_weights(before.get_weights())
    by_hand.compile(keras.optimizers.SGD(0.1), "categorical_crossentropy")
    by_hand.train_on_batch(x, expected)
    set_teaching_step(network, before)
    history = network.fit(x, y, batch_size=64, shuffle=False, verbose=0).history
    np.testing.assert_allclose(network.get_weights()[0], by_hand.get_weights()[0], atol=1e-6)
    assert history["accuracy"][0] == pytest.approx(was_right.mean(), abs=1e-6)


def test_a_taught_network_is_interpolated() -> None:
    before, network = linear_network(), linear_network()
    old = before.get_weights()
    network.set_weights([weight + 1 for weight in old])
    interpolate_weights(network, before)
    for was, now in zip(old, network.get_weights(), strict=True):
        np.testing.assert_allclose(now, was + 0.6, atol=1e-6)


def test_a_taught_network_keeps_its_statistics() -> None:
    mnist = load_mnist()
    x, y = mnist.x_train[:8, ..., None] / np.float32(255), mnist.y_train[:8]
    networks = []
    for _ in range(2):
        keras.utils.set_random_seed(5)
        normalization = keras.layers.BatchNormalization()
        networks.append(
            keras.Sequential([keras.Input((28, 28, 1)), normalization, *linear_network().layers])
        )
    network, before = networks
    network.compile(
        keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    set_teaching_step(network, before)
    network.fit(x, y, batch_size=8, verbose=0)
    same = [
        np.array_equal(a, b)
        for a, b in zip(before.get_weights(), network.get_weights(), strict=True)
    ]
    # Scale, shift, mean and variance; then weights and biases.
    assert same == [False, False, True, True, False, False]


def test_a_run_can_learn_from_hard_examples(store: ModelStore, small_mnist: Mnist) -> None:
    config = replace(TINY, training_share=1.0, hard_examples=True, tensorboard=True)
    run = store.create_run(config, "choosy")
    report = train(run)
    assert run.state() == RunState.FINISHED
    assert report is not None
    assert report["test_accuracy"] > 0.9
    written = EventAccumulator(str(run.tensorboard_path / "train")).Reload()
    assert "epoch_accuracy" in written.Tags()["tensors"]
