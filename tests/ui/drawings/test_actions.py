from streamlit.testing.v1 import AppTest

from tests.support.patience import HANG_S

SCRIPT = """
import streamlit as st
from digitrec.ui.drawings import actions
from digitrec.ui.drawings.actions import remember, undo, undo_steps

undone = []
remember(undo_steps(), [], "moved to the trash", undone.clear)
st.text(len(undo_steps()))
for number in (3, 4):
    remember(undo_steps(), [number], "moved", lambda number=number: undone.append(number))
# With a limit of an hour every press is too soon; with none, no press is.
for actions.TOO_SOON_S in (3600, 3600, 0, 0):
    undo()
    st.text(undone)
"""


def test_each_press_undoes_one_step() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=HANG_S).run()
    assert not app.exception
    assert [line.value for line in app.text] == ["0", "[4]", "[4]", "[4, 3]", "[4, 3]"]
