import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from digitrec.extremes import connected_parts, greatest_near, least_near


@pytest.mark.parametrize("size", [1, 3, 5, 17, 31])
@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (40, 7)])
def test_extremes_are_those_of_the_window(shape: tuple[int, int], size: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    picture = Image.fromarray(pixels)
    assert (greatest_near(pixels, size) == picture.filter(ImageFilter.MaxFilter(size))).all()
    assert (least_near(pixels, size) == picture.filter(ImageFilter.MinFilter(size))).all()


def test_parts_are_connected_over_any_way() -> None:
    rows = ["##.#..#", "..#.#.#", "#.###.#", "#.....#", "#######"]
    parts = connected_parts(np.array([list(row) for row in rows]) == "#")
    assert parts.tolist() == [
        [1, 1, 0, 2, 0, 0, 3],
        [0, 0, 4, 0, 4, 0, 3],
        [3, 0, 4, 4, 4, 0, 3],
        [3, 0, 0, 0, 0, 0, 3],
        [3, 3, 3, 3, 3, 3, 3],
    ]
    assert not connected_parts(np.zeros((4, 4), bool)).any()


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_parts_are_what_a_flood_fills(share: float) -> None:
    marks = np.random.default_rng(1).random((40, 60)) < share
    parts, picture = connected_parts(marks), Image.fromarray(marks.astype(np.uint8)).copy()
    for number in range(1, int(parts.max()) + 1):
        row, column = np.argwhere(parts == number)[0]
        ImageDraw.floodfill(picture, (int(column), int(row)), 2)
        assert ((np.asarray(picture) == 2) == (parts == number)).all()
        ImageDraw.floodfill(picture, (int(column), int(row)), 0)
    assert not np.asarray(picture).any()
