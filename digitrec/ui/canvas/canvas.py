"""The canvas, and the session's copy of the drawing.

streamlit-drawable-canvas shows the ink but reports nothing. Our own component, ``pen.js``, records
each stroke, numbers it and reports it. It also scales the canvas to its column; strokes keep the
canvas's own coordinates.

The session keeps what the canvas begins with: nothing, or strokes from the history, from the tab's
memory or from *Undo*. The drawing is this beginning plus every stroke with a number above the
beginning's ``seen``. So no stroke is lost if reports arrive late or merged.

A saved drawing is *finished*: the canvas begins empty, but the pen shows the drawing above it until
the next stroke, which begins a new one.
"""

import math
import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import out as package_canvas

from digitrec.ink.canvas_json import fabric_drawing
from digitrec.ink.sketch import Sketch
from digitrec.ink.stroke_json import to_json
from digitrec.ink.strokes import TOLERANCE, Stroke, Strokes, same_strokes
from digitrec.ui.account import person
from digitrec.ui.canvas.report import Report, checked_report
from digitrec.ui.charts.theme import INK, PAPER, theme

# The range of a session's first generation. A generation is passed as a height in pixels, so it is
# larger than any canvas.
FIRST_GENERATIONS = (10_000, 1_000_000)
# At most this many steps can be undone.
STEPS = 100
# The package's canvas has this many pixels for each of ours, so that it is sharp when it is wide.
RESOLUTION = 2

_pen = st.components.v2.component(
    "digitrec_pen", js=Path(__file__).with_name("pen.js").read_text("utf-8")
)


@dataclass(frozen=True, eq=False)
class Beginning:
    """What a canvas begins with.

    Attributes:
        generation: Its number, which grows with each beginning of a session.
        theme: "light" or "dark".
        seen: The number of the last stroke in it. Later strokes have higher numbers.
        strokes: The strokes.
    """

    generation: int
    theme: str
    seen: int
    strokes: Strokes

    @cached_property
    def fabric(self) -> str:
        """The strokes in the form that the package's canvas loads."""
        colors = INK[self.theme], PAPER[self.theme]
        return fabric_drawing(self.strokes, *colors, self.generation, RESOLUTION)

    @cached_property
    def json(self) -> tuple[dict[str, Any], ...]:
        """The strokes in the form that the pen expects."""
        return tuple(to_json(self.strokes))


@dataclass(frozen=True)
class Box:
    """A labeled box on the canvas.

    Attributes:
        corners: Left, top, right and bottom, in canvas pixels.
        text: Its label.
        color: A CSS color.
    """

    corners: tuple[float, float, float, float]
    text: str
    color: str

    @property
    def json(self) -> dict[str, Any]:
        """The box in the form that the pen expects."""
        return {"corners": tuple(map(float, self.corners)), "text": self.text, "color": self.color}


@dataclass(frozen=True)
class Canvas:
    """A canvas and its state in the session.

    Attributes:
        name: The prefix of its keys in the session.
        width: In pixels.
        height: In pixels.
        pen_width: The pen's initial width, in pixels.
    """

    name: str
    width: int
    height: int
    pen_width: int

    def show(self, pen_width: int, boxes: Sequence[Box] = ()) -> Sketch | None:
        """Show the canvas; return its drawing, or None if it is empty.

        Args:
            pen_width: In canvas pixels.
            boxes: Boxes to show on it.
        """
        self._take_report()
        if self._key("pen") not in st.session_state or self._is_outdated():
            self._begin()
        beginning: Beginning = self._get("beginning")
        self._show_package_canvas(beginning, pen_width)
        _pen(
            key=self._key("pen"),
            # Streamlit would import pandas to check whether a list is a table, but not for a tuple.
            data={
                "name": self.name,
                "person": person(),
                "pen_width": pen_width,
                "size": (self.width, self.height),
                "session": session_name(),
                "generation": beginning.generation,
                "seen": beginning.seen,
                "strokes": beginning.json,
                "finished": tuple(to_json(self._finished())),
                "ink": INK[beginning.theme],
                "boxes": tuple(box.json for box in boxes),
            },
            default={"drawing": None},
            on_drawing_change=self._take_until_pressed,
        )
        return self.sketch()

    def _show_package_canvas(self, beginning: Beginning, pen_width: int) -> None:
        """Show the drawing package's canvas by calling its component directly.

        ``st_canvas`` passes the initial drawing as a dictionary, and Streamlit imports pandas to
        check whether that is a table, which takes 66 MB and half a second. Fabric.js loads the same
        drawing from a string.
        """
        package_canvas(
            data={
                "strokeWidth": pen_width * RESOLUTION,
                "strokeColor": INK[beginning.theme],
                "fillColor": "#eee",
                "backgroundColor": PAPER[beginning.theme],
                "backgroundImageURL": None,
                "backgroundImageFit": "stretch",
                "realtimeUpdateStreamlit": False,
                "canvasWidth": self.width * RESOLUTION,
                "canvasHeight": self.height * RESOLUTION,
                "drawingMode": "freedraw",
                "initialDrawing": beginning.fabric,
                "displayRadius": 3,
                "returnImageData": False,
                "disabled": False,
                # Larger than the canvas; tells the pen which beginning is shown.
                "maxDisplayHeight": beginning.generation,
                "fontSize": 20,
                "label": "",
            },
            key=self._key("canvas"),
            default={"drawing": None, "backgroundFit": None},
            on_drawing_change=lambda: None,
            on_backgroundFit_change=lambda: None,
            width="stretch",
            height="content",
        )

    def sketch(self) -> Sketch | None:
        """Return the drawing as last reported, or None if the canvas is empty.

        As long as nothing changes, this is the same object with its cached results.
        """
        self._take_report()
        return self._sketch_of(self._shown())

    def _sketch_of(self, strokes: Strokes) -> Sketch | None:
        here, kept = theme(), self._get("sketch")
        if kept is None or kept.strokes is not strokes or kept.ink_color != INK[here]:
            kept = Sketch(strokes, self.width, self.height, INK[here], PAPER[here])
            self._set("sketch", kept)
        return kept if strokes else None

    def shows(self, strokes: Strokes) -> bool:
        """Return whether the canvas has exactly these strokes."""
        self._take_report()
        return same_strokes(strokes, self._shown())

    def put(self, strokes: Strokes) -> None:
        """Replace the drawing; ``undo`` brings back the old one."""
        self._take_report()
        if not self._finished():  # A finished drawing is remembered already.
            self._remember(self._strokes())
        self._show(strokes)

    def take_up(self, drawn: Mapping[int, Stroke]) -> None:
        """Show the strokes that the browser kept from an earlier session.

        Args:
            drawn: The strokes by number.
        """
        strokes = tuple(drawn.values())
        if not self.shows(strokes):
            self._set("seen", max([self._seen(), *drawn]))
            self.put(strokes)

    def clear(self) -> None:
        """Clear the canvas; ``undo`` brings the drawing back."""
        if strokes := self._when_pressed():
            self._remember(strokes)
        self._show(())

    def finish(self) -> Sketch | None:
        """Let the next stroke begin a new drawing; ``undo`` brings this one back.

        Until then the canvas keeps showing it.

        Returns:
            The finished drawing; None if the canvas is empty.
        """
        if strokes := self._when_pressed():
            self._remember(strokes)
            self._show((), finished=strokes)
        return self._sketch_of(strokes or self._finished())

    def is_finished(self) -> bool:
        """Return whether the next stroke begins a new drawing."""
        return bool(self._finished())

    def reopen(self) -> None:
        """Let the next stroke belong to the finished drawing again."""
        self._when_pressed()
        if strokes := self._finished():
            if self._done() and self._done()[-1] == strokes:
                self._done().pop()
            self._show(strokes)

    def undo(self) -> None:
        """Undo the last stroke, *Clear*, replacement or the end of a drawing."""
        now = self._when_pressed()
        if self.can_undo():  # There may be more clicks than steps.
            self._undone().append(now)
            self._show(self._done().pop())

    def redo(self) -> None:
        """Redo the step that was undone last."""
        now = self._when_pressed()
        if self.can_redo():
            self._done().append(now)
            self._show(self._undone().pop())

    def can_undo(self) -> bool:
        """Return whether there is a step to undo."""
        return bool(self._done())

    def can_redo(self) -> bool:
        """Return whether there is a step to redo."""
        return bool(self._undone())

    def _when_pressed(self) -> Strokes:
        """Return the strokes that were on the canvas when a tool was pressed."""
        pressed = self._first_press()
        self._take_until_pressed()
        if pressed is not None:
            self._set("seen", max(self._seen(), pressed))
        return self._strokes()

    def _take_until_pressed(self) -> None:
        """Take the reported strokes that were drawn before a tool was pressed.

        The report may also have later strokes, which are added to the tool's result.
        """
        if report := self._report():
            self._take(report, self._first_press())

    def _first_press(self) -> int | None:
        """Return the number of the first press that isn't handled yet."""
        report = self._report()
        return report.first_press(self._seen()) if report else None

    def _take_report(self) -> None:
        """Take the strokes of the last report; each new one can be undone."""
        report, beginning = self._report(), self._get("beginning")
        taken = self._get("taken")
        if report and (taken is None or taken[0] is not report or taken[1] is not beginning):
            self._set("taken", (report, beginning))
            self._take(report)

    def _report(self) -> Report | None:
        """Return the pen's last report of this session, validated once."""
        said = (st.session_state.get(self._key("pen")) or {}).get("drawing")
        kept = self._get("reported")
        if kept is None or kept[0] is not said:
            is_new = kept is None or kept[0] != said
            kept = (said, checked_report(said) if is_new else kept[1])
            self._set("reported", kept)
        report: Report | None = kept[1]
        is_own = report and report.session in (None, session_name())
        return report if is_own and self._get("beginning") else None

    def _take(self, report: Report, until: float | None = None) -> None:
        beginning, before = self._get("beginning"), self._strokes()
        drawn = report.between(beginning.seen, math.inf if until is None else until)
        strokes = self._told_apart((*beginning.strokes, *drawn.values()))
        if same_strokes(strokes, before):
            return
        is_longer = same_strokes(strokes[: len(before)], before)
        first = 1 if self._finished() else len(before)  # A finished drawing is remembered already.
        for step in range(first, len(strokes)) if is_longer else [len(before)]:
            self._remember(strokes[:step] if is_longer else before)
        self._set("strokes", strokes)
        self._set("seen", max(drawn, default=beginning.seen))

    def _told_apart(self, strokes: Strokes) -> Strokes:
        """Return strokes that differ from those of the finished drawing, if only imperceptibly.

        Drawings are known by their strokes, and one that repeats the last one is another drawing.
        """
        finished: Strokes = self._get("finished") or ()
        if not finished or not same_strokes(strokes, finished):
            return strokes
        moved = Stroke(finished[0].points + 1.1 * TOLERANCE, strokes[0].width)
        return (moved, *strokes[1:])

    def _show(self, strokes: Strokes, finished: Strokes = ()) -> None:
        self._set("strokes", strokes)
        self._set("finished", finished)
        self._begin()

    def _is_outdated(self) -> bool:
        """Return whether the canvas lacks strokes or has another theme's colors."""
        beginning, report = self._get("beginning"), self._report()
        wiped = report.generation if report and report.wiped else None
        is_longer = self._strokes() != beginning.strokes
        is_wiped = wiped == beginning.generation and is_longer
        return is_wiped or beginning.theme != theme()

    def _begin(self) -> None:
        """Start a new beginning with the current strokes."""
        last = self._get("beginning")
        generation = last.generation if last else random.randint(*FIRST_GENERATIONS)
        self._set("beginning", Beginning(generation + 1, theme(), self._seen(), self._strokes()))

    def _remember(self, strokes: Strokes) -> None:
        """Add a drawing to the steps that can be undone."""
        self._done().append(strokes)
        del self._done()[:-STEPS]
        self._undone().clear()

    def _done(self) -> list[Strokes]:
        return st.session_state.setdefault(self._key("done"), [])

    def _undone(self) -> list[Strokes]:
        return st.session_state.setdefault(self._key("undone"), [])

    def _strokes(self) -> Strokes:
        return self._get("strokes") or ()

    def _finished(self) -> Strokes:
        """Return the finished drawing, as long as there is no new stroke."""
        return () if self._strokes() else self._get("finished") or ()

    def _shown(self) -> Strokes:
        return self._strokes() or self._finished()

    def _seen(self) -> int:
        return self._get("seen") or 0

    def _key(self, name: str) -> str:
        return f"{self.name}_{name}"

    def _get(self, name: str) -> Any:
        return st.session_state.get(self._key(name))

    def _set(self, name: str, value: Any) -> None:
        st.session_state[self._key(name)] = value


DIGIT_CANVAS = Canvas("draw", 280, 280, pen_width=16)
NUMBER_CANVAS = Canvas("number", 640, 240, pen_width=8)


def session_name() -> str:
    """Return the ID that the browser's tab has for this session."""
    return st.session_state.setdefault("tab_session", uuid.uuid4().hex)
