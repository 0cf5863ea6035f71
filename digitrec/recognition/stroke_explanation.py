"""Explains an answer by strokes: which part of the pen's way is evidence for it, and which against.

As in ``explanation``, the evidence of a part is the drop in log-odds when it is left out.
"""

import math

import numpy as np
from PIL import Image, ImageDraw

from digitrec.arrays import Doubles, Evidence, Indices, Points
from digitrec.ink.strokes import Strokes
from digitrec.recognition.answers import interpret
from digitrec.recognition.explanation import log_odds
from digitrec.recognition.stroke_reader import StrokeReader

# The way is divided into this many pieces; a part that is left out has WINDOW of them.
PIECES = 24
WINDOW = 4
SPACING = 2.0


def stroke_evidence(
    reader: StrokeReader,
    strokes: Strokes,
    shape: tuple[int, int],
    answer: int,
    other: int | None = None,
) -> Evidence:
    """Return the evidence for an answer where the pen went.

    Args:
        reader: The network.
        strokes: At least one.
        shape: Height and width of the drawing, in pixels.
        answer: The digit to explain.
        other: The digit to compare it with; None for all others.

    Returns:
        float32 (height, width), in nats of log-odds: positive where the pen's way supports the
        answer, negative where it contradicts it, 0 where the pen wasn't.
    """
    traces = [_dense(stroke.points) for stroke in strokes]
    pieces = _piece_of_each_point(traces)
    worth = _worth_of_pieces(reader, traces, pieces, answer, other)
    picture = Image.new("F", (shape[1], shape[0]))
    pen = ImageDraw.Draw(picture)
    for stroke, trace, rows in zip(strokes, traces, pieces, strict=True):
        radius = stroke.width / 2 + 1
        for (x, y), value in zip(trace.tolist(), worth[rows].tolist(), strict=True):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=value)
    return np.asarray(picture)


def _worth_of_pieces(
    reader: StrokeReader,
    traces: list[Points],
    pieces: list[Indices],
    answer: int,
    other: int | None,
) -> Evidence:
    """Return the evidence of each piece, float64 (PIECES,): the mean over parts that have it."""
    parts = [range(first, first + WINDOW) for first in range(1 - WINDOW, PIECES)]
    left = [(part, _without(traces, pieces, part)) for part in parts]
    asked = [(part, kept) for part, kept in left if kept]
    outputs = reader.outputs([traces, *(kept for _, kept in asked)])
    odds = log_odds(interpret(outputs, 1.0).probabilities.astype(float), answer, other)
    total, count = np.zeros(PIECES), np.zeros(PIECES)
    for (part, _), odds_without in zip(asked, odds[1:], strict=True):
        rows = [piece for piece in part if 0 <= piece < PIECES]
        total[rows] += odds[0] - odds_without
        count[rows] += 1
    return total / np.maximum(count, 1)


def _dense(trace: Points) -> Points:
    """Return a trace with points at most ``SPACING`` pixels apart."""
    at = np.cumsum(_lengths(trace))
    wanted = np.linspace(0, at[-1], math.ceil(at[-1] / SPACING) + 1)
    return np.stack([np.interp(wanted, at, axis) for axis in trace.T], axis=1)


def _piece_of_each_point(traces: list[Points]) -> list[Indices]:
    """Return the piece of the way, 0 to PIECES - 1, in which each point lies."""
    lengths = [_lengths(trace) for trace in traces]
    whole = max(sum(float(steps.sum()) for steps in lengths), 1e-9)
    pieces, passed = [], 0.0
    for steps in lengths:
        at = (passed + np.cumsum(steps)) / whole
        pieces.append(np.minimum((at * PIECES).astype(int), PIECES - 1))
        passed += float(steps.sum())
    return pieces


def _lengths(trace: Points) -> Doubles:
    return np.concatenate([[0.0], np.hypot(*np.diff(trace, axis=0).T)])


def _without(traces: list[Points], pieces: list[Indices], part: range) -> list[Points]:
    """Return the traces without some pieces, which may cut a trace in two."""
    kept = []
    for trace, of_point in zip(traces, pieces, strict=True):
        stays = ~np.isin(of_point, part)
        ends = np.flatnonzero(np.diff(stays)) + 1
        kept += [run for run in np.split(trace, ends)[0 if stays[0] else 1 :: 2] if len(run)]
    return kept
