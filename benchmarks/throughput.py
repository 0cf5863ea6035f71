"""Compares a training run's throughput with plain ``model.fit`` on the same arrays.

    python -m benchmarks.throughput [--pairs 3] [--epochs 3] [--batch-size 128] [--page]

Both train seed-cnn with Adam on all 60,000 pictures, in turn, each in its own process. The first
epoch isn't counted, since TensorFlow compiles in it. With --page, the app's training page is open
in a browser and follows the run.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import pairwise
from pathlib import Path

from benchmarks.serving import open_browser, start
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR
from tests.browser.conftest import free_port, wait_for_health

PLAIN = """
import sys, time, json, os
import keras
from digitrec.training.keras_networks import build_network, build_optimizer
from digitrec.recipes.parameters import TrainingConfig
from digitrec.datasets.mnist import load_mnist

config = TrainingConfig(epochs=int(sys.argv[1]), batch_size=int(sys.argv[2]))
mnist = load_mnist()
x = mnist.x_train[..., None].astype("float32") / 255
model = build_network(config)
model.compile(build_optimizer(config, 1), "sparse_categorical_crossentropy", metrics=["accuracy"])
ends = [time.perf_counter()]
note = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(time.perf_counter()))
model.fit(x, mnist.y_train, batch_size=config.batch_size, epochs=config.epochs, verbose=0,
          callbacks=[note])
print(json.dumps([after - before for before, after in zip(ends, ends[1:])]))
"""


def plain_epochs(epochs: int, batch_size: int) -> list[float]:
    """Return the seconds of each epoch of plain ``model.fit``, without the first."""
    command = [sys.executable, "-c", PLAIN, str(epochs), str(batch_size)]
    done = subprocess.run(
        command, cwd=PROJECT_DIR, env=_quiet(), stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)[1:]


def run_epochs(epochs: int, batch_size: int, watched: bool) -> list[float]:
    """Return the seconds of each epoch of a run, with checkpoints, without the first epoch."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "run")
        command = [sys.executable, "-m", "digitrec", "train", "--name", run.name]
        command += ["--epochs", str(epochs), "--batch-size", str(batch_size)]
        command += ["--validation-split", "0", "--models-dir", folder]
        process = subprocess.Popen(
            command, cwd=PROJECT_DIR, env=_quiet(), stdout=subprocess.DEVNULL
        )
        with _page_of(run) if watched else nullcontext():
            process.wait()
        ends = [event.time for event in run.events() if event.kind == "epoch"]
    return [after - before for before, after in pairwise(ends)]


@contextmanager
def _page_of(run: Run) -> Iterator[None]:
    """Run the app with a browser on the training page that follows a run."""
    while not run.events():
        time.sleep(0.1)
    port = free_port()
    server = start(port, str(run.path.parent))
    try:
        wait_for_health(f"http://127.0.0.1:{port}")
        with open_browser() as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/train?train_run={run.name}")
            page.get_by_role("button", name="Stop and keep").wait_for()
            yield
    finally:
        server.terminate()
        server.wait()


def _quiet() -> dict[str, str]:
    return os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--pairs", type=int, default=3)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--batch-size", type=int, default=128)
parser.add_argument("--page", action="store_true", help="with the training page open")
arguments = parser.parse_args()

ratios = []
for pair in range(arguments.pairs):
    plain = statistics.median(plain_epochs(arguments.epochs, arguments.batch_size))
    run = statistics.median(run_epochs(arguments.epochs, arguments.batch_size, arguments.page))
    ratios.append(plain / run)
    print(f"pair {pair + 1}: plain {plain:.2f}, run {run:.2f} s/epoch, ratio {plain / run:.3f}")
print(f"throughput of a run / of plain model.fit: median {statistics.median(ratios):.3f}")
