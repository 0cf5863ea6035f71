from streamlit.testing.v1 import AppTest

from tests.support.patience import HANG_S

SCRIPT = """
import streamlit as st
from digitrec.ui import drawing_actions
from digitrec.ui.drawings.actions import _remember, _steps, undo

undone = []
_remember(_steps(), [], "moved to the trash", undone.clear)
st.text(len(_steps()))
for number in (3, 4):
    _remember(_steps(), [number], "moved to the trash", lambda number=number: undone.append(number))
# Whatever comes after a press comes too soon, or nothing does.
for drawing_actions.TOO_SOON_S in (3600, 3600, 0, 0):
    undo()
    st.text(undone)
"""


def test_each_step_is_undone_by_a_press_of_its_own() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=HANG_S).run()
    assert not app.exception
    assert [line.value for line in app.text] == ["0", "[4]", "[4]", "[4, 3]", "[4, 3]"]
