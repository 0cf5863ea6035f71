from streamlit.testing.v1 import AppTest

SCRIPT = """
import time
import streamlit as st
from digitrec.ui.drawing_actions import TOO_SOON_S, _remember, _steps, undo

undone = []
_remember(_steps(), [], "moved to the trash", undone.clear)
st.text(len(_steps()))
for number in (3, 4):
    _remember(_steps(), [number], "moved to the trash", lambda number=number: undone.append(number))
for pause in (0, 0, TOO_SOON_S, TOO_SOON_S):
    time.sleep(pause)
    undo()
    st.text(undone)
"""


def test_each_step_is_undone_by_a_press_of_its_own() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=30).run()
    assert not app.exception
    assert [line.value for line in app.text] == ["0", "[4]", "[4]", "[4, 3]", "[4, 3]"]
