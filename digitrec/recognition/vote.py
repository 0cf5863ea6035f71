"""The vote of two networks: one reads the drawing's shape, the other the pen's strokes."""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import numpy.typing as npt
from msgspec import Meta

from digitrec.arrays import Floats
from digitrec.recognition.answers import MAX_PROBABILITY, Answers, interpret, odds_of, tempered
from digitrec.recognition.calibration import KEPT_SHARE, TEMPERATURES, cross_entropy

SHARES = np.linspace(0, 1, 21)


@dataclass(frozen=True)
class Vote:
    """How the answers by shape and by strokes are combined.

    Attributes:
        share: The weight of the answer by strokes, 0 to 1; the answer by shape has the rest.
        temperature: The logits of the weighted mean are divided by it.
        digit_odds: The odds of a digit are multiplied by it, so that the threshold of the model
            holds for the vote.
    """

    share: Annotated[float, Meta(ge=0, le=1)] = 0.5
    temperature: Annotated[float, Meta(gt=0)] = 1.0
    digit_odds: Annotated[float, Meta(gt=0)] = 1.0


def combined(by_shape: Answers, by_strokes: Floats, vote: Vote) -> Answers:
    """Combine the answers of both networks to the same drawings.

    Args:
        by_shape: The calibrated answers of the network that reads pictures.
        by_strokes: float32 (n, 11), the probabilities of the network that reads strokes.
        vote: The weights.
    """
    strokes, share = interpret(by_strokes, 1.0), np.float32(vote.share)
    mean = (1 - share) * by_shape.probabilities + share * strokes.probabilities
    probabilities = np.minimum(tempered(mean, vote.temperature), MAX_PROBABILITY)
    score = (1 - share) * by_shape.digit_scores + share * strokes.digit_scores
    odds = odds_of(score) * vote.digit_odds
    return Answers(probabilities, (odds / (1 + odds)).astype(np.float32))


def fit_vote(
    by_shape: Answers, by_strokes: Floats, labels: npt.NDArray[np.integer], threshold: float
) -> Vote:
    """Fit the weights on held-out digits.

    Share and temperature are those with the lowest cross-entropy. A digit's odds are such that
    ``KEPT_SHARE`` of the digits reach the threshold.

    Args:
        by_shape: The calibrated answers of the network that reads pictures.
        by_strokes: float32 (n, 11), the probabilities of the network that reads strokes.
        labels: (n,) the digits, 0 to 9.
        threshold: The model's threshold of the digit score, 0 to 1.
    """

    def loss(vote: Vote) -> float:
        return cross_entropy(combined(by_shape, by_strokes, vote).probabilities, labels)

    shares = [Vote(float(share)) for share in SHARES]
    share = min(shares, key=loss).share
    vote = min((Vote(share, float(temperature)) for temperature in TEMPERATURES), key=loss)
    lowest = float(np.quantile(combined(by_shape, by_strokes, vote).digit_scores, 1 - KEPT_SHARE))
    return replace(vote, digit_odds=float(odds_of(threshold) / odds_of(lowest)))
