from streamlit.testing.v1 import AppTest

from tests.patience import HANG_S

SCRIPT = """
import streamlit as st
from digitrec.ui.canvas import DIGIT_CANVAS
from tests.digits import DIGITS

DIGIT_CANVAS.put([{"width": 16.0, "points": DIGITS[7][0]}])
for action in (DIGIT_CANVAS.undo, DIGIT_CANVAS.undo, DIGIT_CANVAS.redo, DIGIT_CANVAS.redo):
    action()
st.text(len(DIGIT_CANVAS.sketch().strokes))
"""


def test_the_canvass_undo_and_redo_end_where_there_is_no_more() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=HANG_S).run()
    assert not app.exception
    assert app.text[0].value == "1"
