"""Compares a run that is killed and resumed at random moments with one that isn't.

    python -m benchmarks.resume [--kills 10] [--epochs 6] [--seed 0]

Both train seed-cnn on all pictures with the same seed. Prints how much was trained twice because
of the kills, whether all epochs were done, and both test accuracies.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.waiting import wait_for_end
from digitrec.jobs.start import resume_run, start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.events import Step
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run, RunState


def kill_once(store: ModelStore, run: Run, longest_s: float) -> None:
    """Kill the run's process some seconds after its first step, then resume the run."""
    seen = len(run.events())
    while not any(event.kind == "step" for event in run.events()[seen:]):
        if not run.state().is_live:
            return
        time.sleep(0.05)
    time.sleep(random.uniform(0, longest_s))
    pid = run.process_id()
    if pid is None or run.state() != RunState.RUNNING:
        return
    psutil.Process(pid).kill()
    while run.is_alive():
        time.sleep(0.05)
    last = [event for event in run.events() if isinstance(event, Step)][-1]
    resume_run(store, run)
    print(f"killed in epoch {last.epoch} after step {last.step}", flush=True)


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--kills", type=int, default=10)
parser.add_argument("--epochs", type=int, default=6)
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()
random.seed(arguments.seed)
config = TrainingConfig(epochs=arguments.epochs, schedule="cosine", augmentation=True)

with tempfile.TemporaryDirectory() as folder:
    store = ModelStore(Path(folder))
    undisturbed = wait_for_end(start_run(store, config, "undisturbed"))
    run = start_run(store, config, "killed")
    longest_s = 2 * (undisturbed.duration_s or 0.0) / arguments.kills
    for _ in range(arguments.kills):
        kill_once(store, run, longest_s)
    killed = wait_for_end(run)
    progress = read_progress(run.events())
    steps = [event for event in run.events() if isinstance(event, Step)]
    kept = len(progress.steps) if progress else 0
    ends = [end.epoch for end in progress.epoch_ends] if progress else []
    print(f"epochs done: {ends}")
    print(f"trained twice: {len(steps) - kept} of {len(steps)} parts between two events")
    for name, report in (("undisturbed", undisturbed), ("killed", killed)):
        print(f"test accuracy {name}: {report.test_accuracy:.2%}")
