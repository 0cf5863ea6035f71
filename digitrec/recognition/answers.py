"""A network's outputs as probabilities of the ten digits and of *not a digit*."""

from typing import NamedTuple

import numpy as np

from digitrec.arrays import Doubles, Floats, Scores

DIGITS = 10
# float32 rounds probabilities very close to 1 up to 1, but no network is certain.
MAX_PROBABILITY = np.nextafter(np.float32(1), np.float32(0))
LEAST_PROBABILITY = 1e-9


class Answers(NamedTuple):
    """A model's answers for many drawings.

    Attributes:
        probabilities: float32 (n, 10), rows add up to 1.
        digit_scores: float32 (n,), 0 to 1.
    """

    probabilities: Floats
    digit_scores: Floats


def interpret(outputs: Floats, temperature: float) -> Answers:
    """Split a network's outputs into calibrated digit probabilities and digit scores.

    Args:
        outputs: float32 (n, 10) or (n, 11), probabilities; *not a digit* is last.
        temperature: Divides the logits of the ten digits.

    Returns:
        The answers. For a network without *not a digit* the digit score is the confidence.
    """
    shares = tempered(outputs[:, :DIGITS], temperature)
    probabilities = np.minimum(shares, MAX_PROBABILITY)
    if outputs.shape[1] == DIGITS:
        return Answers(probabilities, shares.max(axis=1, initial=0))
    return Answers(probabilities, 1 - np.minimum(outputs[:, DIGITS], MAX_PROBABILITY))


def tempered(probabilities: Floats, temperature: float) -> Floats:
    """Divide the logits of probabilities, float32 (n, 10), and scale the rows to add up to 1."""
    powers = np.clip(probabilities, LEAST_PROBABILITY, 1) ** np.float32(1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def not_digit_share(score: float, threshold: float, best: float) -> float:
    """Return the probability of *not a digit*, such that the model's answer is the most probable.

    The model decides at its threshold rather than at 0.5, so the odds are taken relative to the
    threshold: there, *not a digit* and the most probable digit are equally probable.

    Args:
        score: The drawing's digit score, 0 to 1.
        threshold: The lowest score of a digit, 0 to 1.
        best: Probability of the most probable digit, given that there is one, 0 to 1.
    """
    odds = float(odds_of(score) / odds_of(threshold))
    return best / (best + odds)


def odds_of(probability: Scores | float) -> Doubles:
    """Return odds of probabilities, which are kept a little away from 0 and 1."""
    clipped = np.clip(np.asarray(probability, float), LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    return clipped / (1 - clipped)
