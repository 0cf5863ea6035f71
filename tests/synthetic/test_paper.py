import numpy as np
import pytest

from digitrec.synthetic.paper import PATTERNS, paper, rule


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_cover_the_paper_and_stay_in_their_range(pattern) -> None:  # type: ignore[no-untyped-def]
    down, across = np.mgrid[0:40, 0:200].astype(np.float32)
    made = pattern(across, down, np.random.default_rng(1))
    assert made.shape == (40, 200)
    assert np.abs(made).max() < 8


def test_papers_differ() -> None:
    rng = np.random.default_rng(0)
    papers = [paper(40, 200, rng) for _ in range(50)]
    assert all(one.dtype == np.float32 for one in papers)
    spreads = [float(one.std()) for one in papers]
    assert min(spreads) < 0.01
    assert max(spreads) > 0.1


def test_some_papers_are_ruled() -> None:
    rng, darkest = np.random.default_rng(0), []
    for _ in range(60):
        ground = np.zeros((40, 200), np.float32)
        rule(ground, 32.0, rng)
        darkest.append(float(ground.max()))
    ruled = sum(dark > 0.15 for dark in darkest)
    assert 10 < ruled < 45
