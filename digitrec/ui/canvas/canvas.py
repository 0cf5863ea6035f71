"""The canvas, and what stays of the drawing when the page changes.

People draw on the canvas of streamlit-drawable-canvas, which shows the ink. It reports nothing: a
component of our own, the pen, follows the pen over it, numbers each stroke, and reports them all.

The session keeps what the canvas begins with: nothing, or strokes that came from the history, from
the tab's memory, or from *Undo*. What is on the canvas is the beginning and every stroke with a
higher number than the beginning accounts for; so a report may be late, or two may come as one, and
no stroke is lost.
"""

import math
import random
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from digitrec.errors import BadInputError
from digitrec.ink.pen import picture_of
from digitrec.ink.strokes import Stroke, checked_strokes, same_strokes, strokes_for_canvas
from digitrec.ui.account import person

INK = {"light": "#16181d", "dark": "#f4f5f7"}
PAPER = {"light": "#ffffff", "dark": "#262522"}
# A generation is a height of more pixels than a canvas has, and another one in each session.
FIRST_GENERATIONS = (10_000, 1_000_000)
# At most this many steps can be undone.
STEPS = 100
# What comes of a report that is none: a browser may send anything.
NO_REPORT = (BadInputError, TypeError, AttributeError, LookupError, ValueError)

_pen = st.components.v2.component(
    "digitrec_pen", js=Path(__file__).with_name("pen.js").read_text("utf-8")
)


@dataclass(frozen=True)
class Sketch:
    """What is on a canvas.

    Attributes:
        strokes: The pen's way.
        width: Of the canvas, in pixels.
        height: Of the canvas, in pixels.
        theme: "light" or "dark".
    """

    strokes: list[Stroke]
    width: int
    height: int
    theme: str

    @cached_property
    def picture(self) -> bytes:
        """A PNG of the canvas, in the theme's colors."""
        colors = INK[self.theme], PAPER[self.theme]
        return picture_of(self.strokes, self.width, self.height, *colors)


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
        self._take_report()
        if self._key("pen") not in st.session_state or self._is_outdated():
            self._begin()
        beginning = self._get("beginning")
        theme, generation = beginning["theme"], beginning["generation"]
        drawing = strokes_for_canvas(beginning["strokes"], INK[theme])
        # The package pins a toolbar above its canvas, and loads before the pen can take it away.
        st.html(f"<style>.st-key-{self._key('canvas')} {{ overflow: clip; }}</style>")
        st_canvas(
            stroke_width=pen_width,
            stroke_color=INK[theme],
            background_color=PAPER[theme],
            update_streamlit=False,
            width=self.width,
            height=self.height,
            initial_drawing=drawing | {"generation": generation},
            # More than the canvas has. The pen sees by it which beginning is shown.
            max_display_height=generation,
            key=self._key("canvas"),
        )
        _pen(
            key=self._key("pen"),
            data={
                "name": self.name,
                "person": person(),
                "pen_width": pen_width,
                "beginning": beginning,
            },
            default={"drawing": None},
            on_drawing_change=self._take_until_pressed,
        )
        return self.sketch()

    def sketch(self) -> Sketch | None:
        """Return what is on the canvas, as last reported, or None if nothing is."""
        self._take_report()
        strokes = self._get("strokes")
        return Sketch(strokes, self.width, self.height, _theme()) if strokes else None

    def shows(self, strokes: Sequence[Stroke]) -> bool:
        """Tell whether these are on the canvas."""
        return same_strokes(strokes, self._strokes())

    def put(self, strokes: list[Stroke]) -> None:
        """Let the canvas begin with a drawing; ``undo`` brings back what was on it."""
        self._remember(self._strokes())
        self._show(strokes)

    def take_up(self, kept: Any) -> None:
        """Put what the browser has kept of an earlier session on the canvas.

        Args:
            kept: The strokes as the browser reports them.

        Raises:
            DatasetError: If they are none.
        """
        strokes = checked_strokes(kept)
        if not self.shows(strokes):
            newer = _drawn_between(kept, self._get("seen") or 0)
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
        report = (st.session_state.get(self._key("pen")) or {}).get("drawing") or {}
        return report if isinstance(report, dict) and self._get("beginning") else {}

    def _take(self, report: dict[str, Any], until: float = math.inf) -> None:
        if report.get("session", session_name()) != session_name():
            return
        beginning, before = self._get("beginning"), self._get("strokes") or []
        drawn = _drawn_between(report["strokes"], beginning["seen"], until)
        strokes = [*beginning["strokes"], *checked_strokes([*drawn.values()])]
        if same_strokes(strokes, before):
            return
        is_longer = same_strokes(strokes[: len(before)], before)
        for step in range(len(before), len(strokes)) if is_longer else [len(before)]:
            self._remember(strokes[:step] if is_longer else before)
        self._set("strokes", strokes)
        self._set("seen", max(drawn, default=beginning["seen"]))

    def _show(self, strokes: list[Stroke]) -> None:
        self._set("strokes", strokes)
        self._begin()

    def _is_outdated(self) -> bool:
        """Tell whether the canvas shows less than was drawn, or in another theme's colors."""
        beginning, report = self._get("beginning"), self._report()
        wiped = report.get("generation") if report.get("wiped") else None
        is_longer = self._get("strokes") != beginning["strokes"]
        is_wiped = wiped == beginning["generation"] and is_longer
        return is_wiped or beginning["theme"] != _theme()

    def _begin(self) -> None:
        """Let the canvas begin with what is on it now."""
        last = self._get("beginning") or {"generation": random.randint(*FIRST_GENERATIONS)}
        beginning = {
            "session": session_name(),
            "theme": _theme(),
            "generation": last["generation"] + 1,
            "seen": self._get("seen") or 0,
            "strokes": self._get("strokes") or [],
        }
        self._set("beginning", beginning)

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


def _theme() -> str:
    return "dark" if st.context.theme.type == "dark" else "light"


def session_name() -> str:
    """Return what the browser's tab knows this session by."""
    return st.session_state.setdefault("tab_session", uuid.uuid4().hex)


def _drawn_between(
    strokes: list[dict[str, Any]], seen: int, until: float = math.inf
) -> dict[int, dict[str, Any]]:
    """Return the strokes with numbers between these; without numbers of their own they count."""
    numbered = {stroke.get("number", i): stroke for i, stroke in enumerate(strokes, 1)}
    return {number: stroke for number, stroke in numbered.items() if seen < number < until}
