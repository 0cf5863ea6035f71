import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from digitrec.ink.stroke_json import from_json, to_json
from digitrec.labels import NO_DIGIT
from tests.support.digits import DIGITS, strokes_of
from tests.support.patience import HANG_S

STROKES = to_json(strokes_of(DIGITS[7]))
KEPT: dict[str, Any] = {
    "settings": {"draw_pen_width": 22, "draw_live": False},
    "canvases": {
        "draw": {"strokes": STROKES, "saved": [[4, "ab", NO_DIGIT]], "asked": True},
        "number": {"strokes": [], "saved": [], "asked": False},
    },
}

SCRIPT = """
import json
import streamlit as st
from digitrec.ink.stroke_json import from_json, to_json
from digitrec.ui.bench import tab_memory

if "taken" not in st.session_state:
    st.session_state["tab_session"] = "this"
    read = {"for": SESSION, "all": json.loads(KEPT), "canvases": json.loads(CANVASES)}
    st.session_state["tab_kept"] = {"kept": read}
    st.session_state["taken"] = True
    if LINKED:
        tab_memory.DIGIT_CANVAS.put(from_json(LINKED))
    tab_memory.take_kept()
    sketch = tab_memory.DIGIT_CANVAS.sketch()
    st.session_state["strokes"] = to_json(sketch.strokes) if sketch else None
"""


def taken(kept: Any, session: str = "this", canvases: Any = None, linked: Any = None) -> AppTest:
    given = f"KEPT, SESSION = {json.dumps(kept)!r}, {session!r}\n"
    given += f"CANVASES, LINKED = {json.dumps(canvases)!r}, {linked!r}\n"
    app = AppTest.from_string(given + SCRIPT, default_timeout=HANG_S).run()
    assert not app.exception
    return app


def test_kept_data_is_restored() -> None:
    state = taken(KEPT).session_state
    assert state["strokes"] == STROKES
    assert state["draw_pen_width"] == 22
    assert state["draw_live"] is False
    assert state["draw_saved"] == [(from_json(STROKES), {4: ("ab", NO_DIGIT)})]
    assert state["draw_asked_for"] == from_json(STROKES)
    assert "number_saved" not in state
    assert "draw_unsure" not in state


def of_canvas(strokes: list[Any], person: str = "") -> dict[str, Any]:
    """Return strokes as the digit canvas's pen keeps them in the tab."""
    return {"draw": {"session": "before", "person": person, "strokes": strokes}}


def finished(kept: dict[str, Any]) -> dict[str, Any]:
    """Return kept data whose drawing is finished: the pen has no strokes of it."""
    draw = kept["canvases"]["draw"] | {"finished": True}
    return kept | {"canvases": kept["canvases"] | {"draw": draw}}


@pytest.mark.parametrize("canvases", [None, of_canvas([])])
def test_a_finished_drawing_is_restored(canvases: Any) -> None:
    state = taken(finished(KEPT), canvases=canvases).session_state
    assert state["strokes"] == STROKES
    assert state["draw_beginning"].strokes == ()


def test_a_stroke_drawn_after_a_finished_drawing_is_restored_alone() -> None:
    newest = [{"width": 16.0, "points": [[20.0, 30.0], [40.0, 50.0]]}]
    state = taken(finished(KEPT), canvases=of_canvas(newest)).session_state
    assert state["strokes"] == newest
    assert state["draw_done"][-1] == from_json(STROKES)


NEWER: list[Any] = [*STROKES, {"width": 16.0, "points": [[20.0, 30.0], [40.0, 50.0]]}]


@pytest.mark.parametrize("strokes", [NEWER, []])
def test_the_pens_strokes_win_over_the_sessions(
    strokes: list[Any],
) -> None:
    state = taken(KEPT, canvases=of_canvas(strokes)).session_state
    assert (state["strokes"] or []) == strokes
    assert state["draw_done"][-1] == from_json(STROKES)
    assert state["draw_saved"] == [(from_json(STROKES), {4: ("ab", NO_DIGIT)})]


@pytest.mark.parametrize("strokes", [NEWER, []])
def test_a_cleared_canvas_keeps_a_drawing_from_a_link(strokes: list[Any]) -> None:
    draw = KEPT["canvases"]["draw"] | {"strokes": []}
    kept = KEPT | {"canvases": KEPT["canvases"] | {"draw": draw}}
    state = taken(kept, canvases=of_canvas(strokes), linked=STROKES).session_state
    assert state["strokes"] == (strokes or STROKES)


def test_the_pens_strokes_are_restored_without_the_sessions() -> None:
    assert taken(None, canvases=of_canvas(NEWER)).session_state["strokes"] == NEWER


@pytest.mark.parametrize(
    "canvases",
    [None, 7, {"draw": None}, {"draw": {}}, {"draw": {"person": ""}}, of_canvas(NEWER, "ada")]
    + [{"draw": {"person": "", "strokes": bad}} for bad in (None, 7, [7], [{"points": 1}])],
)
def test_another_persons_or_invalid_strokes_are_ignored(canvases: Any) -> None:
    assert taken(KEPT, canvases=canvases).session_state["strokes"] == STROKES


def test_a_restored_drawing_may_be_saved_already() -> None:
    draw = KEPT["canvases"]["draw"] | {"saved": []}
    state = taken(KEPT | {"canvases": KEPT["canvases"] | {"draw": draw}}).session_state
    assert state["draw_unsure"] == from_json(STROKES)


@pytest.mark.parametrize(
    "kept",
    [
        None,
        7,
        "text",
        [],
        {},
        {"canvases": {}, "settings": {}},
        KEPT | {"canvases": {"draw": {"strokes": "x"}, "number": {}}},
        KEPT | {"canvases": {name: {"strokes": [{}], "saved": []} for name in ("draw", "number")}},
    ],
)
def test_invalid_data_is_ignored(kept: Any) -> None:
    state = taken(kept).session_state
    assert state["strokes"] is None
    assert "draw_pen_width" not in state


def test_data_read_for_an_earlier_session_is_ignored() -> None:
    assert taken(KEPT, "before").session_state["strokes"] is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("draw_pen_width", 5000),
        ("draw_pen_width", 22.0),
        ("draw_pen_width", True),
        ("draw_live", 1),
        ("draw_kind", "A letter"),
        ("number_label", 12),
        ("secret", 1),
    ],
)
def test_settings_outside_their_limits_are_ignored(key: str, value: Any) -> None:
    assert key not in taken(KEPT | {"settings": {key: value}}).session_state


@pytest.mark.parametrize(
    "saved",
    [4, ["4", "ab", 1], [4, 7, 1], [4, "ab"]]
    + [[4, "ab", label] for label in (11, -1, True, 3.0, [1])],
)
def test_invalid_save_notes_are_ignored(saved: Any) -> None:
    draw = KEPT["canvases"]["draw"] | {"saved": [saved]}
    state = taken(KEPT | {"canvases": KEPT["canvases"] | {"draw": draw}}).session_state
    assert "draw_saved" not in state
    assert state["strokes"] is None


def test_a_long_text_is_cut() -> None:
    state = taken(KEPT | {"settings": {"number_label": "1" * 10_000}}).session_state
    assert len(state["number_label"]) == 100
