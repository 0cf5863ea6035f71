import json
from typing import Any

from digitrec.ink.canvas_json import fabric_drawing
from digitrec.ink.strokes import Strokes
from tests.support.digits import strokes_of


def drawing(strokes: Strokes, generation: int = 1) -> Any:
    return json.loads(fabric_drawing(strokes, "#16181d", "#ffffff", generation))


def test_a_stroke_looks_as_if_drawn_with_the_pen() -> None:
    (drawn,) = drawing(strokes_of([[(100, 40), (100, 60), (110, 140), (100, 240)]], 5.5))["objects"]
    assert drawn["path"] == [
        ["M", 100, 40], ["Q", 100, 60, 105, 100], ["Q", 110, 140, 105, 190], ["L", 100.01, 240]
    ]  # fmt: skip
    assert (drawn["strokeWidth"], drawn["stroke"], drawn["fill"]) == (5.5, "#16181d", None)


def test_a_dot_is_a_visible_line() -> None:
    (dot,) = drawing(strokes_of([[(7, 8)]], 9))["objects"]
    assert dot["path"] == [["M", 7, 8], ["L", 7.01, 8]]


def test_without_strokes_there_is_only_paper() -> None:
    assert drawing(()) == {"objects": [], "background": "#ffffff", "generation": 1}


def test_a_new_generation_changes_the_text() -> None:
    strokes = strokes_of([[(7, 8)]])
    assert drawing(strokes) != drawing(strokes, 2)
