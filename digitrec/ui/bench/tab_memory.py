"""Keeps the drawing page's state in the browser's tab, so that a reload doesn't lose it.

A reload ends Streamlit's session, but the tab's storage outlives it, and even the server. The
drawings and the tools' settings are written there when they change, and read once when a session
begins. Logging out clears the storage, and another person's data is never read.
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
from digitrec.ui.bench.saved_sketch import leave_its_label, note_saved, note_unsure, noted
from digitrec.ui.canvas.canvas import DIGIT_CANVAS, NUMBER_CANVAS, Canvas, session_name
from digitrec.ui.canvas.report import NumberedStroke, numbered
from digitrec.ui.canvas.tools import ask, is_asked_for
from digitrec.ui.drawings.saved import Saved
from digitrec.ui.tab_storage import tab

CANVASES = {canvas.name: canvas for canvas in (DIGIT_CANVAS, NUMBER_CANVAS)}
PenWidth = Annotated[int, msgspec.Meta(ge=4, le=40)]
# The session keys that are kept, with their types. TEXT is only cut to its maximum length.
SETTINGS: dict[str, Any] = {
    "draw_kind": Literal["A digit", "A number"],
    "draw_pen_width": PenWidth,
    "draw_live": bool,
    "draw_cards": list[Literal["Why", "Replay", "Most similar", "Steps", "All models"]],
    "number_pen_width": PenWidth,
    "number_live": bool,
}
TEXT = "number_label"
LONGEST_TEXT = 100
READ, FIRST = "tab_read", "tab_first"
Label = Annotated[int, msgspec.Meta(ge=min(LABELS), le=max(LABELS))]
Form = TypeVar("Form")


class KeptCanvas(msgspec.Struct):
    """A canvas as kept by the tab.

    Attributes:
        strokes: The strokes on it.
        saved: How it was saved: each drawing's number, the hash of its picture in hexadecimal, and
            its label.
        asked: Whether an answer was shown.
        finished: Whether the next stroke begins a new drawing.
    """

    strokes: list[StrokeJson]
    saved: list[tuple[int, str, Label | None]]
    asked: bool
    finished: bool = False


class KeptCanvases(msgspec.Struct):
    """Both canvases as kept by the tab."""

    draw: KeptCanvas
    number: KeptCanvas


class KeptAll(msgspec.Struct):
    """Everything that a session keeps in the tab, and the person it belongs to."""

    canvases: KeptCanvases
    settings: dict[str, Any]
    person: str = NOBODY


class KeptByPen(msgspec.Struct):
    """The strokes that the pen keeps in the tab, and the person they belong to."""

    person: str
    strokes: list[NumberedStroke]


class Read(msgspec.Struct):
    """What was read from the tab. Its parts are validated one by one, so one may be broken.

    Attributes:
        session: The session that it was read for.
        everything: What the previous session kept.
        canvases: What the pen kept, by canvas name.
    """

    session: str = msgspec.field(name="for")
    everything: Any = msgspec.field(name="all")
    canvases: Any


def take_up_from_tab() -> None:
    """Restore what the tab has kept, at the beginning of a session.

    The tab answers on the script's second run. Call this before the widgets that it sets.
    """
    # The component stays on the page when it is done, or Streamlit would mount all elements after
    # it again. A tab that outlives a session reads again for the next one.
    data = {"read_for": None if st.session_state.get(READ) else session_name()}
    tab(key="tab_kept", data=data, default={"kept": None}, on_kept_change=take_kept)


def keep_in_tab() -> None:
    """Keep the current state in the tab once it differs from the session's first."""
    state, now = st.session_state, _now()
    if _is_another(now, state.setdefault(FIRST, now)):
        state[READ] = True
    # As text, since Streamlit would import pandas to check whether a dictionary is a table.
    tab(key="tab_keeping", data={"keep": json.dumps(now) if state.get(READ) else None})


def _now() -> dict[str, Any]:
    state = st.session_state
    return {
        "person": person(),
        "settings": {key: state[key] for key in (*SETTINGS, TEXT) if state.get(key) is not None},
        "canvases": {name: _of_canvas(name) for name in CANVASES},
    }


def _is_another(now: dict[str, Any], first: dict[str, Any]) -> bool:
    """Return whether something has changed, ignoring settings that the first state lacks."""
    settings = {key: now["settings"].get(key) for key in first["settings"]}
    return now | {"settings": settings} != first


def _of_canvas(name: str) -> dict[str, Any]:
    sketch = CANVASES[name].sketch()
    strokes = sketch.strokes if sketch else ()
    return {
        "strokes": to_json(strokes),
        "saved": [[number, *saved] for number, saved in noted(name, strokes).items()],
        "asked": bool(sketch and is_asked_for(CANVASES[name], sketch)),
        "finished": CANVASES[name].is_finished(),
    }


def take_kept() -> None:
    """Take what the tab has kept, ignoring invalid data."""
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
    """Return a value converted to its type, or None if it is invalid."""
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
    """Take the pen's own strokes, which may include one that was never reported.

    If there are none, the canvas was cleared; but a drawing that a link opened stays, and so does
    a finished one.
    """
    is_old = kept and not canvas.is_finished() and canvas.shows(_strokes(kept, canvas.name))
    if by_pen.strokes or is_old:
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
    if kept.finished:
        canvas.finish()


def _take_settings(kept: dict[str, Any]) -> None:
    state = st.session_state
    for key, form in SETTINGS.items():
        with suppress(KeyError, msgspec.ValidationError):
            state[key] = msgspec.convert(kept[key], form)
    if (text := _checked(kept.get(TEXT), str)) is not None:
        state[TEXT] = text[:LONGEST_TEXT]
        sketch = NUMBER_CANVAS.sketch()
        leave_its_label(NUMBER_CANVAS.name, sketch.strokes if sketch else ())
