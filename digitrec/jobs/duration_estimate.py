"""Estimates how long a run takes on this machine.

The constants were measured on a reference machine with two cores. This machine's pace relative to
it comes from its last runs, checked against the time of a matrix product.
"""

import os
import time
from collections.abc import Iterator
from itertools import islice
from statistics import median

import numpy as np

from digitrec.errors import ModelError
from digitrec.formatting import duration_words
from digitrec.recipes.parameter_kinds import HISTORY
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.workload import FEWER_BESIDE_DRAWINGS, picture_seconds, pictures_per_epoch
from digitrec.runs.known_networks import network_of, with_network_of
from digitrec.runs.model_store import ModelStore

# Seconds that a run takes in addition to its epochs: to start TensorFlow, evaluate and export, and
# to generate pictures.
OVERHEAD_S = 12.0
ADDITIONS_S = {"styles": 90.0, "corruptions": 100.0, "non_digits": 20.0}
# Seconds to train a network that reads strokes, which is done once more for each fold of writers if
# there are ink files.
STROKES_S = 400.0
FOLDS = 5
# Processor time of the matrix product on the reference machine, in seconds.
MATMUL_S = 0.025
# The pace is the median of this many runs, so that one run on a busy machine has no effect.
RUNS = 5
# Runs with shorter epochs than this, on the reference machine, say little about the pace.
MIN_EPOCHS_S = 10.0
# The runs' pace may differ from the matrix product's by at most this factor.
MAX_FACTOR = 4.0


def estimated_seconds(config: TrainingConfig, pace: float) -> float:
    """Estimate the seconds a run takes from its start to its report.

    Args:
        config: The run's configuration. Early stopping is ignored.
        pace: This machine's time relative to the reference machine's: 2 takes twice as long.
    """
    training = config.epochs * _epoch_seconds(config) + _stroke_seconds(config)
    return pace * (OVERHEAD_S + training) + preparing_seconds(config, pace)


def preparing_seconds(config: TrainingConfig, pace: float) -> float:
    """Estimate the seconds a run takes to generate its pictures.

    Args:
        config: The run's configuration.
        pace: This machine's time relative to the reference machine's.
    """
    making = sum(seconds for name, seconds in ADDITIONS_S.items() if getattr(config, name))
    return pace * making / (FEWER_BESIDE_DRAWINGS if config.drawings else 1)


def _stroke_seconds(config: TrainingConfig) -> float:
    if not config.strokes_from:
        return 0.0
    has_writers = set(config.strokes_from) != {HISTORY}
    return STROKES_S * (1 + FOLDS * has_writers)


def rough_duration_words(seconds: float) -> str:
    """Return an estimated duration, rounded: ``20 s``, ``3 min``, ``1 h`` or ``1 h 10 min``."""
    step = 10 if seconds < 90 else 60 if seconds < 3600 else 600
    words = duration_words(max(10, round(seconds / step) * step))
    return words.removesuffix(" 0 s").removesuffix(" 0 min")


def likely_pace(store: ModelStore, by_matmul: float) -> float:
    """Return this machine's pace: that of its last runs, limited by that of a matrix product.

    Args:
        store: The runs.
        by_matmul: The pace that ``matmul_pace`` measured; used alone if there are no runs.
    """
    by_runs = pace_of_runs(store)
    if by_runs is None:
        return by_matmul
    return min(max(by_runs, by_matmul / MAX_FACTOR), by_matmul * MAX_FACTOR)


def pace_of_runs(store: ModelStore) -> float | None:
    """Return the median pace of the last runs on this machine, or None if there are none."""
    paces = list(islice(_paces(store), RUNS))
    return median(paces) if paces else None


def _paces(store: ModelStore) -> Iterator[float]:
    for run in store.trained_runs():
        try:
            config, report = run.config(), run.report()
        except ModelError:
            continue
        # With early stopping, the report counts only the epochs up to the best one.
        if run.is_bundled or config is None or config.early_stopping or report is None:
            continue
        if network_of(report) is None or with_network_of(report, config) != config:
            continue  # The time that another network takes says nothing.
        expected_s = config.epochs * _epoch_seconds(config)
        is_whole = report.epochs_done == config.epochs
        if is_whole and report.duration_s and expected_s >= MIN_EPOCHS_S:
            yield report.duration_s / expected_s


def matmul_pace() -> float:
    """Estimate the pace from the processor time of a matrix product and the number of cores.

    Processor time, so that a browser busy with the page doesn't make the machine seem slower.
    """
    matrix = np.ones((1024, 1024), np.float32)
    seconds = []
    for _ in range(4):
        began = time.process_time()
        matrix @ matrix
        seconds.append(time.process_time() - began)
    return min(seconds) / MATMUL_S * 2 / (os.cpu_count() or 2)


def _epoch_seconds(config: TrainingConfig) -> float:
    return pictures_per_epoch(config) * picture_seconds(config)
