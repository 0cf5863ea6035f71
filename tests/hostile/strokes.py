"""Strokes that no pen drew, as JSON can express them."""

import json
from typing import Any

POINT = [10.0, 20.0]
LINE = [[10.0, 20.0], [200.0, 220.0]]


def stroke(**values: Any) -> list[Any]:
    return [{"width": 16, "points": LINE} | values]


# NaN and Infinity aren't JSON, but Python's parser accepts them.
NUMBERS: tuple[Any, ...] = (
    float("nan"), float("inf"), -float("inf"), 1e308, -1e308, 10**400, 10_001, -10_001,
    None, "1", "NaN", True, [], {}, [[1]], "\u202e1", {"a": 1},
)  # fmt: skip

WIDTHS: tuple[Any, ...] = (*NUMBERS, -1, 1001)
NO_POINTS: tuple[Any, ...] = (None, 7, "points", [], {}, [[]], [[1]], [[1, 2, 3]], [7], ["ab"])
NO_STROKES: tuple[Any, ...] = (None, 7, "x", {}, [None], [7], ["x"], [[]], [{}])

STROKES: dict[str, Any] = {
    **{f"an x of {str(bad)[:20]}": stroke(points=[[bad, 1], POINT]) for bad in NUMBERS},
    **{f"a y of {str(bad)[:20]}": stroke(points=[POINT, [1, bad]]) for bad in NUMBERS},
    **{f"a width of {str(bad)[:20]}": stroke(width=bad) for bad in WIDTHS},
    **{f"points of {str(bad)[:20]}": stroke(points=bad) for bad in NO_POINTS},
    **{f"strokes of {bad!r}": bad for bad in NO_STROKES},
    "no width": [{"points": LINE}],
    "no points": [{"width": 16}],
    "too many points": stroke(points=[POINT] * 50_001),
    "too many strokes": stroke() * 25_001,
    "a pen too wide for its many points": stroke(width=1000, points=[POINT] * 2000),
    "deep": json.loads("[" * 500 + "]" * 500),
}

# These are valid.
SOUND: dict[str, list[Any]] = {
    "a point": stroke(points=[POINT]),
    "the same point": stroke(points=[POINT] * 1000),
    "no pen": stroke(width=0),
    "the widest pen": stroke(width=1000),
    "far away": stroke(points=[[10_000, -10_000], [-10_000, 10_000]]),
    "whole numbers": stroke(points=[[1, 2], [3, 4]]),
    "as many points as may be": stroke(points=[[i % 280, i * 7 % 280] for i in range(50_000)]),
    "as wide as may be": stroke(width=750, points=[[i % 280, i * 7 % 280] for i in range(2000)]),
    "as many strokes as may be": stroke(points=[POINT]) * 50_000,
    "other things beside": [{"width": 16, "points": LINE, "__proto__": {"x": 1}, "run": "rm -rf"}],
}
