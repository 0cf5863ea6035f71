"""The vote of two networks: one reads the drawing's shape, the other the pen's strokes.

Their probabilities are multiplied, each raised to a weight: a logarithmic opinion pool, as in
Heskes, Selecting weighting factors in logarithmic opinion pools, 1998. A digit that one of them
rules out is ruled out; where they contradict each other, the confidence is low.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import numpy.typing as npt
from msgspec import Meta

from digitrec.arrays import Doubles, Floats
from digitrec.recognition.answers import (
    DIGITS,
    LEAST_PROBABILITY,
    MAX_PROBABILITY,
    Answers,
    interpret,
    odds_of,
)
from digitrec.recognition.calibration import KEPT_SHARE, cross_entropy

WEIGHTS = np.round(np.arange(0, 1.55, 0.05), 2).tolist()

Weight = Annotated[float, Meta(ge=0, le=10)]


@dataclass(frozen=True)
class Vote:
    """How the answers by shape and by strokes are combined.

    Attributes:
        shape: The weight of the answer by shape.
        strokes: The weight of the answer by strokes.
        digit_odds: The odds that it is a digit, the geometric mean of what both say, are multiplied
            by this, so that the model's threshold holds for the vote.
    """

    shape: Weight = 0.5
    strokes: Weight = 0.5
    digit_odds: Annotated[float, Meta(gt=0)] = 1.0


def version_of_both(shape: str, strokes: str) -> str:
    """Return the version of a model of two networks, given their SHA-256."""
    return hashlib.sha256((shape + strokes).encode()).hexdigest()


def combined(by_shape: Answers, by_strokes: Floats, vote: Vote) -> Answers:
    """Combine the answers of both networks to the same drawings.

    Args:
        by_shape: The calibrated answers of the network that reads pictures.
        by_strokes: float32 (n, 11), the probabilities of the network that reads strokes.
        vote: The weights.
    """
    strokes = interpret(by_strokes, 1.0)
    probabilities = _pooled(_logs(by_shape), _logs(strokes), vote.shape, vote.strokes)
    odds = np.sqrt(odds_of(by_shape.digit_scores) * odds_of(strokes.digit_scores))
    odds *= vote.digit_odds
    return Answers(probabilities, (odds / (1 + odds)).astype(np.float32))


def fit_weights(by_shape: Answers, by_strokes: Floats, labels: npt.NDArray[np.integer]) -> Vote:
    """Choose the weights with the lowest cross-entropy on held-out digits.

    Args:
        by_shape: The calibrated answers of the network that reads pictures.
        by_strokes: float32 (n, 11), the probabilities of the network that reads strokes.
        labels: (n,) the digits, 0 to 9.
    """
    logs = _logs(by_shape), _logs(interpret(by_strokes, 1.0))
    pairs = [(shape, strokes) for shape in WEIGHTS for strokes in WEIGHTS if shape or strokes]
    return Vote(*min(pairs, key=lambda pair: cross_entropy(_pooled(*logs, *pair), labels)))


def fit_digit_odds(vote: Vote, by_shape: Answers, by_strokes: Floats, threshold: float) -> Vote:
    """Return a vote in which ``KEPT_SHARE`` of these held-out digits reach the threshold.

    Args:
        vote: The weights.
        by_shape: The answers of the network that reads pictures.
        by_strokes: float32 (n, 11), the probabilities of the network that reads strokes.
        threshold: The model's threshold of the digit score, 0 to 1.
    """
    scores = combined(by_shape, by_strokes, replace(vote, digit_odds=1.0)).digit_scores
    lowest = float(np.quantile(scores, 1 - KEPT_SHARE))
    return replace(vote, digit_odds=float(odds_of(threshold) / odds_of(lowest)))


def _logs(answers: Answers) -> Doubles:
    assert answers.probabilities.shape[1] == DIGITS
    return np.log(np.maximum(answers.probabilities.astype(float), LEAST_PROBABILITY))


def _pooled(by_shape: Doubles, by_strokes: Doubles, shape: float, strokes: float) -> Floats:
    logits = shape * by_shape + strokes * by_strokes
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares = powers / powers.sum(axis=1, keepdims=True)
    return np.minimum(shares.astype(np.float32), MAX_PROBABILITY)
