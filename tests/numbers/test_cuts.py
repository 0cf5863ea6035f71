import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitrec.arrays import Ink
from digitrec.numbers.cuts import (
    FAINT,
    FLAT,
    LINE_HEIGHT,
    LONGEST,
    Segment,
    cut_line,
    extents,
    scaled_line,
)
from tests.numbers.samples import write


def drawn(*lines: tuple[float, float, float, float], width: int = 200) -> Ink:
    picture = Image.new("L", (width, LINE_HEIGHT))
    for line in lines:
        ImageDraw.Draw(picture).line(line, fill=255, width=6)
    return np.asarray(picture, np.float32) / np.float32(255)


def missed(segment: Segment | None, stroke: Ink) -> float:
    """The difference between a segment and a stroke, as a share of the stroke."""
    if segment is None:
        return 1.0
    difference = stroke.copy()
    difference[:, segment.left : segment.left + segment.ink.shape[1]] -= segment.ink
    return float(np.abs(difference).sum() / stroke.sum())


def test_slanted_strokes_are_separated_along_their_slant() -> None:
    first = drawn((20, 63, 60, 0))
    second = drawn((40, 63, 80, 0))
    cut = cut_line(np.maximum(first, second))
    last = len(cut.cuts) - 1
    before = [cut.between(0, i) for i in range(1, last)]
    after = [cut.between(i, last) for i in range(1, last)]
    assert min(missed(segment, first) for segment in before) < 0.02
    assert min(missed(segment, second) for segment in after) < 0.02


def test_touching_strokes_are_cut_where_they_touch() -> None:
    cut = cut_line(drawn((30, 0, 30, 63), (70, 0, 70, 63), (30, 32, 70, 32)))
    crossing = [int(path[32]) for path in cut.cuts]
    assert any(34 < column < 66 for column in crossing)


def test_there_is_no_part_without_ink() -> None:
    cut = cut_line(drawn((30, 0, 30, 63)))
    assert cut.between(0, len(cut.cuts) - 1) is not None
    assert cut.between(0, 0) is None


@pytest.mark.parametrize("gap", [10, -14])
def test_extents_match_the_parts(gap: float) -> None:
    cut = cut_line(scaled_line(write("25386", gap=gap).layers().max(axis=0)).ink)
    heights = [int(np.ptp(np.flatnonzero(c))) + 1 if c.any() else 64 for c in cut.ink.T]
    tall = np.array(heights) > FLAT * cut.pen
    for begin, (counts, widths) in enumerate(extents(cut)):
        for end, (count, width) in enumerate(zip(counts, widths, strict=True), begin + 1):
            ink, left = cut.segment((begin, end))
            assert count == np.count_nonzero(ink > FAINT)
            if ink.any():
                first, last = np.flatnonzero(ink.any(axis=0))[[0, -1]] + left
                assert width == tall[first : last + 1].sum()


def test_a_long_foot_is_flat() -> None:
    ink = np.zeros((64, 200), np.float32)
    ink[:, 10:16] = ink[58:, 10:190] = 1
    (all_of_it,) = list(extents(cut_line(ink)._replace(cuts=[np.zeros(64, int), np.full(64, 200)])))
    assert all_of_it.widths.tolist() == [6]


def test_a_line_is_scaled_and_keeps_its_position() -> None:
    ink = np.zeros((300, 400), np.float32)
    ink[100:228, 50:100] = 1
    line = scaled_line(ink)
    assert line.ink.shape[0] == LINE_HEIGHT
    assert line.box(Segment(line.ink)) == pytest.approx((50, 100, 100, 228), abs=line.scale)


def test_the_length_of_a_flat_stroke_is_limited() -> None:
    ink = np.zeros((50, 3000), np.float32)
    ink[20:22] = 1
    line = scaled_line(ink)
    assert line.ink.shape[0] == LINE_HEIGHT
    assert line.ink.shape[1] <= LONGEST * LINE_HEIGHT + 4


def test_every_digit_of_a_number_lies_between_two_cuts() -> None:
    number = write("2538", gap=-6)
    layers = number.layers()
    line = scaled_line(layers.max(axis=0))
    cut = cut_line(line.ink)
    boxes = [
        line.box(segment)
        for begin in range(len(cut.cuts) - 1)
        for end in range(begin + 1, len(cut.cuts))
        if (segment := cut.between(begin, end)) is not None
    ]
    for layer in layers:
        columns = np.flatnonzero((layer > 0.5).any(axis=0))
        sides = [max(abs(box[0] - columns[0]), abs(box[2] - columns[-1] - 1)) for box in boxes]
        assert min(sides) < 8
