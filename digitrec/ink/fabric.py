"""Strokes as Fabric.js has them, which the drawing package's canvas begins with."""

import json
from itertools import pairwise
from typing import Any

from digitrec.ink.strokes import Stroke, Strokes


def fabric_drawing(strokes: Strokes, ink: str, paper: str, generation: int) -> str:
    """Return a drawing as Fabric.js loads it, in JSON.

    Each stroke is a ``Path``: ``M`` to the first point of the pen, a quadratic curve ``Q`` with
    each further point as its control point, ``L`` to the last.

    Args:
        strokes: The strokes.
        ink: Their color, as in CSS.
        paper: The color of the rest.
        generation: With another one the canvas loads the drawing anew, even if it is the same.
    """
    objects = [_path(stroke, ink) for stroke in strokes]
    drawing = {"objects": objects, "background": paper, "generation": generation}
    return json.dumps(drawing)


def _path(stroke: Stroke, ink: str) -> dict[str, Any]:
    """Return a stroke as the canvas's own pen would have drawn it."""
    first, *rest = points = stroke.points.tolist()
    path: list[list[Any]] = [["M", *first]]
    for (x, y), (next_x, next_y) in pairwise(rest):
        path.append(["Q", x, y, (x + next_x) / 2, (y + next_y) / 2])
    x, y = points[-1]
    # A line that ends where it begins would not be drawn.
    path.append(["L", x + 0.01, y])
    return {
        "type": "Path",
        "path": path,
        "fill": None,
        "stroke": ink,
        "strokeWidth": stroke.width,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }
