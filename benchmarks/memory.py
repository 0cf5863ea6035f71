"""Measures the peak memory of a training run.

    python -m benchmarks.memory [PRESET]

Runs one epoch of a preset, *best* by default, and prints the largest resident set of its process,
without the short-lived processes that make its pictures.
"""

import argparse
import dataclasses
import tempfile
import time
from pathlib import Path

import psutil

from digitrec.jobs.start import start_run
from digitrec.recipes.presets import PRESETS
from digitrec.runs.model_store import ModelStore

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("preset", choices=tuple(PRESETS), nargs="?", default="best")
arguments = parser.parse_args()

with tempfile.TemporaryDirectory() as folder:
    store = ModelStore(Path(folder))
    config = dataclasses.replace(PRESETS[arguments.preset], epochs=1)
    run = start_run(store, config, "run")
    largest: dict[str, int] = {}
    while (pid := run.process_id()) is not None:
        doing = run.events()[-1].kind
        try:
            resident = psutil.Process(pid).memory_info().rss
        except psutil.NoSuchProcess:
            break
        largest[doing] = max(largest.get(doing, 0), resident)
        time.sleep(0.1)
for doing, resident in largest.items():
    print(f"after {doing!r}: {resident / 2**20:,.0f} MiB")
print(f"at most: {max(largest.values()) / 2**20:,.0f} MiB")
