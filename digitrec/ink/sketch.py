"""A drawing on a canvas, with everything computed from it."""

import io
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from digitrec.arrays import Ink, Pixels
from digitrec.ink.find_ink import ink_shares
from digitrec.ink.pen import render
from digitrec.ink.preprocessing import Steps, steps_to_input
from digitrec.ink.strokes import Strokes


@dataclass(frozen=True, eq=False)
class Sketch:
    """A drawing on a canvas. Its properties are computed on first use and kept.

    Attributes:
        strokes: The strokes.
        width: The canvas's width, in pixels.
        height: The canvas's height, in pixels.
        ink_color: The CSS color of the strokes.
        paper_color: The CSS color of the background.
    """

    strokes: Strokes
    width: int
    height: int
    ink_color: str = "black"
    paper_color: str = "white"

    @cached_property
    def _drawn(self) -> Pixels:
        return render(self.strokes, self.height, self.width)

    @cached_property
    def ink(self) -> Ink:
        """float32 (height, width), 0 for paper to 1 for ink, as ``find_ink`` finds it."""
        return ink_shares(self._drawn)

    @cached_property
    def steps(self) -> Steps | None:
        """The steps from the ink to a network's input; None if no ink is visible."""
        return steps_to_input(self.ink, self.strokes) if self.ink.any() else None

    @cached_property
    def image(self) -> Image.Image:
        """The canvas in its colors, mode RGB."""
        picture = Image.new("RGB", (self.width, self.height), self.paper_color)
        picture.paste(self.ink_color, mask=Image.fromarray(self._drawn))
        return picture

    @cached_property
    def picture(self) -> bytes:
        """The canvas in its colors, as a PNG."""
        file = io.BytesIO()
        self.image.save(file, "PNG")
        return file.getvalue()
