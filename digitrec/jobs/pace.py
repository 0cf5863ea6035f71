"""About how long a run will take on this machine.

The figures are those of a machine with two cores. How much faster or slower this one is, its last
runs tell, within what a product of two matrices makes likely.
"""

import os
import time
from collections.abc import Iterator
from itertools import islice
from statistics import median

import numpy as np

from digitrec.errors import ModelError
from digitrec.recipes.configuration import TrainingConfig
from digitrec.recipes.workload import FEWER_BESIDE_DRAWINGS, learned_picture_count, picture_seconds
from digitrec.runs.model_store import ModelStore

# Seconds, once a run: TensorFlow's start, the test set and the export; and making pictures.
AROUND_S = 12.0
ADDITIONS_S = {"styles": 90.0, "corruptions": 100.0, "non_digits": 20.0}
# Seconds of processor time that the product of matrices took there.
PRODUCT_S = 0.025
# The median of this many runs sets the pace: one that shared the machine with others is outvoted.
RUNS = 5
# A run that takes the reference machine less than that mostly shows how long TensorFlow starts.
TELLING_S = 10.0
# Recorded runs count up to this many times slower or faster than a matrix product suggests.
BELIEVED = 4.0


def estimated_seconds(config: TrainingConfig, pace: float) -> float:
    """Return about how many seconds a run takes from its start to its report.

    Args:
        config: What it is to do; a run that may stop early is taken to its last epoch.
        pace: How many times as long as on the reference machine everything takes.
    """
    making = sum(seconds for name, seconds in ADDITIONS_S.items() if getattr(config, name))
    if config.drawings:
        making /= FEWER_BESIDE_DRAWINGS
    return pace * (AROUND_S + making + config.epochs * _epoch_seconds(config))


def likely_pace(store: ModelStore, of_products: float) -> float:
    """Return the pace of the runs of this machine, as far as it is believable.

    Args:
        store: The runs.
        of_products: The pace by ``pace_of_products``; without a run it is all that is known.
    """
    of_runs = pace_of_runs(store)
    if of_runs is None:
        return of_products
    return min(max(of_runs, of_products / BELIEVED), of_products * BELIEVED)


def pace_of_runs(store: ModelStore) -> float | None:
    """Return the median pace of the last runs that trained on this machine; None without one."""
    paces = list(islice(_paces(store), RUNS))
    return median(paces) if paces else None


def _paces(store: ModelStore) -> Iterator[float]:
    for run in store.trained_runs():
        try:
            config, report = run.config(), run.report()
        except ModelError:
            continue
        # Of a run that may stop early the report counts the epochs up to the best alone.
        if run.ships or config is None or config.early_stopping or report is None:
            continue
        expected_s = config.epochs * _epoch_seconds(config)
        is_whole = report.epochs_done == config.epochs
        if is_whole and report.duration_s and expected_s >= TELLING_S:
            yield report.duration_s / expected_s


def pace_of_products() -> float:
    """Return the pace by the processor time of a product of two matrices, and how many cores.

    Processor time, since a browser that draws the page meanwhile must not make it seem longer.
    """
    matrix = np.ones((1024, 1024), np.float32)
    seconds = []
    for _ in range(4):
        began = time.process_time()
        matrix @ matrix
        seconds.append(time.process_time() - began)
    return min(seconds) / PRODUCT_S * 2 / (os.cpu_count() or 2)


def _epoch_seconds(config: TrainingConfig) -> float:
    return learned_picture_count(config) * picture_seconds(config)
