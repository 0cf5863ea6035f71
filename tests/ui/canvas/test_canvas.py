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
# Buttons are handled first, as Streamlit's callbacks are.
PAGE = """
import streamlit as st
from digitrec.ui.canvas.canvas import DIGIT_CANVAS

st.text_input("pressed", key="pressed")
for action in st.session_state.pressed.split():
    getattr(DIGIT_CANVAS, action)()
st.session_state.seen = DIGIT_CANVAS.show(16)
"""


def test_undo_and_redo_without_steps_do_nothing() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=HANG_S).run()
    assert not app.exception
    assert app.text[0].value == "1"


def drawn(*numbers: int) -> list[dict[str, Any]]:
    """Return numbered strokes as the browser reports them."""
    return [{"number": n, "width": 16, "points": [[n, 10], [n, 99]]} for n in numbers]


class Tab:
    """A page with a canvas, and a simulated browser.

    Attributes:
        app: The page.
    """

    def __init__(self) -> None:
        self.app = AppTest.from_string(PAGE, default_timeout=HANG_S).run()

    def report(self, strokes: Any, *pressed: str, **values: Any) -> list[int]:
        """Report strokes and press buttons in the same run."""
        drawing = {"strokes": strokes} | values
        self.app.session_state["draw_pen"] = {"drawing": drawing}
        return self.press(*pressed)

    def press(self, *pressed: str) -> list[int]:
        """Press buttons; return the strokes on the canvas afterwards."""
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
        """The generation of the canvas's beginning."""
        return int(self.app.session_state["draw_beginning"].generation)


@pytest.fixture
def tab() -> Tab:
    return Tab()


def test_strokes_of_one_report_are_undone_one_by_one(tab: Tab) -> None:
    assert tab.report(drawn(1, 2, 3)) == [1, 2, 3]
    assert tab.press("undo") == [1, 2]
    assert tab.press("undo") == [1]
    assert tab.press("redo", "redo") == [1, 2, 3]
    assert tab.press("undo", "undo", "undo") == []


def test_a_press_right_after_a_stroke_applies_to_it(tab: Tab) -> None:
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
    # The browser reports it again once it has the new beginning.
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


def test_a_remounted_canvas_begins_with_all_reported_strokes(tab: Tab) -> None:
    tab.report(drawn(5, 6))
    before = tab.generation
    del tab.app.session_state["draw_pen"]
    assert tab.press() == [5, 6]
    beginning = tab.app.session_state["draw_beginning"]
    assert (len(beginning.strokes), beginning.seen) == (2, 6)
    assert tab.generation == before + 1
    # The browser still has strokes that the session missed when the page was left.
    assert tab.report(drawn(7)) == [5, 6, 7]


def test_wiped_strokes_are_shown_again(tab: Tab) -> None:
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


def test_strokes_of_an_earlier_session_are_ignored(tab: Tab) -> None:
    assert tab.report(drawn(1), session="earlier") == []
    assert tab.report(drawn(1)) == [1]


NUMBERS: tuple[Any, ...] = ("9", None, [], {})
NO_STROKES: tuple[Any, ...] = (
    None, 7, "x", [7], [None], [{}], [{"width": 16, "points": 7}], [{"width": 16, "points": [[]]}],
    *([drawn(9)[0] | {"number": number}] for number in NUMBERS),
)  # fmt: skip


@pytest.mark.parametrize("strokes", NO_STROKES)
def test_a_report_with_invalid_strokes_is_ignored(tab: Tab, strokes: Any) -> None:
    tab.report(drawn(1))
    assert tab.report(strokes) == [1]
    assert tab.report(drawn(1, 2)) == [1, 2]


@pytest.mark.parametrize("report", [7, "x", [1], {"pressed": 7}])
def test_an_invalid_report_is_ignored(tab: Tab, report: Any) -> None:
    tab.report(drawn(1))
    tab.app.session_state["draw_pen"] = {"drawing": report}
    assert tab.press() == [1]


def test_a_stroke_reported_twice_is_taken_once(tab: Tab) -> None:
    for _ in range(3):
        assert tab.report(drawn(1)) == [1]
    assert tab.press("undo") == []
    assert not tab.app.session_state["draw_done"]


def test_the_stroke_after_a_finished_drawing_begins_another(tab: Tab) -> None:
    tab.report(drawn(1, 2))
    assert tab.press("finish") == [1, 2]
    assert tab.report(drawn(5, 6)) == [5, 6]
    assert tab.press("undo") == [5]
    assert tab.press("undo") == [1, 2]
    assert tab.press("redo", "redo") == [5, 6]


def test_a_finished_drawing_is_undone_redone_and_cleared(tab: Tab) -> None:
    tab.report(drawn(1, 2))
    tab.press("finish")
    assert tab.press("undo") == [1, 2]
    # It isn't finished anymore: the next stroke belongs to it.
    assert tab.report(drawn(5), generation=tab.generation) == [1, 2, 5]
    tab.press("finish")
    assert tab.press("clear") == []
    assert tab.press("undo") == [1, 2, 5]


def test_a_reopened_drawing_goes_on(tab: Tab) -> None:
    tab.report(drawn(1, 2))
    tab.press("finish")
    assert tab.press("reopen") == [1, 2]
    assert tab.report(drawn(5), generation=tab.generation) == [1, 2, 5]
    assert tab.press("undo", "undo") == [1]


def test_only_what_was_drawn_before_the_press_is_finished(tab: Tab) -> None:
    tab.report(drawn(1))
    # Number 4 is the press.
    assert tab.report(drawn(1, 2, 5), "finish", pressed=[4]) == [5]
    assert tab.press("undo") == [1, 2]


def test_an_empty_canvas_has_nothing_to_finish(tab: Tab) -> None:
    assert tab.press("finish") == []
    assert tab.press("undo") == []
