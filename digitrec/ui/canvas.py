"""The canvas, and what stays of the drawing when the page changes.

The session keeps what the canvas begins with: nothing, or strokes that came from the history, from
the tab's memory, or from *Undo*. The browser numbers each stroke that is drawn after that and
reports them all. What is on the canvas is the beginning and every stroke with a higher number than
the beginning accounts for; so a report may be late, or two may come as one, and no stroke is lost.
"""

import base64
import math
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from digitrec.errors import BadInputError
from digitrec.rendering import picture_of
from digitrec.strokes import Stroke, same_strokes, strokes_for_canvas, strokes_from_canvas
from digitrec.ui.account import person

INK = {"light": "#16181d", "dark": "#f4f5f7"}
PAPER = {"light": "#ffffff", "dark": "#262522"}
# At most this many steps can be undone.
STEPS = 100
# What comes of a report that is none: a browser may send anything.
NO_REPORT = (BadInputError, TypeError, AttributeError, LookupError, ValueError)

_canvas = st.components.v2.component(
    "digitrec_canvas",
    html='<canvas class="upper-canvas lower-canvas dc-canvas" aria-label="Canvas"></canvas>',
    css="""
canvas { display: block; cursor: crosshair; touch-action: none; user-select: none;
    outline: 1px solid var(--st-border-color); outline-offset: -1px; }
""",
    js=Path(__file__).with_name("canvas_pen.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Sketch:
    """What is on a canvas.

    Attributes:
        picture: PNG of the canvas.
        strokes: The pen's way.
    """

    picture: bytes
    strokes: list[Stroke]


@dataclass(frozen=True)
class Canvas:
    """A canvas, and what of it is in the session.

    Attributes:
        name: What its keys in the session begin with.
        width: In pixels.
        height: In pixels.
    """

    name: str
    width: int
    height: int

    def show(self, pen_width: int) -> Sketch | None:
        """Show the canvas; return what is on it, or None if nothing is.

        Args:
            pen_width: In canvas pixels.
        """
        theme = "dark" if st.context.theme.type == "dark" else "light"
        if self._key("canvas") not in st.session_state:
            self._begin()
        _canvas(
            key=self._key("canvas"),
            data={
                "name": self.name,
                "person": person(),
                "width": self.width,
                "height": self.height,
                "pen_width": pen_width,
                "ink": INK[theme],
                "paper": PAPER[theme],
                "beginning": self._get("beginning"),
            },
            default={"drawing": None},
            on_drawing_change=self._take_until_pressed,
            width="content",
            height="content",
        )
        return self.sketch()

    def sketch(self) -> Sketch | None:
        """Return what is on the canvas, as last reported, or None if nothing is."""
        self._take_report()
        strokes = self._get("strokes")
        return Sketch(self._get("picture"), strokes) if strokes else None

    def shows(self, strokes: Sequence[Stroke]) -> bool:
        """Tell whether these are on the canvas."""
        return same_strokes(strokes, self._strokes())

    def put(self, strokes: list[Stroke]) -> None:
        """Let the canvas begin with a drawing; ``undo`` brings back what was on it."""
        self._remember(self._strokes())
        self._show(strokes)

    def take_up(self, drawing: dict[str, Any]) -> None:
        """Put what the browser has kept of an earlier session on the canvas.

        Args:
            drawing: The strokes as the browser reports them.

        Raises:
            DatasetError: If they are none.
        """
        strokes = strokes_from_canvas(drawing)
        if not self.shows(strokes):
            newer = _drawn_between(drawing, self._get("seen") or 0)
            self._set("seen", max(newer, default=self._get("seen") or 0))
            self.put(strokes)

    def clear(self) -> None:
        """Empty the canvas; ``undo`` brings back what was on it."""
        self._remember(self._when_pressed())
        self._show([])

    def undo(self) -> None:
        """Bring back what was on the canvas before the last stroke, or before it was cleared."""
        now = self._when_pressed()
        if self.can_undo():  # It may be pressed once more than there is to undo.
            self._undone().append(now)
            self._show(self._done().pop())

    def redo(self) -> None:
        """Do again what was undone last."""
        now = self._when_pressed()
        if self.can_redo():
            self._done().append(now)
            self._show(self._undone().pop())

    def can_undo(self) -> bool:
        """Tell whether there is something to undo."""
        return bool(self._done())

    def can_redo(self) -> bool:
        """Tell whether something was undone."""
        return bool(self._undone())

    def _when_pressed(self) -> list[Stroke]:
        """Return what was on the canvas when a tool was pressed."""
        pressed = self._first_press()
        self._take_until_pressed()
        if pressed < math.inf:
            self._set("seen", max(self._get("seen") or 0, pressed))
        return self._get("strokes") or []

    def _take_until_pressed(self) -> None:
        """Take the strokes that were drawn before a tool was pressed.

        What was drawn after that may have come with them. It is drawn on what the tool leaves.
        """
        with suppress(*NO_REPORT):
            self._take(self._report(), self._first_press())

    def _first_press(self) -> float:
        """Return the number of the first press of a tool that nothing was done about so far."""
        seen = self._get("seen") or 0
        with suppress(*NO_REPORT):
            return min((at for at in self._report()["pressed"] if at > seen), default=math.inf)
        return math.inf

    def _take_report(self) -> None:
        """Take what the browser last said was drawn; each new stroke is a step to undo."""
        report = self._report()
        if report and (taken := (report, self._get("beginning"))) != self._get("taken"):
            self._set("taken", taken)
            with suppress(*NO_REPORT):
                self._take(report)

    def _report(self) -> dict[str, Any]:
        report = (st.session_state.get(self._key("canvas")) or {}).get("drawing") or {}
        return report if self._get("beginning") else {}

    def _take(self, report: dict[str, Any], until: float = math.inf) -> None:
        if report.get("session", session_name()) != session_name():
            return
        beginning, before = self._get("beginning"), self._get("strokes") or []
        drawn = _drawn_between(report["raw"], beginning["seen"], until)
        strokes = [*self._get("begins_with"), *strokes_from_canvas({"objects": [*drawn.values()]})]
        if same_strokes(strokes, before):
            return
        is_longer = same_strokes(strokes[: len(before)], before)
        for step in range(len(before), len(strokes)) if is_longer else [len(before)]:
            self._remember(strokes[:step] if is_longer else before)
        is_of_this = report.get("generation", beginning["generation"]) == beginning["generation"]
        self._set("picture", _picture(report) if is_of_this else self._drawn(strokes))
        self._set("strokes", strokes)
        self._set("seen", max(drawn, default=beginning["seen"]))

    def _show(self, strokes: list[Stroke]) -> None:
        self._set("strokes", strokes)
        self._set("picture", self._drawn(strokes))
        self._begin()

    def _begin(self) -> None:
        """Let the canvas begin with what is on it now."""
        strokes = self._get("strokes") or []
        beginning = {
            "session": session_name(),
            "generation": (self._get("beginning") or {}).get("generation", 0) + 1,
            "seen": self._get("seen") or 0,
            "objects": strokes_for_canvas(strokes)["objects"],
        }
        self._set("beginning", beginning)
        self._set("begins_with", strokes)

    def _drawn(self, strokes: Sequence[Stroke]) -> bytes:
        return picture_of(strokes, self.width, self.height)

    def _remember(self, strokes: list[Stroke]) -> None:
        """Keep a drawing for ``undo``."""
        self._done().append(strokes)
        del self._done()[:-STEPS]
        self._undone().clear()

    def _done(self) -> list[list[Stroke]]:
        return st.session_state.setdefault(self._key("done"), [])

    def _undone(self) -> list[list[Stroke]]:
        return st.session_state.setdefault(self._key("undone"), [])

    def _strokes(self) -> list[Stroke]:
        sketch = self.sketch()
        return sketch.strokes if sketch else []

    def _key(self, name: str) -> str:
        return f"{self.name}_{name}"

    def _get(self, name: str) -> Any:
        return st.session_state.get(self._key(name))

    def _set(self, name: str, value: Any) -> None:
        st.session_state[self._key(name)] = value


DIGIT_CANVAS = Canvas("draw", 280, 280)
NUMBER_CANVAS = Canvas("number", 640, 240)


def session_name() -> str:
    """Return what the browser's tab knows this session by."""
    return st.session_state.setdefault("tab_session", uuid.uuid4().hex)


def _drawn_between(
    drawing: dict[str, Any], seen: int, until: float = math.inf
) -> dict[int, dict[str, Any]]:
    """Return the strokes with numbers between these; without numbers of their own they count."""
    strokes = {item.get("number", i): item for i, item in enumerate(drawing["objects"], 1)}
    return {number: stroke for number, stroke in strokes.items() if seen < number < until}


def _picture(report: dict[str, Any]) -> bytes:
    return base64.b64decode(report["data"].partition(";base64,")[2])
