"""Measures the constants of jobs/duration_estimate.py: how long training takes per picture.

python -m benchmarks.estimate
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from digitrec.jobs.duration_estimate import matmul_pace
from digitrec.recipes.networks import NETWORKS
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR

PICTURES = 24_000


def microseconds(*options: str) -> float:
    """Return the microseconds per picture in a run's second epoch."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "digitrec", "train", "--name", "run", "--epochs", "2"]
        command += ["--validation-split", "0", "--training-share", str(PICTURES / 60_000)]
        command += ["--batch-size", "256", "--models-dir", folder, *options]
        subprocess.run(command, cwd=PROJECT_DIR, check=True, capture_output=True)
        ends = [e.time for e in Run(Path(folder) / "run").events() if e.kind == "epoch"]
    return (ends[1] - ends[0]) / PICTURES * 1e6


for network in NETWORKS:
    print(f"{network}: {microseconds('--network', network):.0f} µs per picture", flush=True)
augmented = microseconds("--network", "bn-cnn", "--augmentation")
print(f"bn-cnn, augmentation: {augmented:.0f} µs")
hard = microseconds("--network", "bn-cnn", "--augmentation", "--hard-examples")
print(f"bn-cnn, augmentation, focus on mistakes: {hard:.0f} µs")
print(f"pace by a matrix product: {matmul_pace():.2f}")
