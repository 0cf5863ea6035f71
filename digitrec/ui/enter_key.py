"""Enter in a text field, which Streamlit doesn't tell from leaving the field."""

from collections.abc import Callable
from typing import Any

import streamlit as st

_JS = """
export default function ({ data, setTriggerValue }) {
    const enter = ({ key, target, repeat, isComposing }) => {
        const isPressed = key === "Enter" && !repeat && !isComposing
        if (isPressed && target.closest?.(`.st-key-${data} input`)) setTriggerValue("entered", true)
    }
    // Streamlit has taken the text when the event arrives here.
    addEventListener("keydown", enter)
    return () => removeEventListener("keydown", enter)
}
"""
_entering = st.components.v2.component("digitrec_enter", js=_JS)


def on_enter(field: str, action: Callable[..., Any], *arguments: Any) -> None:
    """Call something when Enter is pressed in a text field, after its text is taken.

    Args:
        field: The field's key.
        action: What to call.
        arguments: What to call it with.
    """
    _entering(key=f"{field}_enter", data=field, on_entered_change=lambda: action(*arguments))
