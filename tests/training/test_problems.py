"""What real runs that went wrong report."""

from dataclasses import replace
from typing import Any

import pytest

from digitrec.datasets.mnist import Mnist
from digitrec.runs.model_store import ModelStore
from digitrec.runs.problems import run_problem
from digitrec.training.train import train
from tests.support.training import TINY


@pytest.mark.parametrize(
    ("settings", "what", "why"),
    [
        ({"learning_rate": 10.0}, "learned nothing", "rate, 10, is likely too high: 0.001 works"),
        ({"learning_rate": 1e-6}, "learned", "rate, 1e-06, is likely too low: 0.001 works"),
        ({}, "learned", "It trained for only 5 steps. Try more epochs"),
    ],
    ids=["too high", "too low", "too few steps"],
)
def test_a_training_that_learned_nothing_says_so(
    store: ModelStore, small_mnist: Mnist, settings: dict[str, Any], what: str, why: str
) -> None:
    run = store.create_run(replace(TINY, batch_size=128, **settings), "mine")
    train(run)
    said = run_problem(run)
    assert said is not None
    assert what in said
    assert why in said
