from typing import Any

import pytest

from digitrec.strokes import Stroke, strokes_for_canvas, strokes_from_canvas

# As the canvas reports a stroke from (100, 40) by (110, 140) to (100, 240).
PATH: dict[str, Any] = {
    "type": "Path",
    "strokeWidth": 16,
    "path": [["M", 100, 40], ["Q", 100, 40, 105, 90], ["Q", 110, 140, 105, 190], ["L", 100, 240]],
}


def test_the_pens_points_are_those_of_the_curve() -> None:
    (stroke,) = strokes_from_canvas({"objects": [PATH]})
    assert stroke == {"width": 16.0, "points": [[100, 40], [100, 40], [110, 140], [100, 240]]}


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
