from pathlib import Path
from typing import Any

import numpy as np

from digitrec.ink.stroke_arrays import STROKE_ARRAYS, from_arrays, to_arrays
from digitrec.ink.strokes import Stroke

DRAWN = [
    (Stroke(np.array([[1.0, 2], [3, 4.5]]), 16.0), Stroke(np.array([[7.0, 8]]), 4.5)),
    (),
    (Stroke(np.array([[0.0, 0], [9, 9], [8, 1]]), 2.0),),
]


def test_strokes_survive_a_file(tmp_path: Path) -> None:
    values: dict[str, Any] = to_arrays(DRAWN)
    np.savez_compressed(tmp_path / "drawn.npz", **values)
    with np.load(tmp_path / "drawn.npz") as file:
        arrays = dict(file)
    assert set(arrays) == set(STROKE_ARRAYS)
    assert from_arrays(arrays) == DRAWN


def test_drawings_without_strokes_stay_without() -> None:
    assert from_arrays(to_arrays([(), ()])) == [(), ()]
    assert from_arrays(to_arrays([])) == []
