"""The canvas, and what stays of the drawing when the page changes.

The canvas forgets its drawing when it leaves the screen. So the last drawing is kept in the
session, and a canvas that is put up anew begins with it; ``tab_memory`` keeps it in the browser's
tab as well. Clearing, undo, redo and a change of the theme give the canvas something else to begin
with, which it then loads and reports; until it has reported, what it said before is out of date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from digitrec.rendering import picture_of
from digitrec.strokes import Stroke, same_strokes, strokes_for_canvas, strokes_from_canvas

INK = {"light": "#16181d", "dark": "#f4f5f7"}
PAPER = {"light": "#ffffff", "dark": "#262522"}
# So many strokes can be undone.
STEPS = 100


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
        is_first = self._get("began_as") is None
        beginning = (theme, self._get("generation") or 0)
        if self._key("canvas") not in st.session_state or self._get("began_as") != beginning:
            self._set("began_as", beginning)
            objects = _in_colour(self._get("drawing"), INK[theme])
            self._set("begins_with", {"objects": objects, "generation": beginning[1]})
        result = st_canvas(
            stroke_width=pen_width,
            stroke_color=INK[theme],
            background_color=PAPER[theme],
            width=self.width,
            height=self.height,
            initial_drawing=self._get("begins_with"),
            return_image_data=True,
            key=self._key("canvas"),
        )
        self._set("reported", result.json_data)
        if is_first and result.image_bytes is not None:
            # The tab has outlived its session: the server was started again.
            self._begin_anew(result.json_data, result.image_bytes)
            st.rerun()
        if result.image_bytes is not None and not self._is_outdated(result.json_data or {}):
            self._accept(result.json_data or {}, result.image_bytes)
        return self.sketch()

    def _accept(self, drawing: dict[str, Any], picture: bytes) -> None:
        """Take what the canvas says is on it."""
        if not self.shows(strokes_from_canvas(drawing)):
            self._remember()
        self._set("drawing", drawing)
        self._set("picture", picture)
        self._set("began_anew", False)

    def _is_outdated(self, reported: dict[str, Any]) -> bool:
        """Tell whether a report is about what was on the canvas before it began anew.

        Of a canvas that has begun with strokes, an empty one is.
        """
        if not self._get("began_anew"):
            return False
        is_empty = not reported.get("objects")
        return reported == self._get("outdated") or (is_empty and self.sketch() is not None)

    def sketch(self) -> Sketch | None:
        """Return what was last seen on the canvas, or None if nothing was."""
        drawing = self._get("drawing")
        if not drawing or not drawing.get("objects"):
            return None
        return Sketch(self._get("picture"), strokes_from_canvas(drawing))

    def shows(self, strokes: Sequence[Stroke]) -> bool:
        """Tell whether these are on the canvas."""
        return same_strokes(strokes, self._strokes())

    def put(self, strokes: Sequence[Stroke]) -> None:
        """Let the canvas begin with a drawing; ``undo`` brings back what was on it."""
        self._remember()
        self._show(strokes)

    def clear(self) -> None:
        """Empty the canvas; ``undo`` brings back what was on it."""
        self._remember()
        self._show([])

    def undo(self) -> None:
        """Bring back what was on the canvas before the last stroke, or before it was cleared."""
        if not self.can_undo():  # It was pressed once more than there was to undo.
            return
        self._undone().append(self._strokes())
        self._show(self._done().pop())

    def redo(self) -> None:
        """Do again what was undone last."""
        if not self.can_redo():
            return
        self._done().append(self._strokes())
        self._show(self._undone().pop())

    def can_undo(self) -> bool:
        """Tell whether there is something to undo."""
        return bool(self._done())

    def can_redo(self) -> bool:
        """Tell whether something was undone."""
        return bool(self._undone())

    def _remember(self) -> None:
        """Keep what is on the canvas for ``undo``."""
        self._done().append(self._strokes())
        del self._done()[:-STEPS]
        self._undone().clear()

    def _done(self) -> list[list[Stroke]]:
        return st.session_state.setdefault(self._key("done"), [])

    def _undone(self) -> list[list[Stroke]]:
        return st.session_state.setdefault(self._key("undone"), [])

    def _strokes(self) -> list[Stroke]:
        sketch = self.sketch()
        return sketch.strokes if sketch else []

    def _show(self, strokes: Sequence[Stroke]) -> None:
        if not strokes:
            self._begin_anew(None, None)
            return
        # The picture is for those who ask before the canvas has shown its own.
        picture = picture_of(strokes, self.width, self.height)
        self._begin_anew(strokes_for_canvas(strokes), picture)

    def _begin_anew(self, drawing: dict[str, Any] | None, picture: bytes | None) -> None:
        self._set("drawing", drawing)
        self._set("picture", picture)
        self._set("outdated", self._get("reported"))
        self._set("began_anew", True)
        self._set("generation", (self._get("generation") or 0) + 1)

    def _key(self, name: str) -> str:
        return f"{self.name}_{name}"

    def _get(self, name: str) -> Any:
        return st.session_state.get(self._key(name))

    def _set(self, name: str, value: Any) -> None:
        st.session_state[self._key(name)] = value


DIGIT_CANVAS = Canvas("draw", 280, 280)
NUMBER_CANVAS = Canvas("number", 640, 240)


def _in_colour(drawing: dict[str, Any] | None, colour: str) -> list[dict[str, Any]]:
    """Return a drawing's objects with their ink in another colour."""
    return [item | {"stroke": colour} for item in (drawing or {}).get("objects", [])]
