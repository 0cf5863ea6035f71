import csv
import io

from digitrec.runs.metrics_csv import COLUMNS, metrics_csv
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run
from tests.support.runs import STARTED, step


def test_every_step_and_epoch_has_a_row_in_training_order(mine: Run) -> None:
    events = mine.events()
    progress = read_progress(events)
    assert progress is not None
    rows = list(csv.DictReader(io.StringIO(metrics_csv(events))))
    assert len(rows) == len(progress.steps) + len(progress.epoch_ends)
    times = [float(row["time"]) for row in rows]
    assert times == sorted(times)
    last = rows[-1]
    assert (last["event"], last["epoch"], last["step"]) == ("epoch", "30", "")
    assert float(last["val_loss"]) == progress.epoch_ends[-1].val_loss


def test_a_repeated_epoch_replaces_the_first_attempt() -> None:
    events = [STARTED, step(time=2), STARTED, step(time=4)]
    (row,) = csv.DictReader(io.StringIO(metrics_csv(events)))
    assert float(row["time"]) == 4


def test_a_run_that_never_started_only_has_a_header() -> None:
    assert metrics_csv([]) == ",".join(COLUMNS) + "\r\n"
