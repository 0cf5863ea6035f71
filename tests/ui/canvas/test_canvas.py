from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.patience import HANG_S

SCRIPT = """
import streamlit as st
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from tests.support.digits import DIGITS, strokes_of

DIGIT_CANVAS.put(strokes_of(DIGITS[7]))
for action in (DIGIT_CANVAS.undo, DIGIT_CANVAS.undo, DIGIT_CANVAS.redo, DIGIT_CANVAS.redo):
    action()
st.text(len(DIGIT_CANVAS.sketch().strokes))
"""
# What was pressed while the page is shown is done as a callback does it: before the rest.
PAGE = """
import streamlit as st
from digitrec.ui.canvas.canvas import DIGIT_CANVAS

st.text_input("pressed", key="pressed")
for action in st.session_state.pressed.split():
    getattr(DIGIT_CANVAS, action)()
st.session_state.seen = DIGIT_CANVAS.show(16)
"""


def test_the_canvass_undo_and_redo_end_where_there_is_no_more() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=HANG_S).run()
    assert not app.exception
    assert app.text[0].value == "1"


def drawn(*numbers: int) -> list[dict[str, Any]]:
    """Return strokes as the browser reports them, each at its number."""
    return [{"number": n, "width": 16, "points": [[n, 10], [n, 99]]} for n in numbers]


class Tab:
    """The page with a canvas, and what a browser makes of it.

    Attributes:
        app: The page.
    """

    def __init__(self) -> None:
        self.app = AppTest.from_string(PAGE, default_timeout=HANG_S).run()

    def report(self, strokes: Any, *pressed: str, **values: Any) -> list[int]:
        """Report strokes, and press something before the page has answered."""
        drawing = {"strokes": strokes} | values
        self.app.session_state["draw_pen"] = {"drawing": drawing}
        return self.press(*pressed)

    def press(self, *pressed: str) -> list[int]:
        """Press buttons; return which strokes are on the canvas then."""
        self.app.session_state["pressed"] = " ".join(pressed)
        self.app.run()
        assert not self.app.exception
        return self.shown

    @property
    def shown(self) -> list[int]:
        """The numbers of the strokes on the canvas."""
        sketch = self.app.session_state["seen"]
        return [int(stroke.points[0, 0]) for stroke in sketch.strokes] if sketch else []

    @property
    def generation(self) -> int:
        """How often the canvas was given another beginning."""
        return int(self.app.session_state["draw_beginning"].generation)


@pytest.fixture
def tab() -> Tab:
    return Tab()


def test_strokes_that_come_as_one_report_are_undone_one_at_a_time(tab: Tab) -> None:
    assert tab.report(drawn(1, 2, 3)) == [1, 2, 3]
    assert tab.press("undo") == [1, 2]
    assert tab.press("undo") == [1]
    assert tab.press("redo", "redo") == [1, 2, 3]
    assert tab.press("undo", "undo", "undo") == []


def test_a_press_right_after_a_stroke_is_about_that_stroke(tab: Tab) -> None:
    tab.report(drawn(1))
    assert tab.report(drawn(1, 2, 3), "undo") == [1, 2]
    assert tab.press("redo") == [1, 2, 3]
    assert tab.report(drawn(1, 2, 3, 4), "clear") == []
    assert tab.press("undo") == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("pressed", "left"), [("clear", [3]), ("undo", [1, 3]), ("clear undo", [1, 2, 3])]
)
def test_a_stroke_drawn_before_the_canvas_has_answered_a_press_stays(
    tab: Tab, pressed: str, left: list[int]
) -> None:
    tab.report(drawn(1, 2))
    before = tab.generation
    tab.press(*pressed.split())
    assert tab.report(drawn(1, 2, 3), generation=before) == left
    assert tab.app.session_state["seen"].picture.startswith(b"\x89PNG\r\n")
    # The browser says it again once it has the new beginning.
    assert tab.report(drawn(3), generation=tab.generation) == left
    assert tab.press("undo") == left[:-1]
    assert tab.press("redo") == left


@pytest.mark.parametrize(
    ("pressed", "left"), [("undo", [1, 5, 6]), ("clear", [5, 6]), ("redo", [1, 2, 5, 6])]
)
def test_strokes_that_come_with_a_press_but_were_drawn_after_it_stay(
    tab: Tab, pressed: str, left: list[int]
) -> None:
    tab.report(drawn(1))
    before = tab.generation
    # Number 4 is the press.
    values = {"generation": before, "pressed": [4]}
    assert tab.report(drawn(1, 2, 5, 6), pressed, **values) == left
    assert tab.press("undo") == left[:-1]
    assert tab.press("undo", "undo", "redo") == left[:-2]


def test_a_canvas_that_is_put_up_again_begins_with_all_that_was_reported(tab: Tab) -> None:
    tab.report(drawn(5, 6))
    before = tab.generation
    del tab.app.session_state["draw_pen"]
    assert tab.press() == [5, 6]
    beginning = tab.app.session_state["draw_beginning"]
    assert (len(beginning.strokes), beginning.seen) == (2, 6)
    assert tab.generation == before + 1
    # What the session missed when the page was left is in the browser still.
    assert tab.report(drawn(7)) == [5, 6, 7]


def test_strokes_that_a_new_beginning_wiped_are_put_on_the_canvas_once_more(tab: Tab) -> None:
    tab.report(drawn(1, 2))
    tab.press("undo")
    before = tab.generation
    assert tab.report(drawn(4), wiped=True, generation=before) == [1, 4]
    assert tab.press() == [1, 4]
    assert tab.generation == before + 1
    beginning = tab.app.session_state["draw_beginning"]
    assert (len(beginning.strokes), beginning.seen) == (2, 4)
    assert tab.press("undo") == [1]


def test_wiped_strokes_that_are_refused_are_not_waited_for(tab: Tab) -> None:
    tab.report(drawn(1))
    tab.press("clear")
    before = tab.generation
    assert tab.report([{"number": 4}], wiped=True, generation=before) == []
    assert tab.generation == before


def test_what_an_earlier_session_of_the_tab_drew_is_not_of_this_one(tab: Tab) -> None:
    assert tab.report(drawn(1), session="earlier") == []
    assert tab.report(drawn(1)) == [1]


NUMBERS: tuple[Any, ...] = ("9", None, [], {})
NO_STROKES: tuple[Any, ...] = (
    None, 7, "x", [7], [None], [{}], [{"width": 16, "points": 7}], [{"width": 16, "points": [[]]}],
    *([drawn(9)[0] | {"number": number}] for number in NUMBERS),
)  # fmt: skip


@pytest.mark.parametrize("strokes", NO_STROKES)
def test_a_report_that_is_none_changes_nothing(tab: Tab, strokes: Any) -> None:
    tab.report(drawn(1))
    assert tab.report(strokes) == [1]
    assert tab.report(drawn(1, 2)) == [1, 2]


@pytest.mark.parametrize("report", [7, "x", [1], {"pressed": 7}])
def test_what_is_no_report_changes_nothing(tab: Tab, report: Any) -> None:
    tab.report(drawn(1))
    tab.app.session_state["draw_pen"] = {"drawing": report}
    assert tab.press() == [1]


def test_one_stroke_is_one_stroke_however_often_it_is_reported(tab: Tab) -> None:
    for _ in range(3):
        assert tab.report(drawn(1)) == [1]
    assert tab.press("undo") == []
    assert not tab.app.session_state["draw_done"]
