"""Kills runs at random moments, checks what they leave behind, and resumes them.

    python -m tests.soak.killed_runs [--kills 50] [--seed 0]

Half of the runs are new; the others add epochs to the model that the app uses, which must be
served at every moment. Each run is killed up to four times and then finishes. Prints what each run
was doing when it was killed, and its state afterward.
"""

import argparse
import os
import random
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from digitrec.datasets.mnist import load_mnist
from digitrec.jobs.start import extend_run, resume_run, start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from tests.faults.killing import Moment, check_after_kill, check_finished, kill_at
from tests.support.patience import wait_for_end
from tests.support.runs import epochs_of

EPOCHS = 3
SMALL = TrainingConfig(epochs=EPOCHS, batch_size=64, training_share=0.1, augmentation=True)


class Soak:
    """The runs, and a count of the kills and their results."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.store = ModelStore(folder)
        self.rng = random.Random(seed)
        self.killed: Counter[Moment] = Counter()
        self.states: Counter[str] = Counter()
        self.kills_of_resumed = self.finished = 0
        self.digit = load_mnist().x_test[:1]

    def train_first(self) -> None:
        """Train the model that the app uses."""
        run = start_run(self.store, SMALL, "served")
        wait_for_end(run)
        check_finished(self.store, run, EPOCHS)
        self.store.activate("served")

    def go_through(self, number: int, most: int) -> None:
        """Kill one run some times, and let it finish."""
        epochs = EPOCHS
        if number % 2:
            run = start_run(self.store, SMALL, f"run-{number}")
        else:
            run = self.store.run("served")
            epochs = round(epochs_of(run)) + 1
            extend_run(self.store, run, epochs)
        for again in range(self.rng.randint(1, most)):
            if not self._kill(run, again):
                break
            resume_run(self.store, run)
        wait_for_end(run)
        check_finished(self.store, run, epochs)
        self.finished += 1

    def _kill(self, run: Run, again: int) -> bool:
        """Kill a run once; return whether it can be resumed."""
        moment = self._next_moment()
        if not kill_at(run, moment, self.rng):
            return False
        self.killed[moment] += 1
        self.kills_of_resumed += again > 0
        state = check_after_kill(self.store, run)
        self.states[state] += 1
        served = self.store.load_recognizer(self.store.active_name())
        assert served.name == "served"
        assert np.isfinite(served.answers(self.digit).probabilities).all()
        print(f"{self.killed.total()}: {run.name} while {moment}: {state}", flush=True)
        return run.can_be_resumed(state)

    def _next_moment(self) -> Moment:
        """Choose one of the moments with the fewest kills."""
        fewest = min(self.killed[moment] for moment in Moment)
        return self.rng.choice([m for m in Moment if self.killed[m] <= fewest + 1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DIGITREC_MODELS_DIR"] = folder
        os.environ["DIGITREC_DATABASE_URL"] = f"sqlite:///{folder}/drawings.sqlite3"
        soak = Soak(Path(folder), arguments.seed)
        soak.train_first()
        number = 0
        while soak.killed.total() < arguments.kills:
            number += 1
            soak.go_through(number, min(4, arguments.kills - soak.killed.total()))
    for moment in Moment:
        print(f"killed while {moment}: {soak.killed[moment]}")
    print(f"{soak.kills_of_resumed} of {soak.killed.total()} kills hit a resumed run")
    print(f"after the kill: {dict(soak.states)}")
    print(f"{soak.finished} of {number} runs finished with all epochs")


if __name__ == "__main__":
    main()
