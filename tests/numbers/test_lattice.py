import math

import pytest

from digitrec.numbers.lattice import best_path, best_path_in_turn


def test_the_best_of_all_paths_is_found() -> None:
    scores = {(0, 1): -1.0, (1, 2): -1.0, (2, 3): -1.0, (0, 2): -1.5, (1, 3): -5.0}
    path = best_path(3, scores)
    assert path.spans == [(0, 2), (2, 3)]
    assert path.score == pytest.approx(-2.5)
    every = [math.exp(score) for score in (-3.0, -2.5, -6.0)]
    assert math.exp(path.total) == pytest.approx(sum(every))


def test_the_total_of_a_single_path_is_its_score() -> None:
    path = best_path(2, {(0, 1): -50.0, (1, 2): -700.0})
    assert path.total == pytest.approx(path.score) == pytest.approx(-750)


def test_without_a_path_the_score_is_minus_infinity() -> None:
    path = best_path(2, {(0, 1): 0.0})
    assert (path.spans, path.score, path.total) == ([], -math.inf, -math.inf)


def test_each_group_has_scores_of_its_own() -> None:
    as_two = {(0, 1): -1.0, (0, 2): -9.0, (1, 3): -9.0, (2, 3): -2.0}
    as_six = {(0, 1): -9.0, (0, 2): -1.0, (1, 3): -3.0, (2, 3): -1.0}
    assert best_path_in_turn(3, [as_two, as_six], {}).spans == [(0, 1), (1, 3)]
    assert best_path_in_turn(3, [as_six, as_two], {}).spans == [(0, 2), (2, 3)]
    path = best_path_in_turn(3, [as_two], {(1, 3): -0.5})
    assert path.spans == [(0, 1)]
    assert path.score == pytest.approx(-1.5)
    assert best_path_in_turn(3, [as_two] * 4, {}).spans == []
