"""The best path through a segmentation lattice: how to group consecutive pieces into digits.

The cuts between pieces are the nodes of a graph, groups of pieces are its edges (LeCun, Bottou,
Bengio, Haffner: Gradient-based learning applied to document recognition, 1998, section V).
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from digitrec.arrays import Doubles

Span = tuple[int, int]


class Path(NamedTuple):
    """A path through the lattice: all pieces, in groups.

    Attributes:
        spans: For each group its first piece and the one after its last, from left to right.
        score: The sum of the spans' scores; minus infinity if there is no path.
        total: Log-sum-exp of the scores of all paths.
    """

    spans: list[Span]
    score: float
    total: float


def best_path(count: int, scores: dict[Span, float]) -> Path:
    """Find the path with the largest score.

    Args:
        count: Number of pieces.
        scores: Log probability of each span; missing spans are impossible.
    """
    best = [0.0] + [-math.inf] * count
    total = [0.0] + [-math.inf] * count
    came_from = [0] * (count + 1)
    for (begin, end), score in sorted(scores.items(), key=lambda item: item[0][1]):
        total[end] = _log_sum(total[end], total[begin] + score)
        if best[begin] + score > best[end]:
            best[end], came_from[end] = best[begin] + score, begin
    if best[count] == -math.inf:
        return Path([], -math.inf, -math.inf)
    spans, end = [], count
    while end:
        spans.append((came_from[end], end))
        end = came_from[end]
    return Path(spans[::-1], best[count], total[count])


def best_path_in_turn(
    count: int, turns: Sequence[Mapping[Span, float]], between: Mapping[Span, float]
) -> Path:
    """Find the best path with a given number of groups, each with scores of its own.

    Args:
        count: Number of pieces.
        turns: The scores of the spans as first group, as second, and so on.
        between: The scores of spans that may be skipped before, between and after the groups.

    Returns:
        The path; ``spans`` holds the groups only.
    """
    # For each position and number of groups before it: the best score, and how it is reached.
    best = np.full((count + 1, len(turns) + 1), -math.inf)
    best[0, 0] = 0
    total, came_from, took = best.copy(), np.zeros(best.shape, int), np.zeros(best.shape, int)
    for (begin, end), groups, score in _moves(turns, between):
        before, after = np.s_[begin, : len(turns) + 1 - groups], np.s_[end, groups:]
        reached = best[before] + score
        better = reached > best[after]
        for table, value in ((best, reached), (came_from, begin), (took, groups)):
            table[after] = np.where(better, value, table[after])
        total[after] = np.logaddexp(total[after], total[before] + score)
    if best[-1, -1] == -math.inf:
        return Path([], -math.inf, -math.inf)
    spans, end, done = [], count, len(turns)
    while end:
        begin, groups = int(came_from[end, done]), int(took[end, done])
        if groups:
            spans.append((begin, end))
        end, done = begin, done - groups
    return Path(spans[::-1], float(best[-1, -1]), float(total[-1, -1]))


def _moves(
    turns: Sequence[Mapping[Span, float]], between: Mapping[Span, float]
) -> list[tuple[Span, int, float | Doubles]]:
    """Return the spans sorted by their ends: groups used (0 or 1), and score in each turn."""
    without = [(span, 0, score) for span, score in between.items()]
    grouped = [
        (span, 1, np.array([scores.get(span, -math.inf) for scores in turns]))
        for span in dict.fromkeys(span for scores in turns for span in scores)
    ]
    return sorted([*without, *grouped], key=lambda move: move[0][1])


def _log_sum(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))
