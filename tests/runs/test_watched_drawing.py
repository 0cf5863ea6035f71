import numpy as np
import pytest

from digitrec.runs.run import Run
from digitrec.runs.watched_drawing import WatchedDrawing, read_watched_drawing
from tests.support.drawings import INPUT


@pytest.mark.parametrize("label", [0, 7, None])
def test_a_run_keeps_the_drawing_it_watches(mine: Run, label: int | None) -> None:
    WatchedDrawing(INPUT, label, "anna").write(mine)
    kept = read_watched_drawing(mine)
    assert kept is not None
    np.testing.assert_array_equal(kept.digit, INPUT)
    assert (kept.label, kept.owner) == (label, "anna")


def test_a_missing_or_damaged_drawing_is_none(mine: Run) -> None:
    assert read_watched_drawing(mine) is None
    WatchedDrawing(INPUT, 7).write(mine)
    mine.watched_path.write_bytes(mine.watched_path.read_bytes()[:100])
    assert read_watched_drawing(mine) is None
