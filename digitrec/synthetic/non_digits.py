"""Non-digits: letters, symbols, scribbles, lines, several digits at once."""

import math

import numpy as np

from digitrec.arrays import Digits
from digitrec.synthetic.digits import draw_digit
from digitrec.synthetic.handwriting import Rng, Traces, chance, curve, line, picture, vary
from digitrec.system.processes import tracked

# Letters and symbols as ``name:points``, with points as two digits x and y on a grid of 0 to 9,
# joined by dashes; commas separate strokes, and a tilde after the name makes them curves. Letters
# that look like digits in handwriting (b, B, D, g, G, i, I, j, l, o, O, q, Q, s, S, T, y, z, Z) are
# left out.
GLYPHS = """
A:09-40-89,15-75 C~:72-40-14-48-77 E:70-00-09-79,04-64 F:70-00-09,04-64 H:00-09,70-79,04-74
J:60-66-48-28-06 K:00-09,70-04-79 L:00-09-69 M:09-00-45-80-89 N:09-00-79-70
P:09-00-60-74-64-05 R:09-00-60-63-04-79 U:00-06-29-59-76-70 V:00-49-80 W:00-29-43-69-90
X:00-79,70-09 Y:00-44-80,44-49 a~:73-34-06-38-66,63-67-89 c~:64-33-06-38-67
d:70-78,65-34-06-38-66 e~:06-66-43-05-37-68 f~:70-40-36-39,14-64 h:00-09,05-34-65-69
k:00-09,53-05-69 m:03-09,05-23-45-49,45-63-85-89 n:03-09,05-34-65-69 p:03-09,04-54-66-48-07
r:03-09,05-34-54 t:30-38-59,13-63 u:03-07-38-66,63-69 v:03-38-63 w:03-28-44-68-83 x:03-68,63-08
aa~:03-35-09,65-35-69 hash:20-19,60-59,03-83,06-86 asterisk:40-49,02-87,82-07 plus:40-48,04-84
equal:03-83,06-86 less:80-04-89 more:00-84-09 tilde~:05-23-45-67-85 caret:05-40-85
percent:89-80-09,11-31-33-13-11,66-86-88-68-66 at~:64-44-36-56-64-77-92-60-20-04-18-58-88
ampersand~:88-21-40-53-06-28-58-85 question~:11-40-72-44-46,48-49
dollar~:71-20-03-46-78-09,40-49 arrow:04-94,60-94-68 check:05-39-90 triangle:40-89-09-40
star:49-40-78-03-83-08-40 heart~:43-20-02-49-82-60-43 brace~:60-32-24-05-26-38-69
bracket:40-00-09-49 cross:30-39,03-63 gate:00-99,90-09,50-59 zigzag:00-92-04-96-08
spiral~:55-45-54-66-36-33-73-88-28-01 infinity~:45-22-05-28-45-72-95-78-45 pi:02-92,22-29,72-79
sigma:70-00-45-09-79 omega~:09-38-04-20-60-84-58-99 house:09-04-40-84-89-09
tree:49-40,04-40-84,27-49-67 wave~:05-22-45-68-85 box:00-80-88-08-00,00-88
"""
# What stands beside digits on paper: punctuation, operators, currencies, ticks, and the lines and
# corners of boxes.
PAPER_MARKS = """
colon:42-43,46-47 semicolon~:42-43,46-57-48 dash:04-94 equals:03-93,06-96
plus:41-48,04-84 times:11-77,71-17 divided:04-94,41-42,46-47 slash:90-09 backslash:00-99
open~:60-34-35-69 closed~:30-64-65-39 opened:60-20-29-69 closing:20-60-69-29
braces~:60-42-43-24-45-46-69 percent~:21-12-23-32-21,80-19,76-67-78-87-76 permille:80-09,22-32,67-77
dollar~:71-20-03-46-78-09,40-49 euro~:71-40-23-26-49-78,04-54,06-56 pound~:61-40-31-38-19-79,15-55
yen:00-44-80,44-49,15-75,17-77 cent~:62-33-36-67,50-49 tick:05-28-90 tick~:05-28-50-90
cross:00-99,90-09 crosses:11-88,81-18,04-94 star:41-48,12-77,72-17 ditto:31-34,61-64
corner:90-00-09 corner:00-09-99 corner:09-99-90 edge:00-09,00-40 edge:09-99,95-99
tee:00-90,40-49 side:00-90,09-99 rails:00-09,90-99 frame:00-90-99-09-00
framed:00-90-99-09-00,44-45 tray:00-09-99-90 lid:09-00-90-99 ellipsis:06-07,46-47,86-87
root:04-13-39-60-90 approx~:03-21-43-62-81,06-24-46-65-84 arrow:04-94,71-94-77
"""
# The left half of each of these digits doesn't look like another digit.
HALVED = (0, 2, 3, 6, 8, 9)


def non_digits(count: int, seed: int) -> Digits:
    """Draw random non-digits, as network inputs.

    Returns:
        uint8 (count, 28, 28), white ink (255) on black.
    """
    rng = np.random.default_rng(seed)
    return np.stack([picture(draw_non_digit(rng), rng) for _ in tracked(range(count))])


def draw_non_digit(rng: Rng) -> Traces:
    """Draw a random non-digit.

    Returns:
        Traces as float64 (n, 2) points (x, y), about one unit high.
    """
    return KINDS[rng.choice(len(KINDS), p=_SHARES)](rng)


def _parse(glyph: str) -> tuple[bool, list[list[tuple[float, float]]]]:
    name, _, strokes = glyph.partition(":")
    return name.endswith("~"), [
        [(int(p[0]) / 9, int(p[1]) / 9) for p in stroke.split("-")] for stroke in strokes.split(",")
    ]


_GLYPHS, _PAPER_MARKS = (
    [_parse(glyph) for glyph in glyphs.split()] for glyphs in (GLYPHS, PAPER_MARKS)
)


def _glyph(rng: Rng) -> Traces:
    smooth, strokes = _GLYPHS[rng.integers(len(_GLYPHS))]
    return _drawn(strokes, rng, rounded=smooth or chance(rng, 0.35))


def _paper_mark(rng: Rng) -> Traces:
    smooth, strokes = _PAPER_MARKS[rng.integers(len(_PAPER_MARKS))]
    return _drawn(strokes, rng, rounded=smooth)


def _drawn(strokes: list[list[tuple[float, float]]], rng: Rng, *, rounded: bool) -> Traces:
    jittered = [[(x + rng.normal(0, 0.03), y + rng.normal(0, 0.03)) for x, y in s] for s in strokes]
    return vary([(curve if rounded and len(s) > 2 else line)(*s) for s in jittered], rng)


def _scribble(rng: Rng) -> Traces:
    return [curve(*_places(rng.integers(4, 14), rng)) for _ in range(rng.integers(1, 4))]


def _lines(rng: Rng) -> Traces:
    """Return one flat line, or several in random directions."""
    if chance(rng, 0.4):
        angle = math.radians(rng.uniform(-35, 35))
        return [line((0, 0), (math.cos(angle), math.sin(angle)))]
    return [line(*_places(2, rng)) for _ in range(rng.integers(3, 7))]


def _places(count: int | np.integer, rng: Rng) -> list[tuple[float, float]]:
    return [(x, y) for x, y in rng.uniform(0, 1, (int(count), 2))]


def _dot(rng: Rng) -> Traces:
    return [rng.normal(0, 0.02, (3, 2))]


def _several_digits(rng: Rng) -> Traces:
    """Return two or three digits side by side."""
    traces, x = [], 0.0
    for digit in rng.integers(0, 10, rng.choice([2, 3], p=[0.75, 0.25])):
        part = draw_digit(int(digit), rng)
        left = min(points[:, 0].min() for points in part)
        right = max(points[:, 0].max() for points in part)
        offset = np.array([x - left, rng.normal(0, 0.05)])
        traces += [points + offset for points in part]
        x += right - left + rng.uniform(-0.08, 0.4)
    return traces


def _lying_digit(rng: Rng) -> Traces:
    """Return a digit rotated by 90 degrees."""
    turned = rng.choice([-1, 1])
    return [
        np.stack([-turned * points[:, 1], turned * points[:, 0]], axis=1)
        for points in draw_digit(int(rng.choice([2, 3, 4, 5, 7])), rng)
    ]


def _half_digit(rng: Rng) -> Traces:
    """Return the left half of a digit, as a cut in the wrong place leaves it."""
    traces = draw_digit(int(rng.choice(HALVED)), rng)
    x = np.concatenate(traces)[:, 0]
    cut = x.min() + rng.uniform(0.42, 0.58) * np.ptp(x)
    kept: Traces = []
    for trace in traces:
        inside = trace[:, 0] < cut
        ends = np.flatnonzero(np.diff(inside)) + 1
        first = 0 if inside[0] else 1
        kept += np.split(trace, ends)[first::2]
    return kept


KINDS = (_glyph, _paper_mark, _scribble, _lines, _dot, _several_digits, _lying_digit, _half_digit)
_SHARES = (0.42, 0.2, 0.1, 0.07, 0.02, 0.12, 0.04, 0.03)
