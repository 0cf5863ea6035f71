"""Strokes in Fabric.js's format, which the drawing package's canvas loads."""

import json
from itertools import pairwise
from typing import Any

from digitrec.ink.strokes import Stroke, Strokes


def fabric_drawing(
    strokes: Strokes, ink: str, paper: str, generation: int, scale: float = 1
) -> str:
    """Return a drawing as JSON for Fabric.js.

    Each stroke is a ``Path``: ``M`` to the first point, then a quadratic curve ``Q`` with each
    further point as its control point, and ``L`` to the last point.

    Args:
        strokes: The strokes.
        ink: The CSS color of the strokes.
        paper: The CSS color of the background.
        generation: If it changes, the canvas reloads the drawing even if that is the same.
        scale: The canvas's pixels for each pixel of the strokes.
    """
    objects = [_path(stroke, ink, scale) for stroke in strokes]
    drawing = {"objects": objects, "background": paper, "generation": generation}
    return json.dumps(drawing)


def _path(stroke: Stroke, ink: str, scale: float) -> dict[str, Any]:
    """Return a stroke as the canvas's own pen would draw it."""
    first, *rest = points = (stroke.points * scale).tolist()
    path: list[list[Any]] = [["M", *first]]
    for (x, y), (next_x, next_y) in pairwise(rest):
        path.append(["Q", x, y, (x + next_x) / 2, (y + next_y) / 2])
    x, y = points[-1]
    # A line of length zero isn't drawn.
    path.append(["L", x + 0.01, y])
    return {
        "type": "Path",
        "path": path,
        "fill": None,
        "stroke": ink,
        "strokeWidth": stroke.width * scale,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }
