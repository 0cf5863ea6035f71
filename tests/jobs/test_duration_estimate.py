import shutil
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.jobs.duration_estimate import (
    MAX_FACTOR,
    OVERHEAD_S,
    estimated_seconds,
    likely_pace,
    matmul_pace,
    pace_of_runs,
    rough_duration_words,
)
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import PRESETS
from digitrec.recipes.workload import MARKED_SHARE, pictures_per_epoch
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.training.training_set import split_mnist
from tests.support.runs import report_of, rewrite_report


def test_the_picture_count_matches_the_training_set() -> None:
    config = TrainingConfig(validation_split=0.2, training_share=0.5)
    training_set = split_mnist(load_mnist(), config)
    assert pictures_per_epoch(config) == len(training_set.x_train) == 24_000
    marked = np.isin(training_set.y_train, (0, 1, 7)).mean()
    assert marked == pytest.approx(MARKED_SHARE, abs=0.005)
    all_added = replace(config, styles=True, corruptions=True, non_digits=True)
    assert pictures_per_epoch(all_added) == 48_000 + 60_000 + 7_584 + 24_000 + 20_000


def test_more_work_takes_longer() -> None:
    seconds = [estimated_seconds(preset, 1.0) for preset in PRESETS.values()]
    assert seconds == sorted(seconds)
    assert estimated_seconds(PRESETS["best"], 2.0) == pytest.approx(2 * seconds[-1])


def trained_for(store: ModelStore, name: str, pace: float, **settings: Any) -> None:
    """Create a finished run that took ``pace`` times as long as expected."""
    config = TrainingConfig(**settings)
    run = store.create_run(config, name)
    epochs_s = estimated_seconds(config, 1.0) - OVERHEAD_S
    shutil.copyfile(store.run("seed-cnn").path / "report.json", run.path / "report.json")
    rewrite_report(run, epochs_done=config.epochs, duration_s=pace * epochs_s)


def test_one_slow_run_among_others_changes_little(store: ModelStore) -> None:
    for number, pace in enumerate((1.0, 1.2, 0.9, 1.1)):
        trained_for(store, f"quiet-{number}", pace)
    trained_for(store, "busy", 18.0)
    assert pace_of_runs(store) == pytest.approx(1.1)


def test_the_pace_of_runs_is_limited_by_that_of_a_matrix_product(
    store: ModelStore,
) -> None:
    assert likely_pace(store, 1.5) == 1.5
    trained_for(store, "busy", 30.0)
    assert likely_pace(store, 1.5) == 1.5 * MAX_FACTOR
    for number in range(4):
        trained_for(store, f"quick-{number}", 0.1)
    assert likely_pace(store, 1.5) == 1.5 / MAX_FACTOR


def test_a_very_short_run_does_not_count(store: ModelStore) -> None:
    trained_for(store, "tiny", 30.0, training_share=0.01, epochs=1)
    assert pace_of_runs(store) is None


def test_the_pace_comes_from_the_last_run(store: ModelStore, trained: Run) -> None:
    pace = pace_of_runs(store)
    report, config = report_of(trained), trained.config()
    assert pace is not None
    assert config is not None
    again = replace(config, epochs=101)
    hundred_epochs = estimated_seconds(again, pace) - estimated_seconds(
        replace(again, epochs=1), pace
    )
    assert hundred_epochs == pytest.approx(100 * report["duration_s"] / report["epochs_done"])


def test_a_stopped_run_does_not_count(store: ModelStore, trained: Run) -> None:
    rewrite_report(trained, epochs_done=0.02)
    assert pace_of_runs(store) is None


def test_without_runs_the_pace_comes_from_a_matrix_product(store: ModelStore) -> None:
    assert pace_of_runs(store) is None
    assert 0.02 < matmul_pace() < 50


def test_a_run_of_another_network_than_its_settings_name_does_not_count(store: ModelStore) -> None:
    trained_for(store, "further", 2.0)
    assert pace_of_runs(store) == pytest.approx(2.0)
    for parameters in (7, 2 * 233_162):
        rewrite_report(store.run("further"), parameters=parameters)
        assert pace_of_runs(store) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "10 s"),
        (64, "1 min"),
        (90, "2 min"),
        (1234, "21 min"),
        (3599, "1 h"),
        (4100, "1 h 10 min"),
    ],
)
def test_an_estimate_is_rounded(seconds: float, words: str) -> None:
    assert rough_duration_words(seconds) == words
