import csv
import io

from digitrec.runs.metrics_csv import COLUMNS, metrics_csv
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run


def test_every_step_and_epoch_has_a_line_in_the_order_of_training(mine: Run) -> None:
    events = mine.events()
    progress = read_progress(events)
    assert progress is not None
    rows = list(csv.DictReader(io.StringIO(metrics_csv(events))))
    assert len(rows) == len(progress.steps) + len(progress.epoch_ends)
    times = [float(row["time"]) for row in rows]
    assert times == sorted(times)
    last = rows[-1]
    assert (last["event"], last["epoch"], last["step"]) == ("epoch", "30", "")
    assert float(last["val_loss"]) == progress.epoch_ends[-1]["val_loss"]


def test_of_an_epoch_that_was_begun_twice_the_second_time_counts() -> None:
    started = {"event": "started", "epochs": 2, "epochs_done": 0, "steps_per_epoch": 1}
    step = {"event": "step", "epoch": 1, "step": 1, "loss": 0.5, "accuracy": 0.8}
    events = [started | {"time": 1}, step | {"time": 2}, started | {"time": 3}, step | {"time": 4}]
    (row,) = csv.DictReader(io.StringIO(metrics_csv(events)))
    assert row["time"] == "4"


def test_a_run_that_never_started_has_a_heading_only() -> None:
    assert metrics_csv([]) == ",".join(COLUMNS) + "\r\n"
