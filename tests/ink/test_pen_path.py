import numpy as np
import pytest

from digitrec.ink.pen_path import CHANNELS, POINTS, drawing_features, pen_path

SEVEN = [np.array([[0.0, 0], [60, 0], [20, 100]])]
BAR = np.array([[20.0, 50], [60, 50]])


def test_points_are_equally_spaced_along_the_strokes() -> None:
    path = pen_path([*SEVEN, BAR])
    assert path.shape == (POINTS, 3)
    assert path[0].tolist() == [0, 0, 0]
    assert path[-1].tolist() == [60, 50, 0]
    steps = np.hypot(*np.diff(path[:, :2], axis=0).T)
    length = 60 + np.hypot(40, 100) + 50 + 40
    assert np.median(steps) == pytest.approx(length / (POINTS - 1), rel=1e-3)


def test_the_way_between_strokes_is_marked_as_lifted() -> None:
    path = pen_path([*SEVEN, BAR])
    lifted = path[path[:, 2] == 1]
    assert len(lifted) == pytest.approx(POINTS * 50 / 257.7, abs=2)
    assert np.allclose(lifted[:, 0], 20, atol=1e-4)
    assert pen_path(SEVEN)[:, 2].sum() == 0


def test_speed_and_number_of_points_make_no_difference() -> None:
    corners = SEVEN[0]
    many = np.concatenate(
        [np.linspace(corners[0], corners[1], 7), np.linspace(corners[1], corners[2], 90)]
    )
    assert drawing_features([[many]]) == pytest.approx(drawing_features([SEVEN]), abs=1e-4)


def test_size_and_place_make_no_difference() -> None:
    moved = [trace * 3.7 + (900, -40) for trace in [*SEVEN, BAR]]
    assert drawing_features([moved]) == pytest.approx(drawing_features([[*SEVEN, BAR]]), abs=1e-3)


@pytest.mark.parametrize("points", [[[5.0, 5]], [[5.0, 5], [5, 5]]])
def test_a_dot_has_features(points: list[list[float]]) -> None:
    features = drawing_features([[np.array(points)]])
    assert features.shape == (1, POINTS, CHANNELS)
    assert (features == 0).all()


def test_features_name_the_direction() -> None:
    right, down = (drawing_features([[np.array([[0.0, 0], end])]]) for end in ((9.0, 0), (0, 9)))
    assert right[0, 50, 2:6].tolist() == [1, 0, 1, 0]
    assert down[0, 50, 2:6].tolist() == [0, 1, -1, 0]


def test_the_doubled_direction_is_the_same_both_ways() -> None:
    there = drawing_features([[BAR]])
    back = drawing_features([[BAR[::-1]]])
    assert np.allclose(there[..., 4:6], back[..., 4:6])
    assert np.allclose(there[..., 2], -back[..., 2])
