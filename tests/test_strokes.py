from typing import Any

import pytest

from digitrec.strokes import Stroke, strokes_for_canvas, strokes_from_canvas

# As the canvas sent it for a stroke from (100, 40) by (110, 140) to (100, 240), shortened.
PATH: dict[str, Any] = {
    "type": "Path",
    "left": 102.5,
    "top": 140,
    "strokeWidth": 16,
    "scaleX": 1,
    "scaleY": 1,
    "angle": 0,
    "path": [["M", 100, 40], ["Q", 100, 40, 105, 90], ["Q", 110, 140, 105, 190], ["L", 100, 240]],
}
# The first curve ends at x = 105, the second swings out to 107.5, halfway to its control point.
CENTRE = (103.75, 140)


def moved(**changes: Any) -> dict[str, Any]:
    return {"objects": [PATH | {"left": CENTRE[0], "top": CENTRE[1]} | changes]}


def test_the_pens_points_are_those_of_the_curve() -> None:
    (stroke,) = strokes_from_canvas(moved())
    assert stroke == {"width": 16.0, "points": [[100, 40], [100, 40], [110, 140], [100, 240]]}


def test_a_stroke_that_was_moved_is_where_it_was_moved_to() -> None:
    (stroke,) = strokes_from_canvas(moved(left=CENTRE[0] + 30, top=CENTRE[1] - 10))
    assert stroke["points"][0] == [130, 30]


def test_a_stroke_that_was_scaled_grows_about_its_centre() -> None:
    (stroke,) = strokes_from_canvas(moved(scaleX=2, scaleY=2))
    assert stroke["points"][-1] == pytest.approx([CENTRE[0] - 7.5, 340])
    assert stroke["width"] == 32


def test_a_stroke_that_was_turned_turns_clockwise() -> None:
    (stroke,) = strokes_from_canvas(moved(angle=90))
    assert stroke["points"][0] == pytest.approx([CENTRE[0] + 100, CENTRE[1] - 3.75])


def test_saved_strokes_are_the_same_on_the_canvas_again() -> None:
    strokes: list[Stroke] = [
        {"width": 16.0, "points": [[100, 40], [100, 40], [110, 140], [100, 240]]},
        {"width": 5.5, "points": [[3.25, 4.5], [9, 9]]},
        {"width": 9.0, "points": [[7, 7]]},
    ]
    again = strokes_from_canvas(strokes_for_canvas(strokes))
    assert again[:2] == strokes[:2]
    assert again[2]["points"] == [[7, 7], [7, 7]]


@pytest.mark.parametrize(
    "drawing", [None, {}, {"objects": []}, {"objects": [{"type": "Rect"}, {"type": "Path"}]}]
)
def test_without_strokes_there_are_none(drawing: dict[str, Any] | None) -> None:
    assert strokes_from_canvas(drawing) == []
