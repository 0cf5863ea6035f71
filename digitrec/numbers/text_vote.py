"""The vote of the cuts and the line reader on the text of a line."""

import math
from collections.abc import Mapping

# Weights and lower limits of the log probabilities. They were chosen on 500 composed amounts and
# 216 composed numbers by writers that neither was trained on.
LINE_WEIGHT, CUTS_WEIGHT = 0.7, 0.3
LEAST_BY_LINE, LEAST_BY_CUTS = -11.5, -6.0


def vote(by_line: Mapping[str, float], by_cuts: Mapping[str, float]) -> tuple[str, float]:
    """Return the text with the most votes, and its share of them, 0 to 1.

    Args:
        by_line: The log probabilities that the line reader gives texts.
        by_cuts: Those that the cuts give all texts in question; at least one.
    """
    scores = {
        text: LINE_WEIGHT * max(by_line.get(text, LEAST_BY_LINE), LEAST_BY_LINE)
        + CUTS_WEIGHT * max(log_probability, LEAST_BY_CUTS)
        for text, log_probability in by_cuts.items()
    }
    best = max(scores, key=lambda text: scores[text])
    return best, 1 / sum(math.exp(score - scores[best]) for score in scores.values())
