"""The note of a drawing, which is kept however the dialog around it is closed."""

import streamlit as st

from digitrec.drawings.schema import Drawing
from digitrec.ui.page_frame import act
from digitrec.ui.resources import drawing_store

# Streamlit takes a text when one leaves its field, but Escape removes the field with the dialog. So
# the field is left first.
_JS = """
export default function () {
    const leave = ({ key }) => {
        const note = document.querySelector("[class*=st-key-drawing_note_] textarea:focus")
        if (key === "Escape") note?.blur()
    }
    addEventListener("keydown", leave, true)
    return () => removeEventListener("keydown", leave, true)
}
"""
_leaving = st.components.v2.component("digitrec_note", js=_JS)


def note_field(drawing: Drawing) -> None:
    """Show a drawing's note, and write what a person changes."""
    st.text_area(
        "Note",
        drawing.note,
        height=80,
        key=f"drawing_note_{drawing.id}",
        on_change=act,
        args=(_write, drawing.id),
    )


def keep_note_on_escape() -> None:
    """Let Escape keep what is being typed. Call this last: a component leaves a gap."""
    _leaving(key="drawing_note_leaving")


def _write(number: int) -> None:
    drawing_store().write_note(number, st.session_state[f"drawing_note_{number}"])
