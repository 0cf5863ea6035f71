import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from digitrec.datasets.ink_files import load_ink
from digitrec.errors import DatasetError
from digitrec.numbers.composition import Spacing
from digitrec.numbers.evaluation import compose_numbers
from tests.conftest import Shell
from tests.support.digits import DIGITS


@pytest.fixture
def ink(tmp_path: Path) -> Path:
    """Two writers with each digit once, and one with a single digit."""
    rows = []
    for writer, labels in (("a", range(10)), ("b", range(10)), ("c", [4])):
        for label in labels:
            strokes = [np.array(stroke) for stroke in DIGITS[label]]
            points = np.concatenate(strokes)
            scale = 1000 / np.ptp(points, axis=0).max()
            moved = [np.rint((s - points.min(axis=0)) * scale).tolist() for s in strokes]
            rows.append({"writer": writer, "label": str(label), "strokes": moved})
    path = tmp_path / "ink.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_every_writer_has_numbers_of_every_nearness(ink: Path) -> None:
    drawings = load_ink(ink)
    numbers = compose_numbers(drawings, seed=0)
    assert Counter(number.spacing for number in numbers) == dict.fromkeys(Spacing, 6)
    assert {len(number.text) for number in numbers} <= {2, 3, 4, 5, 6}
    assert all(number.composed.owners[-1] == len(number.text) - 1 for number in numbers)
    assert [n.text for n in compose_numbers(drawings, seed=0)] == [n.text for n in numbers]
    assert [n.text for n in compose_numbers(drawings, seed=1)] != [n.text for n in numbers]


def test_single_digits_make_no_number(ink: Path) -> None:
    with pytest.raises(DatasetError, match="no writer has at least two digits"):
        compose_numbers(load_ink(ink)[-1:], seed=0)


def test_the_shell_measures_numbers(shell: Shell, ink: Path) -> None:
    done = shell("evaluate", "--ink", ink, "--numbers", "--json")
    results = json.loads(done.stdout)
    assert results["count"] == 18
    for how in ("strokes", "picture"):
        assert results[how]["apart"] == results[how]["close"] == 1
        assert results[how]["touching"] >= 0.5
    words = shell("evaluate", "--ink", ink, "--numbers").stdout
    assert "from strokes: apart 100.00%" in words
    refused = shell("evaluate", "--numbers")
    assert refused.returncode == 2
    assert "--numbers needs --ink" in refused.stderr
