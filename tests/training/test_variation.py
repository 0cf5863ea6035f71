import numpy as np
import pytest

from digitrec.ink.pen_path import fit_box, pen_path
from digitrec.training.strokes.variation import bent, redrawn, varied_features
from tests.support.digits import DIGITS, traces_of


def test_redrawing_keeps_the_ends_of_all_strokes() -> None:
    four = traces_of(4)
    ends = {tuple(trace[i]) for trace in four for i in (0, -1)}
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(200):
        changed = redrawn(four, rng)
        assert {tuple(trace[i]) for trace in changed for i in (0, -1)} == ends
        seen.add(tuple(tuple(trace[0]) for trace in changed))
    assert len(seen) >= 6  # in other orders and directions


def test_bent_paths_fill_a_box_and_differ() -> None:
    paths = np.stack([pen_path(traces_of(digit)) for digit in DIGITS])
    places = fit_box(paths[..., :2].astype(float))
    changed = bent(places, np.random.default_rng(0))
    extent = np.ptp(changed, axis=1)
    assert extent.max(axis=1) == pytest.approx(np.ones(10))
    moved = np.hypot(*(changed - places).T).mean(axis=0)
    assert (moved > 0.01).all()
    assert (moved < 0.35).all()


def test_the_same_seed_varies_alike() -> None:
    drawings = [traces_of(digit) for digit in DIGITS]
    one, same, other = (
        varied_features(drawings, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert (one == same).all()
    assert (one != other).any()
    assert np.isfinite(one).all()
