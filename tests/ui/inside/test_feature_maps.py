import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from digitrec.arrays import Floats
from digitrec.ui.inside.feature_maps import filter_sheet, map_sheets


def maps(height: int, count: int) -> Floats:
    """Return black maps with one bright pixel each, from 4 in the first to 2 in the last."""
    made = np.zeros((height, height, count), np.float32)
    made[1, 2] = np.linspace(4, 2, count)
    return made


def lightness(sheet: Image.Image) -> Floats:
    return np.asarray(sheet.convert("L"), np.float32)


def pieces(sheet: Image.Image, columns: int, gap: int) -> tuple[int, int]:
    """Return the columns and rows of a sheet whose pictures are squares."""
    side = (sheet.width + gap) / columns
    return columns, round((sheet.height + gap) / side)


def test_few_maps_are_one_sheet_and_many_are_two_of_the_same_size() -> None:
    (one,) = map_sheets(maps(24, 32), is_dark=True)
    left, right = map_sheets(maps(10, 64), is_dark=True)
    assert pieces(one, 8, 4) == (8, 4)
    assert left.size == right.size
    assert pieces(left, 8, 4) == (8, 4)


def test_small_maps_are_drawn_smaller() -> None:
    (sheet,) = map_sheets(maps(5, 128), is_dark=True)
    assert pieces(sheet, 16, 4) == (16, 8)


def test_maps_keep_their_order_and_share_one_scale() -> None:
    (sheet,) = map_sheets(maps(26, 3), is_dark=True)
    factor = (960 // 8 - 4) // 26
    x, y = int(2.5 * factor), int(1.5 * factor)
    light = [lightness(sheet)[y, x + i * (26 * factor + 4)] for i in range(3)]
    assert light[0] > 240
    assert light[0] > light[1] > light[2] > 90
    assert lightness(sheet)[0, 0] < 2


@pytest.mark.parametrize("is_dark", [True, False])
def test_farther_from_the_page_always_means_more(is_dark: bool) -> None:
    ramp = np.linspace(0, 1, 26 * 26, dtype=np.float32).reshape(26, 26, 1)
    (sheet,) = map_sheets(ramp, is_dark)
    factor = (960 // 8 - 4) // 26
    light = lightness(sheet)[: 26 * factor : factor, : 26 * factor : factor].ravel()
    steps = np.diff(light) if is_dark else -np.diff(light)
    assert (steps >= 0).all()
    assert abs(light[-1] - light[0]) > 200


def test_gaps_are_seen_on_any_page_and_empty_places_are_not() -> None:
    (sheet,) = map_sheets(maps(26, 9), is_dark=False)
    opacity = np.asarray(sheet.convert("RGBA"))[..., 3]
    side = (sheet.width + 4) // 8
    gap = opacity[: side - 4, side - 4 : side]
    assert ((gap > 80) & (gap < 200)).all()
    assert (opacity[side:, side:] == 0).all()
    assert (opacity[: side - 4, : side - 4] == 255).all()


@pytest.mark.filterwarnings("error")
def test_empty_maps_are_as_dark_or_light_as_the_page() -> None:
    empty = np.zeros((26, 26, 8), np.float32)
    (dark,), (light,) = map_sheets(empty, is_dark=True), map_sheets(empty, is_dark=False)
    is_map = np.asarray(dark.convert("RGBA"))[..., 3] == 255
    assert lightness(dark)[is_map].max() < 2
    assert lightness(light)[is_map].min() > 253


def filter_colors(*, is_dark: bool) -> tuple[npt.NDArray[np.int64], ...]:
    """Return the colors of a weight of 0.5, of 0 and of -0.25, int64 (3,) each."""
    filters = np.zeros((3, 3, 8), np.float32)
    filters[0, 0, 0], filters[2, 2, 0] = 0.5, -0.25
    colors = np.asarray(filter_sheet(filters, is_dark).convert("RGB")).astype(np.int64)
    side = (960 // 8 - 16) // 3
    return tuple(colors[side // 2 + i * side, side // 2 + i * side] for i in range(3))


def test_filters_are_red_above_zero_blue_below_and_white_at_zero_on_a_light_page() -> None:
    red, white, blue = filter_colors(is_dark=False)
    assert red[0] > 2 * red[2]
    assert blue[2] > blue[0] + 50
    assert white.min() > 240
    # Half the weight has a paler color.
    assert blue.sum() > red.sum() + 200


def test_filters_on_a_dark_page_are_dark_at_zero_and_lighter_the_more_they_weigh() -> None:
    red, none, blue = filter_colors(is_dark=True)
    assert none.max() < 45
    assert red[0] > red[2]
    assert blue[2] > blue[0]
    assert red.sum() > blue.sum() > none.sum()
