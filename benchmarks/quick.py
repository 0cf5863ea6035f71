"""Trains with the preset *Quick* and three seeds.

    python -m benchmarks.quick [--seeds 3]

Prints each run's test accuracy and training time in seconds, and their means.
"""

import argparse
import dataclasses
import statistics
import tempfile
from pathlib import Path

from benchmarks.waiting import wait_for_end
from digitrec.jobs.start import start_run
from digitrec.recipes.presets import PRESETS
from digitrec.runs.model_store import ModelStore

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--seeds", type=int, default=3)
arguments = parser.parse_args()

with tempfile.TemporaryDirectory() as folder:
    store = ModelStore(Path(folder))
    reports = []
    for seed in range(arguments.seeds):
        config = dataclasses.replace(PRESETS["quick"], seed=seed)
        reports.append(wait_for_end(start_run(store, config, f"quick-{seed}")))
        accuracy, duration_s = reports[-1].test_accuracy, reports[-1].duration_s
        print(f"seed {seed}: {accuracy:.2%} in {duration_s:.1f} s", flush=True)
accuracy = statistics.mean(report.test_accuracy for report in reports)
duration_s = statistics.mean(report.duration_s or 0.0 for report in reports)
print(f"mean: {accuracy:.2%} in {duration_s:.1f} s")
