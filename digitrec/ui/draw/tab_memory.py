"""What the drawing page is to have again after a reload, kept in the browser's tab.

A reload ends the session that Streamlit keeps. The browser's storage of a tab outlives it, and
even the server: what is on the canvases and how the tools are set is written there as it changes,
and read once when a session begins. Who logs out leaves nothing behind, and what another person
kept is not read.
"""

import json
from contextlib import suppress
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import streamlit as st

from digitrec.errors import DatasetError
from digitrec.ink.stroke_json import StrokeJson, strokes_of, to_json
from digitrec.ink.strokes import Strokes
from digitrec.labels import LABELS
from digitrec.ui.account import NOBODY, person
from digitrec.ui.canvas.canvas import DIGIT_CANVAS, NUMBER_CANVAS, Canvas, session_name
from digitrec.ui.canvas.report import NumberedStroke, numbered
from digitrec.ui.canvas.tools import ask, is_asked_for
from digitrec.ui.draw.saved_sketch import leave_its_label, note_saved, note_unsure, noted
from digitrec.ui.drawings.saved import Saved
from digitrec.ui.tab_storage import tab

CANVASES = {canvas.name: canvas for canvas in (DIGIT_CANVAS, NUMBER_CANVAS)}
PenWidth = Annotated[int, msgspec.Meta(ge=4, le=40)]
# What each of these keys of the session may be; a text is taken as it is, but for its length.
SETTINGS: dict[str, Any] = {
    "draw_kind": Literal["A digit", "A number"],
    "draw_pen_width": PenWidth,
    "draw_live": bool,
    "draw_why": bool,
    "draw_near": bool,
    "draw_steps": bool,
    "draw_compare": bool,
    "number_pen_width": PenWidth,
    "number_live": bool,
}
TEXT = "number_label"
LONGEST_TEXT = 100
READ, FIRST = "tab_read", "tab_first"
Label = Annotated[int, msgspec.Meta(ge=min(LABELS), le=max(LABELS))]
Form = TypeVar("Form")


class KeptCanvas(msgspec.Struct):
    """What the session let the tab keep of a canvas.

    Attributes:
        strokes: What was on it.
        saved: How it was saved: the numbers of the drawings, the hashes of their pictures in
            hexadecimal, and their labels.
        asked: Whether there was an answer.
    """

    strokes: list[StrokeJson]
    saved: list[tuple[int, str, Label | None]]
    asked: bool


class KeptCanvases(msgspec.Struct):
    """What the session let the tab keep of both canvases."""

    draw: KeptCanvas
    number: KeptCanvas


class KeptAll(msgspec.Struct):
    """All that the session let the tab keep, and the person whose it is."""

    canvases: KeptCanvases
    settings: dict[str, Any]
    person: str = NOBODY


class KeptByPen(msgspec.Struct):
    """What the pen itself has kept of a canvas, and the person whose it is."""

    person: str
    strokes: list[NumberedStroke]


class Read(msgspec.Struct):
    """What was read in the tab; of what is broken, the rest may still be whole.

    Attributes:
        session: The session that it was read for.
        everything: What the session before let the tab keep.
        canvases: What the pen kept, by the names of the canvases.
    """

    session: str = msgspec.field(name="for")
    everything: Any = msgspec.field(name="all")
    canvases: Any


def take_up_from_tab() -> None:
    """Bring back what the tab has kept, at the beginning of a session.

    It comes with the second run of the script, and before the widgets that it sets.
    """
    # It stays where it is when it is done: what comes after it would be put up anew else. A tab
    # that outlives a session is to read again, for the next one.
    data = {"read_for": None if st.session_state.get(READ) else session_name()}
    tab(key="tab_kept", data=data, default={"kept": None}, on_kept_change=take_kept)


def keep_in_tab() -> None:
    """Let the tab keep what there is now, if it is not what the session began with."""
    state, now = st.session_state, _now()
    if _is_another(now, state.setdefault(FIRST, now)):
        state[READ] = True
    # As text, since Streamlit would import pandas to see whether a dictionary is a table.
    tab(key="tab_keeping", data={"keep": json.dumps(now) if state.get(READ) else None})


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
    strokes = sketch.strokes if sketch else ()
    return {
        "strokes": to_json(strokes),
        "saved": [[number, *saved] for number, saved in noted(name, strokes).items()],
        "asked": bool(sketch and is_asked_for(CANVASES[name], sketch)),
    }


def take_kept() -> None:
    """Take what the tab has kept; nothing of it, if it is not what was written there."""
    state = st.session_state
    read = _checked(state["tab_kept"]["kept"], Read)
    if read is None or state.get(READ) or read.session != session_name():
        return
    state[READ] = True
    kept = _checked(read.everything, KeptAll)
    if kept and kept.person == person():
        with suppress(DatasetError):
            _take_all(kept)
    by_pen = _checked(read.canvases, dict[str, Any]) or {}
    for name, canvas in CANVASES.items():
        strokes = _checked(by_pen.get(name), KeptByPen)
        if strokes and strokes.person == person():
            with suppress(DatasetError):
                _take_strokes(canvas, strokes, kept)


def _checked(value: Any, form: type[Form]) -> Form | None:
    """Return what was kept in its form; None if it is of another."""
    with suppress(msgspec.ValidationError):
        return msgspec.convert(value, form)
    return None


def _take_all(kept: KeptAll) -> None:
    drawn = {name: _strokes(kept, name) for name in CANVASES}
    for name, canvas in CANVASES.items():
        if drawn[name]:
            _take_canvas(canvas, drawn[name], getattr(kept.canvases, name))
    _take_settings(kept.settings)


def _strokes(kept: KeptAll, name: str) -> Strokes:
    return strokes_of(getattr(kept.canvases, name).strokes)


def _take_strokes(canvas: Canvas, by_pen: KeptByPen, kept: KeptAll | None) -> None:
    """Take what the pen itself has kept, which may be a stroke that was never reported.

    If that is nothing, the canvas was cleared; what a link has brought stays.
    """
    if by_pen.strokes or (kept and canvas.shows(_strokes(kept, canvas.name))):
        canvas.take_up(numbered(by_pen.strokes))


def _take_canvas(canvas: Canvas, strokes: Strokes, kept: KeptCanvas) -> None:
    if not canvas.shows(strokes):
        canvas.put(strokes)
    if kept.saved:
        saved = {number: Saved(picture, label) for number, picture, label in kept.saved}
        note_saved(canvas.name, strokes, saved)
    else:
        note_unsure(canvas.name, strokes)
    if kept.asked:
        ask(canvas)


def _take_settings(kept: dict[str, Any]) -> None:
    state = st.session_state
    for key, form in SETTINGS.items():
        with suppress(KeyError, msgspec.ValidationError):
            state[key] = msgspec.convert(kept[key], form)
    if (text := _checked(kept.get(TEXT), str)) is not None:
        state[TEXT] = text[:LONGEST_TEXT]
        sketch = NUMBER_CANVAS.sketch()
        leave_its_label(NUMBER_CANVAS.name, sketch.strokes if sketch else ())
