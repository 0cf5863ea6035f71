import pytest

from digitrec.runs.model_store import ModelStore
from digitrec.training.fit import steps_between_events
from tests.support.training import TINY, tiny_fit


@pytest.mark.parametrize(
    ("steps_per_epoch", "step_s"),
    [(422, 0.028), (53, 0.22), (3375, 0.003), (1, 0.9), (60000, 0.0002), (247, 0.84)],
)
def test_events_come_about_twice_a_second(steps_per_epoch: int, step_s: float) -> None:
    steps = steps_between_events(steps_per_epoch, step_s)
    assert 1 <= steps <= steps_per_epoch
    assert steps == 1 or steps * step_s <= 0.8
    rest = steps_per_epoch % steps
    assert rest == 0 or rest >= steps / 2


def test_a_fit_counts_its_networks_steps(store: ModelStore) -> None:
    fit = tiny_fit(store.create_run(TINY, "mine"))
    places = []
    for steps in range(5):
        fit.model.optimizer.iterations.assign(steps)
        places.append((fit.steps_done, fit.epochs_done, fit.steps_into_epoch))
    assert places == [(0, 0, 0), (1, 0, 1), (2, 1, 0), (3, 1, 1), (4, 2, 0)]
    assert fit.total_steps == 2 * TINY.epochs
