import numpy as np
import pytest

from digitrec.datasets.watched_digits import watched_digits
from digitrec.errors import TrainingError
from digitrec.runs.events import Preparing, Step
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run
from digitrec.runs.watched_drawing import WatchedDrawing
from digitrec.training.callbacks import EventLog, preparing_log
from tests.support.patience import kinds
from tests.support.runs import events_of
from tests.support.training import TINY, tiny_fit


def test_a_run_writes_its_progress(trained: Run) -> None:
    progress = read_progress(trained.events())
    assert progress is not None
    assert progress.fraction == 1
    assert len(progress.steps) >= 15
    assert progress.steps[-1].loss < progress.steps[0].loss / 2
    assert all(0 <= step.accuracy <= 1 for step in progress.steps)
    assert all(step.images_per_second > 0 for step in progress.steps)
    assert all(step.learning_rate == pytest.approx(0.001) for step in progress.steps)
    first, last = progress.steps[0].answers, progress.steps[-1].answers
    assert len(first) == len(last) == 10
    right = [sum(a == digit for digit, (a, _) in enumerate(row)) for row in (first, last)]
    assert right[0] < right[1]
    assert all(0 < probability <= 1 for _, probability in last)
    samples = [step for step in progress.steps if step.val_accuracy is not None]
    assert len(samples) == 6
    assert (samples[-1].val_accuracy or 0) > 0.95
    (end,) = progress.epoch_ends
    assert (end.val_accuracy or 0) > 0.96
    # The metrics of the steps add up to those of the epoch.
    assert np.mean([step.loss for step in progress.steps]) == pytest.approx(end.loss, rel=0.05)


def test_a_drawing_is_watched_beside_the_test_digits(store: ModelStore) -> None:
    run = store.create_run(TINY, "mine", WatchedDrawing(watched_digits()[4], 4).write)
    fit = tiny_fit(run)
    log = EventLog(fit)
    log.set_model(fit.model)
    log.on_epoch_begin(0)
    log.on_train_batch_end(0, {"loss": 0.5, "accuracy": 0.1})
    (told,) = events_of(run, Step)
    assert len(told.answers) == 11
    assert told.answers[10] == told.answers[4]


def test_a_loss_of_nan_ends_the_training(store: ModelStore) -> None:
    run = store.create_run(TINY, "wild")
    log = EventLog(tiny_fit(run))
    log.on_epoch_begin(0)
    with pytest.raises(TrainingError, match="became NaN or infinite in epoch 1; try a lower"):
        log.on_train_batch_end(0, {"loss": float("nan"), "accuracy": 0.1})
    assert kinds(run) == ["created"]


def test_making_pictures_writes_at_most_a_hundred_events(store: ModelStore) -> None:
    run = store.create_run(TINY, "mine")
    tell = preparing_log(run)
    for done in np.linspace(0, 1, 1001):
        tell(float(done))
    shares = [event.done or 0.0 for event in events_of(run, Preparing)]
    assert 90 < len(shares) <= 100
    assert shares == sorted(shares)
