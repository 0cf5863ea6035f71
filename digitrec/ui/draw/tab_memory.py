"""What the drawing page is to have again after a reload, kept in the browser's tab.

A reload ends the session that Streamlit keeps. The browser's storage of a tab outlives it, and
even the server: what is on the canvases and how the tools are set is written there as it changes,
and read once when a session begins. Who logs out leaves nothing behind, and what another person
kept is not read.
"""

from contextlib import suppress
from typing import Any

import streamlit as st

from digitrec.errors import BadInputError
from digitrec.ink.strokes import checked_strokes
from digitrec.labels import LABELS
from digitrec.ui.account import NOBODY, person
from digitrec.ui.canvas.canvas import DIGIT_CANVAS, NUMBER_CANVAS, Canvas, session_name
from digitrec.ui.canvas.tools import ask, is_asked_for
from digitrec.ui.draw.saved_sketch import leave_its_label, note_saved, note_unsure, noted
from digitrec.ui.drawings.saved import Saved
from digitrec.ui.tab_storage import tab

CANVASES = {canvas.name: canvas for canvas in (DIGIT_CANVAS, NUMBER_CANVAS)}
SWITCH = (True, False)
PENS = tuple(range(4, 41))
# What each of these keys of the session may be; a text is taken as it is, but for its length.
SETTINGS: dict[str, tuple[Any, ...]] = {
    "draw_kind": ("A digit", "A number"),
    "draw_pen_width": PENS,
    "draw_live": SWITCH,
    "draw_why": SWITCH,
    "draw_near": SWITCH,
    "draw_steps": SWITCH,
    "draw_compare": SWITCH,
    "number_pen_width": PENS,
    "number_live": SWITCH,
}
TEXT = "number_label"
NOT_WRITTEN_THERE = (BadInputError, TypeError, KeyError, AttributeError, ValueError)
LONGEST_TEXT = 100
READ, FIRST = "tab_read", "tab_first"


def take_up_from_tab() -> None:
    """Bring back what the tab has kept, at the beginning of a session.

    It comes with the second run of the script, and before the widgets that it sets.
    """
    # It stays where it is when it is done: what comes after it would be put up anew else. A tab
    # that outlives a session is to read again, for the next one.
    data = {"read_for": None if st.session_state.get(READ) else session_name()}
    tab(key="tab_kept", data=data, default={"kept": None}, on_kept_change=_take)


def keep_in_tab() -> None:
    """Let the tab keep what there is now, if it is not what the session began with."""
    state, now = st.session_state, _now()
    if _is_another(now, state.setdefault(FIRST, now)):
        state[READ] = True
    tab(key="tab_keeping", data={"keep": now if state.get(READ) else None})


def _now() -> dict[str, Any]:
    state = st.session_state
    return {
        "person": person(),
        "settings": {key: state[key] for key in (*SETTINGS, TEXT) if state.get(key) is not None},
        "canvases": {name: _of_canvas(name) for name in CANVASES},
    }


def _is_another(now: dict[str, Any], first: dict[str, Any]) -> bool:
    """Tell whether something was changed; settings that came with an answer don't count."""
    settings = {key: now["settings"].get(key) for key in first["settings"]}
    return now | {"settings": settings} != first


def _of_canvas(name: str) -> dict[str, Any]:
    sketch = CANVASES[name].sketch()
    strokes = sketch.strokes if sketch else []
    return {
        "strokes": strokes,
        "saved": [[number, *saved] for number, saved in noted(name, strokes).items()],
        "asked": bool(sketch and is_asked_for(CANVASES[name], sketch)),
    }


def _take() -> None:
    """Take what the tab has kept; nothing of it, if it is not what was written there."""
    read, state = st.session_state["tab_kept"]["kept"], st.session_state
    if not isinstance(read, dict) or state.get(READ) or read.get("for") != session_name():
        return
    state[READ] = True
    with suppress(*NOT_WRITTEN_THERE):
        _take_all(read["all"])
    for name, canvas in CANVASES.items():
        with suppress(*NOT_WRITTEN_THERE):
            _take_strokes(canvas, name, read)


def _take_all(kept: dict[str, Any]) -> None:
    if kept.get("person", NOBODY) != person():
        return
    for name, canvas in CANVASES.items():
        _take_canvas(canvas, kept["canvases"][name])
    _take_settings(kept["settings"])


def _take_strokes(canvas: Canvas, name: str, read: dict[str, Any]) -> None:
    """Take what the canvas itself has kept, which may be a stroke that was never reported.

    If that is nothing, it was cleared; what a link has brought stays.
    """
    kept = read["canvases"][name]
    if kept["person"] != person():
        return
    if kept["strokes"] or canvas.shows(read["all"]["canvases"][name]["strokes"]):
        canvas.take_up(kept["strokes"])


def _take_canvas(canvas: Canvas, kept: dict[str, Any]) -> None:
    strokes = checked_strokes(kept["strokes"])
    saved = dict(_checked(*one) for one in kept["saved"])
    if strokes:
        if not canvas.shows(strokes):
            canvas.put(strokes)
        if saved:
            note_saved(canvas.name, strokes, saved)
        else:
            note_unsure(canvas.name, strokes)
        if kept["asked"]:
            ask(canvas)


def _checked(number: Any, picture_hash: Any, label: Any) -> tuple[int, Saved]:
    is_label = label is None or (type(label) is int and label in LABELS)
    if type(number) is not int or type(picture_hash) is not str or not is_label:
        raise BadInputError("no drawing is saved like that")
    return number, Saved(picture_hash, label)


def _take_settings(kept: dict[str, Any]) -> None:
    for key, allowed in SETTINGS.items():
        value = kept.get(key)
        if any(value == one and type(value) is type(one) for one in allowed):
            st.session_state[key] = value
    text = kept.get(TEXT)
    if isinstance(text, str):
        st.session_state[TEXT] = text[:LONGEST_TEXT]
        sketch = NUMBER_CANVAS.sketch()
        leave_its_label(NUMBER_CANVAS.name, sketch.strokes if sketch else [])
