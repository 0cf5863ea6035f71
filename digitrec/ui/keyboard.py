"""Keys for people who use no mouse: Tab into popovers, and Enter on what has the focus."""

from collections.abc import Callable
from typing import Any

import streamlit as st

_LISTENING = """
const LONGEST_MS = 2000
const BUTTON = "[data-testid=stPopoverButton]", BODY = "[data-testid=stPopoverBody]"

// What Tab stops at in the open popover, which Streamlit puts at the end of the page.
function stops() {
    const kinds = ":is(a, button, input, textarea, summary, [tabindex])"
    const found = [...document.querySelectorAll(`${BODY} ${kinds}`)]
    return found.filter(each => !each.disabled && each.tabIndex >= 0 && each.checkVisibility())
}

export default function () {
    // Opened by a key, unlike by a click, a popover takes the focus.
    const enter = ({ target, detail }) => {
        if (detail || !target.closest?.(BUTTON)) return
        const end = performance.now() + LONGEST_MS
        const look = () => {
            const [first] = stops()
            if (first) first.focus()
            else if (performance.now() < end) requestAnimationFrame(look)
        }
        look()
    }
    // As in a dialog, Tab stays in it until Escape closes it.
    const stay = event => {
        const { key, shiftKey, target } = event
        const all = key === "Tab" ? stops() : []
        const end = shiftKey ? all[0] : all.at(-1)
        const isBefore = target.matches?.(`${BUTTON}[aria-expanded=true]`) && !shiftKey
        if (!all.length || !(isBefore || target === end)) return
        event.preventDefault()
        all.at(shiftKey ? -1 : 0).focus()
    }
    // Enter is the shortcut of Save, but on a button or link it presses that. Shortcuts listen at
    // the document, Streamlit's elements below the body.
    const press = event => {
        const [focused] = event.composedPath()
        if (event.key === "Enter" && focused.closest("a, button, summary")) event.stopPropagation()
    }
    document.addEventListener("click", enter)
    document.addEventListener("keydown", stay)
    document.body.addEventListener("keydown", press)
    return () => {
        document.removeEventListener("click", enter)
        document.removeEventListener("keydown", stay)
        document.body.removeEventListener("keydown", press)
    }
}
"""
_listening = st.components.v2.component("digitrec_keyboard", js=_LISTENING)

# Streamlit doesn't tell Enter from leaving the field.
_ENTERING = """
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
_entering = st.components.v2.component("digitrec_enter", js=_ENTERING)


def listen_to_keyboard() -> None:
    """Let the keyboard do what a mouse does. Call this last: a component leaves a gap."""
    _listening(key="keyboard")


def on_enter(field: str, action: Callable[..., Any], *arguments: Any) -> None:
    """Call something when Enter is pressed in a text field, after its text is taken.

    Args:
        field: The field's key.
        action: What to call.
        arguments: What to call it with.
    """
    _entering(key=f"{field}_enter", data=field, on_entered_change=lambda: action(*arguments))
