from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from digitrec.datasets.mnist import Mnist
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.events import EpochEnd, Step
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.training import fit, validation_sample
from digitrec.training.keras_networks import build_network
from digitrec.training.train import train
from digitrec.training.training_set import TrainingSet
from digitrec.training.validation_sample import ValidationSample
from tests.support.runs import events_of
from tests.support.training import TINY, small_mnist, tiny_fit


def sample_of(run: Run, repeats: int, validation: int = 600) -> ValidationSample:
    """The sample of an epoch of 100 pictures, repeated, in batches of 100."""
    x, y = small_mnist().x_train[:validation], small_mnist().y_train[:validation]
    fit = tiny_fit(run)
    fit.training_set = TrainingSet(x[:100], y[:100], x, y, mnist_count=100, mnist_repeats=repeats)
    fit.steps_per_epoch = repeats
    return ValidationSample(fit)


@pytest.fixture
def run(store: ModelStore) -> Run:
    return store.create_run(TINY, "sampled")


@pytest.mark.parametrize(("repeats", "count"), [(140, 0), (250, 3), (570, 6)])
def test_longer_epochs_measure_it_more_often(run: Run, repeats: int, count: int) -> None:
    sample = sample_of(run, repeats)
    steps = [*range(0, repeats, 7), repeats]
    due = [now for before, now in pairwise(steps) if sample.is_due(now, before)]
    assert len(due) == count
    assert due[-1:] == [repeats][:count]
    apart = np.diff([0, *due])
    assert max(apart, default=0) - min(apart, default=0) <= 2 * 7


def test_without_validation_pictures_nothing_is_due(run: Run) -> None:
    assert not sample_of(run, 570, validation=0).is_due(570, 0)


@pytest.mark.parametrize("network", ["seed-cnn", "bn-cnn"])
def test_measuring_changes_nothing_in_the_network(run: Run, network: str) -> None:
    model = build_network(TrainingConfig(network=network))
    sample = sample_of(run, 570)
    sample.set_model(model)
    before = [variable.numpy().copy() for variable in model.variables]
    measured = sample.measure()
    for old, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(variable.numpy(), old)
    rows = np.linspace(0, 599, 500).astype(int)
    x, y = small_mnist().x_train[rows], small_mnist().y_train[rows]
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    whole = model.evaluate(x[..., None] / 255, y, verbose=0)
    assert list(measured.values()) == pytest.approx(whole, rel=1e-4)


def test_a_run_gives_the_same_result_with_and_without_it(
    store: ModelStore, small_mnist: Mnist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit, "EVENT_S", 0.026)
    losses = []
    for share, count in ((0.0, 0), (1.0, 8)):
        monkeypatch.setattr(validation_sample, "TIME_SHARE", share)
        run = store.create_run(replace(TINY, training_share=0.2), f"measured-{count}")
        train(run)
        steps = events_of(run, Step)
        assert sum(step.val_loss is not None for step in steps) == count
        losses.append([step.loss for step in steps])
        losses[-1] += [end.val_loss or 0.0 for end in events_of(run, EpochEnd)]
    assert losses[1] == pytest.approx(losses[0], rel=1e-3)
