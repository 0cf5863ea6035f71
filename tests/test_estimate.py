from dataclasses import replace

import numpy as np
import pytest

from digitrec.configuration import TrainingConfig
from digitrec.datasets.mnist import load_mnist
from digitrec.estimate import estimated_seconds, pace_of_products, pace_of_runs
from digitrec.model_store import ModelStore
from digitrec.presets import PRESETS
from digitrec.runs import Run
from digitrec.training_set import MARKED_SHARE, learned_picture_count, split


def test_pictures_are_counted_as_they_are_learned_from() -> None:
    config = TrainingConfig(validation_split=0.2, training_share=0.5)
    parts = split(load_mnist(), config)
    assert learned_picture_count(config) == len(parts.x_train) == 24_000
    marked = np.isin(parts.y_train, (0, 1, 7)).mean()
    assert marked == pytest.approx(MARKED_SHARE, abs=0.005)
    all_added = replace(config, styles=True, corruptions=True, non_digits=True)
    assert learned_picture_count(all_added) == 48_000 + 60_000 + 7_584 + 24_000 + 20_000


def test_more_work_takes_longer() -> None:
    seconds = [estimated_seconds(preset, 1.0) for preset in PRESETS.values()]
    assert seconds == sorted(seconds)
    assert estimated_seconds(PRESETS["best"], 2.0) == pytest.approx(2 * seconds[-1])


def test_the_last_run_tells_the_pace(store: ModelStore, trained: Run) -> None:
    pace = pace_of_runs(store)
    report, config = trained.report(), trained.config()
    assert pace is not None
    assert report is not None
    assert config is not None
    again = replace(config, epochs=101)
    hundred_epochs = estimated_seconds(again, pace) - estimated_seconds(
        replace(again, epochs=1), pace
    )
    assert hundred_epochs == pytest.approx(100 * report["duration_s"] / report["epochs_done"])


def test_a_run_that_was_stopped_tells_no_pace(store: ModelStore, trained: Run) -> None:
    report = trained.report()
    assert report is not None
    trained.write_json("report.json", report | {"epochs_done": 0.02})
    assert pace_of_runs(store) is None


def test_without_a_run_of_this_machine_a_product_of_matrices_tells(store: ModelStore) -> None:
    assert pace_of_runs(store) is None
    assert 0.02 < pace_of_products() < 50
