from digitrec.ink.strokes import Stroke, strokes_for_canvas


def test_a_stroke_is_on_the_canvas_as_the_pen_would_have_drawn_it() -> None:
    stroke: Stroke = {"width": 5.5, "points": [[100, 40], [100, 60], [110, 140], [100, 240]]}
    (drawn,) = strokes_for_canvas([stroke], "#16181d")["objects"]
    assert drawn["path"] == [
        ["M", 100, 40], ["Q", 100, 60, 105, 100], ["Q", 110, 140, 105, 190], ["L", 100.01, 240]
    ]  # fmt: skip
    assert (drawn["strokeWidth"], drawn["stroke"], drawn["fill"]) == (5.5, "#16181d", None)


def test_a_dot_is_a_line_that_can_be_seen() -> None:
    (dot,) = strokes_for_canvas([{"width": 9, "points": [[7, 8]]}], "black")["objects"]
    assert dot["path"] == [["M", 7, 8], ["L", 7.01, 8]]


def test_without_strokes_there_are_none() -> None:
    assert strokes_for_canvas([], "black") == {"objects": []}
