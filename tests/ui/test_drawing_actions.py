from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from digitrec.ui.drawing_actions import _remember, undo

undone = []
_remember([3], "is in the bin", lambda: undone.append(3))
undo()
undo()
st.text(len(undone))
"""


def test_who_presses_undo_twice_undoes_once() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=30).run()
    assert not app.exception
    assert app.text[0].value == "1"
